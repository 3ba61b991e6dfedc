using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Where a Tenant's service is reached.</summary>
public static class TenantEndpoints
{
    // Azure.Identity's own way to name another authority; where it is set, it wins.
    private const string AuthorityVariable = "AZURE_AUTHORITY_HOST";

    /// <summary>Whether the environment names another token authority than the cloud's.</summary>
    public static bool HasOwnAuthority => Environment.GetEnvironmentVariable(AuthorityVariable) is { Length: > 0 };

    /// <summary>The national cloud.</summary>
    /// <param name="spec">The Tenant's spec.</param>
    public static NationalCloud CloudOf(TenantSpec spec) => spec?.Cloud switch
    {
        Cloud.USGov => NationalCloud.UsGov,
        Cloud.USGovDoD => NationalCloud.UsGovDoD,
        Cloud.China => NationalCloud.China,
        _ => NationalCloud.Global,
    };

    /// <summary>The Graph root, without version.</summary>
    /// <param name="spec">The Tenant's spec.</param>
    public static Uri GraphRootOf(TenantSpec spec) => spec?.Endpoint is { } endpoint ? new Uri(endpoint) : CloudOf(spec!).GraphRoot;

    /// <summary>The token authority; null where no token is asked for.</summary>
    /// <param name="spec">The Tenant's spec.</param>
    public static Uri? AuthorityOf(TenantSpec spec) => spec?.Credentials.Type is CredentialType.None
        ? null
        : HasOwnAuthority ? new Uri(Environment.GetEnvironmentVariable(AuthorityVariable)!) : CloudOf(spec!).Authority;
}
