using System.Collections.Concurrent;
using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>Reads the connector key of a Tenant. The key is public, so it is kept as long as its ConfigMap or Secret does not change.</summary>
internal sealed class ConnectorKeys
{
    private readonly ConcurrentDictionary<ResourceName, (string Version, ConnectorKey Key)> _keys = new();

    public async Task<ConnectorKey> ReadAsync(Tenant tenant, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        const string Field = "spec.connectorKey.publicKeyRef";
        var spec = tenant.Spec.ConnectorKey ?? throw VerdictException.Stalled(
            Reasons.ConnectorKeyInvalid, $"Tenant {tenant.Metadata.Name} has no spec.connectorKey, and without it nothing can be imported");
        var name = new ResourceName(tenant.Metadata.NamespaceProperty, tenant.Metadata.Name);
        var data = catalog.FindData(spec.PublicKeyRef.Kind ?? DataKind.ConfigMap, new ResourceName(name.Namespace, spec.PublicKeyRef.Name));
        var version = $"{data?.Version}/{spec.PublicKeyRef.Kind}/{spec.PublicKeyRef.Name}/{spec.PublicKeyRef.Key}";
        if (data is not null && _keys.TryGetValue(name, out var known) && known.Version == version)
        {
            return known.Key;
        }

        try
        {
            var key = ConnectorKey.Parse(await DataReader.ReadAsync(Field, name.Namespace, spec.PublicKeyRef, catalog, cancellationToken));
            _keys[name] = (version, key);
            return key;
        }
        catch (ConnectorKeyException problem)
        {
            throw VerdictException.Stalled(Reasons.ConnectorKeyInvalid, $"{Field}: {problem.Message}");
        }
    }

    public static OaepHash HashOf(KeyPadding padding) => padding switch
    {
        KeyPadding.OaepSha256 => OaepHash.Sha256,
        KeyPadding.OaepSha384 => OaepHash.Sha384,
        _ => OaepHash.Sha512,
    };

    /// <summary>The Graph name of a padding scheme.</summary>
    public static string NameOf(KeyPadding padding) => padding switch
    {
        KeyPadding.OaepSha256 => "oaepSha256",
        KeyPadding.OaepSha384 => "oaepSha384",
        _ => "oaepSha512",
    };
}
