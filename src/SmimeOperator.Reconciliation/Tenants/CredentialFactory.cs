using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using Azure.Identity;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Makes the credential that a Tenant describes. What it reads from Secrets goes into the credential and nowhere else.</summary>
internal static class CredentialFactory
{
    /// <summary>The credential; null for type None.</summary>
    public static async Task<TokenCredential?> CreateAsync(Tenant tenant, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var spec = tenant.Spec;
        var credentials = spec.Credentials;
        var ownAuthority = TenantEndpoints.HasOwnAuthority;
        T Options<T>(T options) where T : TokenCredentialOptions
        {
            if (!ownAuthority)
            {
                options.AuthorityHost = TenantEndpoints.CloudOf(spec).Authority;
            }

            return options;
        }

        switch (credentials.Type)
        {
            case CredentialType.ClientSecret:
                var reference = credentials.ClientSecretRef!;
                var data = await ReadAsync(tenant, catalog, reference.Name, cancellationToken);
                var secret = data.GetValueOrDefault(reference.Key) ?? throw VerdictException.Waiting(
                    Reasons.ReferenceNotFound, $"spec.credentials.clientSecretRef: Secret {reference.Name} has no key {reference.Key}");
                return new ClientSecretCredential(spec.TenantId, credentials.ClientId, Encoding.UTF8.GetString(secret).Trim(),
                    Options(new ClientSecretCredentialOptions { DisableInstanceDiscovery = ownAuthority }));

            case CredentialType.ClientCertificate:
                var pair = await ReadAsync(tenant, catalog, credentials.ClientCertificateRef!.Name, cancellationToken);
                return new ClientCertificateCredential(spec.TenantId, credentials.ClientId, ReadPair(credentials.ClientCertificateRef.Name, pair),
                    Options(new ClientCertificateCredentialOptions { DisableInstanceDiscovery = ownAuthority }));

            case CredentialType.WorkloadIdentity:
                return new WorkloadIdentityCredential(Options(new WorkloadIdentityCredentialOptions
                {
                    TenantId = spec.TenantId,
                    ClientId = credentials.ClientId,
                    DisableInstanceDiscovery = ownAuthority,
                }));

            default:
                return null;
        }
    }

    private static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(
        Tenant tenant, IResourceCatalog catalog, string name, CancellationToken cancellationToken) =>
        await catalog.ReadDataAsync(DataKind.Secret, new ResourceName(tenant.Metadata.NamespaceProperty, name), cancellationToken)
        ?? throw VerdictException.Waiting(Reasons.ReferenceNotFound, $"spec.credentials: there is no Secret {name} in namespace {tenant.Metadata.NamespaceProperty}");

    private static X509Certificate2 ReadPair(string name, IReadOnlyDictionary<string, byte[]> data)
    {
        if (!data.TryGetValue("tls.crt", out var certificate) || !data.TryGetValue("tls.key", out var key))
        {
            throw VerdictException.Stalled(Reasons.CredentialsInvalid,
                $"spec.credentials.clientCertificateRef: Secret {name} must be of type kubernetes.io/tls, with tls.crt and tls.key");
        }

        try
        {
            return X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificate), Encoding.ASCII.GetString(key));
        }
        catch (CryptographicException)
        {
            throw VerdictException.Stalled(Reasons.CredentialsInvalid,
                $"spec.credentials.clientCertificateRef: tls.crt and tls.key of Secret {name} are not a PEM certificate and its private key");
        }
    }
}
