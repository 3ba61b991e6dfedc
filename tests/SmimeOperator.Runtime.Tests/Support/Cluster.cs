using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using SmimeOperator.Runtime.Tests;
using SmimeOperator.Testing;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace SmimeOperator.Runtime.Tests;

/// <summary>One API server for all tests, with the CRD of the tests; every test has namespaces of its own.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly Lock _gate = new();
    private Task? _crd;
    private IKubernetes? _client;
    private int _namespaces;

    public ApiServer Server { get; } = new();

    /// <summary>The configuration of a client that talks to the API server itself.</summary>
    public KubernetesClientConfiguration Configuration => ConfigurationOf(Server);

    /// <summary>The test's own client, for what the runtime is not asked to do.</summary>
    public IKubernetes Client
    {
        get
        {
            lock (_gate)
            {
                return _client ??= new Kubernetes(Configuration);
            }
        }
    }

    public static KubernetesClientConfiguration ConfigurationOf(ApiServer server) =>
        KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig);

    public ValueTask InitializeAsync() => Server.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return Server.DisposeAsync();
    }

    /// <summary>A new namespace, with the CRD in place.</summary>
    public async Task<string> NewNamespaceAsync()
    {
        _ = Server.Address;
        Task crd;
        lock (_gate)
        {
            crd = _crd ??= InstallAsync(Server);
        }

        await crd;
        var name = $"test-{Interlocked.Increment(ref _namespaces)}";
        await Client.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken: TestContext.Current.CancellationToken);
        return name;
    }

    public static async Task InstallAsync(ApiServer server)
    {
        await server.Kubectl.ApplyAsync(Widget.Crd);
        await server.Kubectl.RunAsync("wait", "--for=condition=Established", "crd/widgets.runtime.test.example", "--timeout=30s");
    }

    /// <summary>Makes a Widget as a person would.</summary>
    public async Task<Widget> CreateAsync(string namespaceName, string name, Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = $"{Widget.KubeGroup}/v1",
            ["kind"] = "Widget",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = namespaceName },
            ["spec"] = new JsonObject { ["size"] = 1 },
        };
        change?.Invoke(body);
        return await Client.CustomObjects.CreateNamespacedCustomObjectAsync<Widget>(
            body, Widget.KubeGroup, "v1", namespaceName, "widgets", cancellationToken: TestContext.Current.CancellationToken);
    }

    public Task PatchAsync(string namespaceName, string name, string mergePatch) =>
        Client.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(mergePatch, V1Patch.PatchType.MergePatch), Widget.KubeGroup, "v1", namespaceName, "widgets", name,
            cancellationToken: TestContext.Current.CancellationToken);

    public Task DeleteAsync(string namespaceName, string name) =>
        Client.CustomObjects.DeleteNamespacedCustomObjectAsync(
            Widget.KubeGroup, "v1", namespaceName, "widgets", name, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A Widget as the API server has it, with every field; null when there is none.</summary>
    public async Task<JsonNode?> ReadAsync(string namespaceName, string name)
    {
        var result = await Server.Kubectl.TryRunAsync(
            ["get", "widgets", name, "-n", namespaceName, "-o", "json", "--show-managed-fields", "--ignore-not-found"]);
        var output = result.Succeeded().StandardOutput;
        return output.Length == 0 ? null : JsonNode.Parse(output);
    }

    public Task CreateSecretAsync(string namespaceName, string name, string value, IDictionary<string, string>? labels = null) =>
        Client.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret
            {
                Metadata = new V1ObjectMeta { Name = name, Labels = labels },
                Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["key"] = Encoding.UTF8.GetBytes(value) },
            },
            namespaceName,
            cancellationToken: TestContext.Current.CancellationToken);
}
