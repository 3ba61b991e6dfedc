using System.Text.Json;
using k8s.Models;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>A cluster cannot be read.</summary>
internal sealed class ClusterException(string message) : Exception(message);

/// <summary>Reads what a cluster holds of our kinds. Through kubectl: it knows every way of logging in to a cluster.</summary>
internal static class ClusterReader
{
    private static readonly string Kinds = string.Join(',', KindModel.All.Keys.Select(k => $"{k}.{ApiGroup.Name}"));

    /// <summary>Reads the cluster of kubectl's current context.</summary>
    /// <exception cref="ClusterException">kubectl is missing or failed.</exception>
    public static async Task<ClusterMemory> ReadAsync(string folder, string? pruneSelector, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(DataVersions.Passing());
        var stated = new FolderScanner([folder], reader).Scan().Resources.Keys.ToHashSet();
        var clusterId = (await KubectlAsync(["get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}"], cancellationToken)).Trim();
        var records = Parse(await KubectlAsync(["get", Kinds, "--all-namespaces", "--output", "json"], cancellationToken));
        var pruned = pruneSelector is null
            ? []
            : Parse(await KubectlAsync(["get", Kinds, "--all-namespaces", "--selector", pruneSelector, "--output", "json"], cancellationToken)).Select(r => r.Key).ToHashSet();
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

    private static async Task<string> KubectlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await KubectlProcess.RunAsync(arguments, cancellationToken)
            ?? throw new ClusterException("kubectl is not installed, and the cluster is read through it");
        return answer.ExitCode == 0 ? answer.Output : throw new ClusterException($"kubectl {arguments[0]} failed: {answer.Error.Trim()}");
    }
}
