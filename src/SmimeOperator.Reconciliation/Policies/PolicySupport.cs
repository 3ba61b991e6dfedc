using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Refuses what this version does not realise yet: a field that is ignored in silence would be a promise broken.</summary>
internal static class PolicySupport
{
    public static void Check(SmimePolicySpec spec)
    {
        var fields = new List<string>();
        if (spec.Signing?.Source == SigningSource.DerivedCredential)
        {
            fields.Add("spec.signing.source: DerivedCredential (use Scep, Pkcs or ImportedPkcs, or leave signing out)");
        }

        if (spec.Encryption?.Source is EncryptionSource.DerivedCredential)
        {
            fields.Add("spec.encryption.source: DerivedCredential (use ImportedPkcs, or leave encryption out)");
        }

        if (spec.EndUserNotifications is { Count: > 0 })
        {
            // intune.md §1.3: no schema, export or document says where the service keeps this choice.
            fields.Add("spec.endUserNotifications (where the service stores it is not documented: leave it out, and choose it in the portal)");
        }

        if (spec.Signing is { Source: SigningSource.Scep, Scep: null } or { Source: SigningSource.Pkcs, Pkcs: null })
        {
            throw VerdictException.Stalled(Reasons.InvalidSpec, $"spec.signing: source {spec.Signing.Source} needs the fields of its profile beside it");
        }

        if (spec.Encryption?.Source is EncryptionSource.Scep or EncryptionSource.Pkcs)
        {
            throw VerdictException.Stalled(Reasons.InvalidSpec,
                "spec.encryption.source: encryption certificates must be shared by all of a user's devices; use ImportedPkcs or DerivedCredential");
        }

        if (fields.Count > 0)
        {
            throw VerdictException.Stalled(Reasons.NotSupported, $"this version does not realise {string.Join(" and ", fields)}");
        }
    }
}
