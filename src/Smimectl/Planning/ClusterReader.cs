using System.Text.Json;
using k8s.Models;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>Reads what a cluster holds of our kinds.</summary>
internal static class ClusterReader
{
    public static readonly string Kinds = string.Join(',', KindModel.All.Keys.Select(k => $"{k}.{ApiGroup.Name}"));

    /// <summary>Reads the cluster of kubectl's current context.</summary>
    /// <param name="folders">What states some of it.</param>
    /// <param name="pruneSelector">Labels of what these folders would have to state.</param>
    /// <param name="clusterId">What the operator there is told to call the cluster; null where it goes by the uid of kube-system.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ClusterException">kubectl is missing or failed.</exception>
    public static async Task<ClusterMemory> ReadAsync(IReadOnlyList<string> folders, string? pruneSelector, string? clusterId, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(DataVersions.Passing());
        var stated = new FolderScanner(folders, reader).Scan().Resources.Keys.ToHashSet();
        clusterId ??= (await KubectlRunner.RunAsync(["get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}"], cancellationToken)).Trim();
        var records = Parse(await KubectlRunner.RunAsync(["get", Kinds, "--all-namespaces", "--output", "json"], cancellationToken));
        var pruned = pruneSelector is null
            ? []
            : Parse(await KubectlRunner.RunAsync(["get", Kinds, "--all-namespaces", "--selector", pruneSelector, "--output", "json"], cancellationToken)).Select(r => r.Key).ToHashSet();
        return new ClusterMemory(new SavedRecords(clusterId, records), records.Select(r => r.Key).Where(k => !stated.Contains(k) && !pruned.Contains(k)).ToHashSet());
    }

    private static List<ResourceRecord> Parse(string json)
    {
        using var list = JsonDocument.Parse(json);
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(Record)];
    }

    private static ResourceRecord Record(JsonElement item)
    {
        var kind = item.GetProperty("kind").GetString()!;
        var metadata = k8s.KubernetesJson.Deserialize<V1ObjectMeta>(item.GetProperty("metadata").GetRawText());
        JsonElement? status = item.TryGetProperty("status", out var found) ? found : null;
        return new ResourceRecord(
            new ResourceKey(kind, metadata.NamespaceProperty, metadata.Name), KindModel.All[kind].Restore(metadata, item.GetProperty("spec"), status), "");
    }
}
