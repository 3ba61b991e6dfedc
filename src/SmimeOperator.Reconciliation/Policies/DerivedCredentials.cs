using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>Derived credentials: one profile for signing and encryption, bound to the tenant's issuer. The issuer itself is never made or changed.</summary>
internal static class DerivedCredentials
{
    private const string Navigation = "derivedCredentialSettings";

    /// <summary>Whether a policy uses them.</summary>
    public static bool AreUsedBy(SmimePolicySpec spec) => ForSigning(spec) || ForEncryption(spec);

    /// <summary>Whether they are for signing.</summary>
    public static bool ForSigning(SmimePolicySpec spec) => spec.Signing?.Source == SigningSource.DerivedCredential;

    /// <summary>Whether they are for encryption.</summary>
    public static bool ForEncryption(SmimePolicySpec spec) => spec.Encryption?.Source == EncryptionSource.DerivedCredential;

    /// <summary>The issuer that a policy refers to; null where it uses none.</summary>
    /// <exception cref="VerdictException">There is none (yet), several match, or signing and encryption name different ones.</exception>
    public static DerivedCredentialIssuer? Locate(SmimePolicySpec spec, IReadOnlyList<DerivedCredentialIssuer> issuers)
    {
        var signing = ForSigning(spec) ? Locate("spec.signing.derivedCredential", spec.Signing!.DerivedCredential, issuers) : null;
        var encryption = ForEncryption(spec) ? Locate("spec.encryption.derivedCredential", spec.Encryption!.DerivedCredential, issuers) : null;
        return signing is not null && encryption is not null && signing.Id != encryption.Id
            ? throw VerdictException.Stalled(Reasons.InvalidSpec,
                $"spec.signing.derivedCredential is the issuer {signing.Id} ({signing.DisplayName}) and spec.encryption.derivedCredential {encryption.Id} ({encryption.DisplayName}); one profile brings both, so name the same")
            : signing ?? encryption;
    }

    /// <summary>The profile.</summary>
    public static DesiredObject Profile(PolicyContext context, PolicyFacts facts)
    {
        var spec = context.Spec;
        var name = $"{spec.DisplayName} - derived credentials";
        var desired = context.Object(Roles.DerivedCredentialProfile, ObjectShapes.DerivedCredentialProfile, name,
            (mark, current) => context.Common(mark, name, new IosDerivedCredentialProfile()));
        return desired with
        {
            References = [Reference(spec, facts)],
            TakesPlaceOf = role => (ForSigning(spec) && Roles.SigningProfiles.Contains(role)) || (ForEncryption(spec) && Roles.EncryptionProfiles.Contains(role)),
        };
    }

    /// <summary>The reference of a profile to the issuer.</summary>
    public static DesiredReference Reference(SmimePolicySpec spec, PolicyFacts facts)
    {
        // What the spec says of the issuer, not the id found for it, tells a change in git from an issuer that was made anew in the tenant.
        var named = (ForSigning(spec) ? spec.Signing!.DerivedCredential : null) ?? spec.Encryption?.DerivedCredential;
        return new DesiredReference(Navigation, $"issuer/{named?.Id ?? named?.DisplayName}")
        {
            Id = facts.Issuer!.Id,
            IsOutside = true,
            PathFormat = facts.Undocumented?.DerivedCredentialPath ?? DerivedCredentialIssuer.DefaultPath,
        };
    }

    private static DerivedCredentialIssuer Locate(string field, DerivedCredentialSpec? spec, IReadOnlyList<DerivedCredentialIssuer> issuers)
    {
        var matches = issuers.Where(i => spec switch
        {
            { Id: { } id } => string.Equals(i.Id, id, StringComparison.OrdinalIgnoreCase),
            { DisplayName: { } name } => i.DisplayName == name,
            _ => true,
        }).ToList();
        var wanted = spec switch
        {
            { Id: { } id } => $"with the id {id}",
            { DisplayName: { } name } => $"called '{name}'",
            _ => "at all",
        };
        return matches.Count switch
        {
            1 => matches[0],
            0 => throw VerdictException.Waiting(Reasons.NotFoundInTenant,
                $"{field}: the tenant has no issuer of derived credentials {wanted}{Others(issuers)}; set it up in Intune under Connectors and tokens, Derived credentials"),
            _ => throw VerdictException.Stalled(Reasons.AmbiguousMatch,
                $"{field}: the tenant has {matches.Count} issuers of derived credentials{(spec?.DisplayName is null ? "" : " " + wanted)}: {string.Join(", ", matches.Select(m => $"{m.Id} ({m.DisplayName})"))}; name one by id"),
        };
    }

    private static string Others(IReadOnlyList<DerivedCredentialIssuer> issuers) =>
        issuers.Count == 0 ? "" : $" (there is {string.Join(", ", issuers.Select(i => $"{i.Id} '{i.DisplayName}'"))})";
}
