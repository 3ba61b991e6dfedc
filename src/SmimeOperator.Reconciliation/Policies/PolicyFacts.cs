using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What a policy's desired state depends on beside its spec: all of it found out before, so that composing is pure.</summary>
internal sealed record PolicyFacts
{
    /// <summary>The trusted certificates, each with the part it plays.</summary>
    public required IReadOnlyList<TrustedRoot> Roots { get; init; }

    /// <summary>The Outlook app; null where it has to be created.</summary>
    public TenantObject? App { get; init; }

    /// <summary>Whether the app is this policy's work.</summary>
    public bool AppIsOurs { get; init; }

    /// <summary>The issuer of derived credentials; null where the policy uses none.</summary>
    public DerivedCredentialIssuer? Issuer { get; init; }

    /// <summary>What the tenant's owner found out about the service.</summary>
    public UndocumentedSpec? Undocumented { get; init; }
}
