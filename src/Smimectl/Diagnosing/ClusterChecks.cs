using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Api.Schema;

namespace Smimectl;

/// <summary>What can be wrong on the side of the cluster of kubectl's current context.</summary>
internal static class ClusterChecks
{
    // docs/install.md
    private static readonly Version OldestKubernetes = new(1, 31);

    private const string AppSelector = "app.kubernetes.io/name=smime-operator";
    private const string LeaseVariable = "SMIME_OPERATOR__LEADERELECTIONNAME";
    private const string DefaultLease = "smime-operator";

    public static IEnumerable<Check> All(TimeProvider time) =>
    [
        new("kubernetes", async token => [await VersionAsync("kubernetes", token)]),
        new("definitions", token => DefinitionsAsync("definitions", token)),
        new("operator", token => OperatorAsync("operator", token)),
        new("lease", token => LeaseAsync("lease", time, token)),
        new("resources", token => ResourcesAsync("resources", token)),
    ];

    private static async Task<Diagnosis> VersionAsync(string check, CancellationToken cancellationToken)
    {
        var server = (await JsonAsync(["version", "--output", "json"], cancellationToken))["serverVersion"];
        var text = (string?)server?["gitVersion"] ?? "";
        return !Version.TryParse(text.TrimStart('v').Split('-', '+')[0], out var version)
            ? Diagnosis.Warning(check, $"the API server says that its version is '{text}'", $"make sure that it is {OldestKubernetes} or later")
            : version < OldestKubernetes
                ? Diagnosis.Problem(check, $"the API server is {text}", $"update the cluster to {OldestKubernetes} or later: older ones know no fields of the definitions' rules")
                : Diagnosis.Ok(check, $"the API server is {text}");
    }

