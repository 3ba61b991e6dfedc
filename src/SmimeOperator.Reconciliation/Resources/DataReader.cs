using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Reads one value of a ConfigMap or Secret, and says which field named it when it is not there.</summary>
internal static class DataReader
{
    public static async Task<byte[]> ReadAsync(
        string field, string @namespace, DataReference reference, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var name = new ResourceName(@namespace, reference.Name);
        var data = await catalog.ReadDataAsync(reference.Kind ?? DataKind.ConfigMap, name, cancellationToken)
            ?? throw VerdictException.Waiting(Reasons.ReferenceNotFound, $"{field}: there is no {reference.Kind} {name}");
        return data.GetValueOrDefault(reference.Key)
            ?? throw VerdictException.Waiting(Reasons.ReferenceNotFound, $"{field}: {reference.Kind} {name} has no key {reference.Key}");
    }
}
