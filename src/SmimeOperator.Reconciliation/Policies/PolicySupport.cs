using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Refuses what cannot be, where no API server did: a field that is ignored in silence would be a promise broken.</summary>
internal static class PolicySupport
{
    public static void Check(SmimePolicySpec spec)
    {
        if (spec.Signing is { Source: SigningSource.Scep, Scep: null } or { Source: SigningSource.Pkcs, Pkcs: null })
        {
            throw Invalid($"spec.signing: source {spec.Signing.Source} needs the fields of its profile beside it");
        }

        if (spec.Signing is { Source: SigningSource.Scep, Scep.KeyUsage: var usages } && !usages.Contains(ScepKeyUsage.DigitalSignature))
        {
            throw Invalid("spec.signing.scep.keyUsage: signing needs DigitalSignature");
        }

        if (spec.Encryption?.Source is EncryptionSource.Scep or EncryptionSource.Pkcs)
        {
            throw Invalid(
                $"spec.encryption.source: {spec.Encryption.Source} issues a certificate of its own to each device, and mail encrypted to one device could not be read on the user's others; "
                + "encryption certificates must be shared by all of a user's devices: use ImportedPkcs or DerivedCredential");
        }

        if (spec.EndUserNotifications is { Count: > 0 } && !spec.Outlook.DeployCertificatesFromIntune)
        {
            throw Invalid("spec.endUserNotifications: users are told of certificates that come from Intune; set spec.outlook.deployCertificatesFromIntune, or leave it out");
        }
    }

    private static VerdictException Invalid(string message) => VerdictException.Stalled(Reasons.InvalidSpec, message);
}