    private static async Task<IReadOnlyList<Diagnosis>> DefinitionsAsync(string check, CancellationToken cancellationToken)
    {
        const string Fix = "kubectl apply --server-side -f crds/, of this version (with the chart: helm upgrade)";
        var shipped = CustomResourceDefinitions.Embedded().ToDictionary(d => d.Key, d => KubernetesYaml.Deserialize<V1CustomResourceDefinition>(d.Value));
        var list = await JsonAsync(["get", "customresourcedefinitions", .. shipped.Values.Select(d => d.Metadata.Name), "--ignore-not-found", "--output", "json"], cancellationToken);
        var items = list["items"] as JsonArray ?? [list];
        var found = items.OfType<JsonObject>().Where(i => i["metadata"] is not null)
            .Select(i => KubernetesJson.Deserialize<V1CustomResourceDefinition>(i.ToJsonString())).ToDictionary(d => d.Metadata.Name);
        return [.. shipped.Select(pair =>
        {
            var (kind, wanted) = pair;
            return !found.TryGetValue(wanted.Metadata.Name, out var there)
                ? Diagnosis.Problem(check, $"{kind}: the cluster has no {wanted.Metadata.Name}", Fix)
                : there.Status?.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) != true
                    ? Diagnosis.Problem(check, $"{kind}: {wanted.Metadata.Name} is not established", "kubectl describe crd " + wanted.Metadata.Name)
                    : SchemaOf(there) is var schema && JsonNode.DeepEquals(schema, SchemaOf(wanted))
                        ? Diagnosis.Ok(check, $"{kind}: as this version has it")
                        : Diagnosis.Warning(check, $"{kind}: {wanted.Metadata.Name} is of another version than this program", Fix);
        })];
    }

    private static JsonNode? SchemaOf(V1CustomResourceDefinition definition) =>
        JsonNode.Parse(KubernetesJson.Serialize(definition.Spec.Versions.FirstOrDefault(v => v.Name == ApiGroup.Version)?.Schema));

    private static async Task<IReadOnlyList<Diagnosis>> OperatorAsync(string check, CancellationToken cancellationToken)
    {
        var deployments = await DeploymentsAsync(cancellationToken);
        if (deployments.Count == 0)
        {
            return [Diagnosis.Warning(check, $"no Deployment has the label {AppSelector}", "install the chart (docs/install.md), unless the operator runs outside of this cluster")];
        }

        var own = typeof(ClusterChecks).Assembly.GetName().Version!.ToString(3);
        return [.. deployments.Select(deployment =>
        {
            var name = $"{deployment.Metadata.NamespaceProperty}/{deployment.Metadata.Name}";
            var image = deployment.Spec.Template.Spec.Containers.FirstOrDefault()?.Image;
            var (wanted, available) = (deployment.Spec.Replicas ?? 1, deployment.Status?.AvailableReplicas ?? 0);
            var text = string.Create(CultureInfo.InvariantCulture, $"Deployment {name}: {available} of {wanted} replicas are available, image {image}");
            var version = deployment.Metadata.Labels?.TryGetValue("app.kubernetes.io/version", out var label) == true ? label : null;
            return available == 0
                ? Diagnosis.Problem(check, text, $"kubectl -n {deployment.Metadata.NamespaceProperty} describe pods --selector {AppSelector}; then its log")
                : available < wanted
                    ? Diagnosis.Warning(check, text, $"kubectl -n {deployment.Metadata.NamespaceProperty} get pods --selector {AppSelector}")
                    : version is not null && version != own
                        ? Diagnosis.Warning(check, $"{text}, version {version}; this program is {own}", "use the smimectl of the operator's version, so that both say the same")
                        : Diagnosis.Ok(check, text);
        })];
    }

    private static async Task<IReadOnlyList<Diagnosis>> LeaseAsync(string check, TimeProvider time, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { DefaultLease };
        try
        {
            names.UnionWith((await DeploymentsAsync(cancellationToken)).SelectMany(d => d.Spec.Template.Spec.Containers)
                .SelectMany(c => c.Env ?? []).Where(e => e.Name == LeaseVariable && e.Value is not null).Select(e => e.Value));
        }
        catch (ClusterException)
        {
            // The check of the operator reports it; the default name is worth a look all the same.
            names.Add(DefaultLease);
        }

        var list = await JsonAsync(["get", "leases.coordination.k8s.io", "--all-namespaces", "--output", "json"], cancellationToken);
        var leases = list["items"]!.AsArray().Select(i => KubernetesJson.Deserialize<V1Lease>(i!.ToJsonString())).Where(l => names.Contains(l.Metadata.Name)).ToList();
        return leases.Count == 0
            ? [Diagnosis.Warning(check, $"there is no lease {string.Join(" or ", names)}", "no operator has led in this cluster yet, or it runs without leader election")]
            : [.. leases.Select(l => Judge(check, l, time.GetUtcNow()))];
    }

    private static Diagnosis Judge(string check, V1Lease lease, DateTimeOffset now)
    {
        var name = $"{lease.Metadata.NamespaceProperty}/{lease.Metadata.Name}";
        if (lease.Spec?.HolderIdentity is not { Length: > 0 } holder || lease.Spec.RenewTime is not { } renewed)
        {
            return Diagnosis.Problem(check, $"{name} is held by nobody", "see whether the operator's pods run; after a shutdown in order this passes by itself when one starts");
        }

        var age = now - new DateTimeOffset(renewed.ToUniversalTime());
        var duration = TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? 15);
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} is held by {holder}, renewed {age.TotalSeconds:0} s ago");
        return age > duration
            ? Diagnosis.Problem(check, $"{text}; it ran out after {duration.TotalSeconds:0} s", "the operator does not run, or does not reach the API server: kubectl logs of its pods")
            : Diagnosis.Ok(check, text);
    }

    private static async Task<IReadOnlyList<Diagnosis>> ResourcesAsync(string check, CancellationToken cancellationToken)
    {
        var list = await JsonAsync(["get", ClusterReader.Kinds, "--all-namespaces", "--output", "json"], cancellationToken);
        var items = list["items"]!.AsArray().OfType<JsonObject>().ToList();
        var stalled = items.Where(i => Condition(i, ConditionTypes.Stalled) is not null && Is(i, ConditionTypes.Stalled)).ToList();
        var waiting = items.Where(i => !stalled.Contains(i) && !Is(i, ConditionTypes.Ready)).ToList();
        return
        [
            .. stalled.Select(i => Diagnosis.Problem(check, $"{Name(i)} is stalled ({Field(i, ConditionTypes.Stalled, "reason")}): {Field(i, ConditionTypes.Stalled, "message")}", "what the message says; docs/reasons.md explains the reason")),
            .. waiting.Select(i => Diagnosis.Warning(check, $"{Name(i)} is not ready ({Field(i, ConditionTypes.Ready, "reason") ?? "not looked at yet"}): {Field(i, ConditionTypes.Ready, "message")}", "wait, if the operator runs: this passes by itself")),
            .. stalled.Count + waiting.Count == 0 ? [Diagnosis.Ok(check, string.Create(CultureInfo.InvariantCulture, $"all {items.Count} are ready"))] : Array.Empty<Diagnosis>(),
        ];

        static string Name(JsonObject item) => $"{item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";
        static string? Field(JsonObject item, string type, string field) => (string?)Condition(item, type)?[field];
        static bool Is(JsonObject item, string type) => Field(item, type, "status") == "True";
    }

    private static JsonNode? Condition(JsonObject item, string type) =>
        (item["status"]?["conditions"] as JsonArray)?.FirstOrDefault(c => (string?)c?["type"] == type);

    private static async Task<List<V1Deployment>> DeploymentsAsync(CancellationToken cancellationToken)
    {
        var list = await JsonAsync(["get", "deployments.apps", "--all-namespaces", "--selector", AppSelector, "--output", "json"], cancellationToken);
        return [.. list["items"]!.AsArray().Select(i => KubernetesJson.Deserialize<V1Deployment>(i!.ToJsonString()))];
    }

    private static async Task<JsonNode> JsonAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var text = await KubectlRunner.RunAsync(arguments, cancellationToken);
        try
        {
            // With --ignore-not-found nothing at all is written where nothing was found.
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        }
        catch (JsonException)
        {
            throw new ClusterException($"kubectl {arguments[0]} wrote something that is no JSON");
        }
    }
}
