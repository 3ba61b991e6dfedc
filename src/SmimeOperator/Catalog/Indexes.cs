using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace SmimeOperator.Catalog;

/// <summary>What resources are filed under, so that nothing is ever searched for in a list of all.</summary>
internal static class Indexes
{
    /// <summary>By the Tenant that they refer to: namespace/name.</summary>
    public const string Tenant = "tenant";

    /// <summary>Imports by Tenant and user: namespace/name|principal name in lower case.</summary>
    public const string User = "user";

    /// <summary>Imports by the user's key in the tenant: object id without dashes.</summary>
    public const string UserKey = "user-key";

    /// <summary>Assignments by policy: namespace/name.</summary>
    public const string Policy = "policy";

    /// <summary>By the ids of what they own or assign in the tenant.</summary>
    public const string TenantObject = "tenant-object";

    /// <summary>By Secrets and ConfigMaps that they name: Kind/namespace/name.</summary>
    public const string Data = "data";

    /// <summary>Imports with a selector, by namespace.</summary>
    public const string Selector = "selector";

    public static string DataKey(DataKind kind, string @namespace, string name) => $"{kind}/{@namespace}/{name}";

    public static string UserOf(ResourceName tenant, string userPrincipalName) => $"{tenant}|{userPrincipalName.ToLowerInvariant()}";

    public static ResourceName TenantOf(TenantReference reference, string @namespace) => new(reference.Namespace ?? @namespace, reference.Name);

    public static IEnumerable<string> DataOf(Api.Tenant tenant)
    {
        var home = tenant.Metadata.NamespaceProperty;
        var credentials = tenant.Spec.Credentials;
        if ((credentials.ClientSecretRef?.Name ?? credentials.ClientCertificateRef?.Name) is { } secret)
        {
            yield return DataKey(DataKind.Secret, home, secret);
        }

        if (tenant.Spec.ConnectorKey?.PublicKeyRef is { } key)
        {
            yield return DataKey(key.Kind ?? DataKind.ConfigMap, home, key.Name);
        }
    }

    public static IEnumerable<string> DataOf(SmimePolicy policy) =>
        (policy.Spec.TrustedCertificates ?? []).Select(c =>
            DataKey(c.CertificateRef.Kind ?? DataKind.ConfigMap, policy.Metadata.NamespaceProperty, c.CertificateRef.Name));

    public static IEnumerable<string> DataOf(CertificateImport import) =>
        (import.Spec.Sources ?? [])
            .SelectMany(s => new[] { s.Pkcs12?.SecretName, s.Pkcs12?.PasswordSecretRef?.Name, s.Tls?.SecretName })
            .OfType<string>()
            .Select(name => DataKey(DataKind.Secret, import.Metadata.NamespaceProperty, name));

    public static IEnumerable<string> ObjectsOf(ResourceStatus? status) => (status?.Objects ?? []).Select(o => o.Id);

    public static IEnumerable<string> UserKeysOf(CertificateImport import) =>
        import.Status?.UserId is { } id ? [ImportedCertificate.UserKeyOf(id)] : [];
}
