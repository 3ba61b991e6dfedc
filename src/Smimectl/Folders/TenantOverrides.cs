using SmimeOperator.Api;

namespace Smimectl;

/// <summary>What the command line says of every Tenant, in place of its manifest.</summary>
/// <param name="Endpoint">Where the tenant is reached; null leaves that to the manifest.</param>
/// <param name="ClientId">The app registration to sign in as, by workload identity; null leaves that to the manifest.</param>
internal sealed record TenantOverrides(string? Endpoint, string? ClientId = null)
{
    /// <summary>Writes it into a spec.</summary>
    public void ApplyTo(TenantSpec spec)
    {
        spec.Endpoint = Endpoint ?? spec.Endpoint;
        if (ClientId is not null)
        {
            spec.Credentials = new TenantCredentials { Type = CredentialType.WorkloadIdentity, ClientId = ClientId };
        }
    }
}
