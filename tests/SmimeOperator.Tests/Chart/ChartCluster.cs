using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>
/// An API server that the chart can be installed into. A server without workloads, such as one that is made of Kubernetes' API machinery alone,
/// gets stand-ins for the kinds it lacks: custom resources that take any content, in groups that a definition may have.
/// </summary>
public sealed class ChartCluster : IAsyncLifetime
{
    private static readonly (string ApiVersion, string Kind, string Plural, string StandIn)[] Kinds =
    [
        ("apps/v1", "Deployment", "deployments", "apps.stand-in.test/v1"),
        ("v1", "Service", "services", "core.stand-in.test/v1"),
        ("v1", "Pod", "pods", "core.stand-in.test/v1"),
        ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "policy.stand-in.test/v1"),
        ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", "networking.stand-in.test/v1"),
        ("monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors", "monitoring.coreos.com/v1"),
        ("monitoring.coreos.com/v1", "PrometheusRule", "prometheusrules", "monitoring.coreos.com/v1"),
    ];

    private readonly ApiServer _server = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<(string ApiVersion, string Kind, string StandIn)> _missing = [];

    internal Kubectl Kubectl => _server.Kubectl;

    internal string Kubeconfig => _server.Kubeconfig;

    /// <summary>A file of its own for the test.</summary>
    internal string NewFile(string content)
    {
        var path = _folder[Guid.NewGuid().ToString("N")];
        File.WriteAllText(path, content);
        return path;
    }

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        if (!ApiServer.IsAvailable)
        {
            return;
        }

        var known = (await Kubectl.RunAsync("api-resources", "--no-headers")).Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length >= 4)
            .Select(columns => (columns[^3], columns[^1]))
            .ToHashSet();
        foreach (var (apiVersion, kind, plural, standIn) in Kinds.Where(k => !known.Contains((k.ApiVersion, k.Kind))))
        {
            await Kubectl.ApplyAsync(Definition(standIn.Split('/')[0], kind, plural));
            _missing.Add((apiVersion, kind, standIn));
        }

        await Kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A manifest or a template as this server takes it.</summary>
    internal string Adapt(string yaml) => _missing.Aggregate(yaml, (text, kind) =>
        text.Replace($"apiVersion: {kind.ApiVersion}\nkind: {kind.Kind}\n", $"apiVersion: {kind.StandIn}\nkind: {kind.Kind}\n", StringComparison.Ordinal));

    /// <summary>A copy of a chart as this server takes it.</summary>
    internal string AdaptChart(string chart)
    {
        var copy = _folder[Guid.NewGuid().ToString("N")];
        foreach (var file in Directory.EnumerateFiles(chart, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var isTemplate = file.StartsWith(Path.Combine(chart, "templates"), StringComparison.Ordinal);
            File.WriteAllText(target, isTemplate ? Adapt(File.ReadAllText(file)) : File.ReadAllText(file));
        }

        return copy;
    }

    private static string Definition(string group, string kind, string plural) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{plural}}.{{group}}}
        spec:
          group: {{group}}
          scope: Namespaced
          names: {kind: {{kind}}, plural: {{plural}}, singular: {{kind.ToLowerInvariant()}}}
          versions:
          - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} } }
        """;
}
