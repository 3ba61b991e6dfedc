using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>A Secret or ConfigMap that a spec names.</summary>
/// <param name="Kind">Secret or ConfigMap.</param>
/// <param name="Name">Its name.</param>
public readonly record struct NamedData(DataKind Kind, ResourceName Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>What specs refer to: whoever watches for changes follows these backwards. Secrets that a selector finds are not among them.</summary>
public static class ResourceReferences
{
    /// <summary>The Tenant that a reference names.</summary>
    public static ResourceName TenantOf(TenantReference reference, string @namespace) => new(reference.Namespace ?? @namespace, reference.Name);

    /// <summary>What a Tenant names: its credential and the connector key.</summary>
    public static IEnumerable<NamedData> DataOf(Tenant tenant)
    {
        var home = tenant.Metadata.NamespaceProperty;
        var credentials = tenant.Spec.Credentials;
        if ((credentials.ClientSecretRef?.Name ?? credentials.ClientCertificateRef?.Name) is { } secret)
        {
            yield return new NamedData(DataKind.Secret, new ResourceName(home, secret));
        }

        if (tenant.Spec.ConnectorKey?.PublicKeyRef is { } key)
        {
            yield return Of(home, key);
        }
    }

    /// <summary>What a policy names: its trusted certificates.</summary>
    public static IEnumerable<NamedData> DataOf(SmimePolicy policy) =>
        (policy.Spec.TrustedCertificates ?? []).Select(c => Of(policy.Metadata.NamespaceProperty, c.CertificateRef));

    /// <summary>What an import names: its sources, and where their passwords are.</summary>
    public static IEnumerable<NamedData> DataOf(CertificateImport import) =>
        (import.Spec.Sources ?? [])
            .SelectMany(s => new[] { s.Pkcs12?.SecretName, s.Pkcs12?.PasswordSecretRef?.Name, s.Tls?.SecretName, s.Pem?.SecretName, s.Pem?.PasswordSecretRef?.Name })
            .OfType<string>()
            .Select(name => new NamedData(DataKind.Secret, new ResourceName(import.Metadata.NamespaceProperty, name)));

    private static NamedData Of(string @namespace, DataReference reference) =>
        new(reference.Kind ?? DataKind.ConfigMap, new ResourceName(@namespace, reference.Name));
}
