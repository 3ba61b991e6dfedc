using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace Smimectl;

/// <summary>The connector key that a Tenant of a folder refers to.</summary>
/// <param name="Tenant">The Tenant.</param>
/// <param name="Reference">Kind, name and key of the object that holds it.</param>
/// <param name="PaddingScheme">How passwords are encrypted to it.</param>
/// <param name="Fingerprint">Its fingerprint; null where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read.</param>
/// <param name="Matches">Whether it is the key at hand.</param>
internal sealed record TenantKey(string Tenant, string Reference, string PaddingScheme, string? Fingerprint, string? Problem, bool Matches)
{
    /// <summary>Reads the connector keys of a folder's Tenants.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="fingerprint">The fingerprint of the key at hand.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<TenantKey>> ReadAsync(TenantFolder folder, string? fingerprint, CancellationToken cancellationToken)
    {
        var keys = new List<TenantKey>();
        foreach (var tenant in folder.Tenants.Where(t => t.Spec.ConnectorKey is not null))
        {
            keys.Add(await ReadAsync(folder, tenant, fingerprint, cancellationToken));
        }

        return keys;
    }

    /// <summary>Reads the connector key of a Tenant that has one.</summary>
    public static async Task<TenantKey> ReadAsync(TenantFolder folder, Tenant tenant, string? fingerprint, CancellationToken cancellationToken)
    {
        var spec = tenant.Spec.ConnectorKey!;
        var kind = spec.PublicKeyRef.Kind ?? DataKind.ConfigMap;
        var found = new TenantKey(TenantFolder.NameOf(tenant), $"{kind} {spec.PublicKeyRef.Name}, key {spec.PublicKeyRef.Key}", spec.PaddingScheme.ToString(), null, null, false);
        var data = await folder.Catalog.ReadDataAsync(kind, new(tenant.Metadata.NamespaceProperty, spec.PublicKeyRef.Name), cancellationToken);
        if (data is null)
        {
            return found with { Problem = $"the folder does not state {kind} {spec.PublicKeyRef.Name}, or states it encrypted" };
        }

        if (data.GetValueOrDefault(spec.PublicKeyRef.Key) is not { } content)
        {
            return found with { Problem = $"{kind} {spec.PublicKeyRef.Name} has no key {spec.PublicKeyRef.Key}; it has {string.Join(", ", data.Keys.Order(StringComparer.Ordinal))}" };
        }

        try
        {
            var key = ConnectorKey.Parse(content);
            return found with { Fingerprint = key.Fingerprint, Matches = key.Fingerprint == fingerprint };
        }
        catch (ConnectorKeyException problem)
        {
            return found with { Problem = problem.Message };
        }
    }

    /// <summary>Writes them for people.</summary>
    public static void Write(IReadOnlyList<TenantKey> keys, Ink ink, TextWriter output)
    {
        foreach (var key in keys)
        {
            output.WriteLine($"  Tenant {key.Tenant} ({key.Reference}, {key.PaddingScheme}): " + (key switch
            {
                { Matches: true } => ink.Green("this key"),
                { Problem: { } problem } => ink.Red(problem),
                _ => ink.Red($"another key, {key.Fingerprint}"),
            }));
        }
    }
}
