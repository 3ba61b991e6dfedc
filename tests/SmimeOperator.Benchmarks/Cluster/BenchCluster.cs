using SmimeOperator.Benchmarks.Processes;
using SmimeOperator.Testing;

namespace SmimeOperator.Benchmarks.Cluster;

/// <summary>A real API server with our definitions; operator and tenant are processes of their own beside it.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly ApiServer _server = new();
    private readonly TemporaryFolder _folder = new();
    private KubeClient? _client;

    /// <summary>Certificates and keys.</summary>
    public Material Material { get; } = new();

    /// <summary>The API server's objects.</summary>
    public KubeClient Client => _client!;

    /// <summary>kubectl.</summary>
    public Kubectl Kubectl => _server.Kubectl;

    /// <summary>Where the operator logs to.</summary>
    public string OperatorLog => _folder["operator.log"];

    /// <summary>Starts the API server.</summary>
    /// <exception cref="InvalidOperationException">There are no binaries.</exception>
    public static async Task<BenchCluster> StartAsync()
    {
        if (!ApiServer.IsAvailable)
        {
            throw new InvalidOperationException("No kube-apiserver and etcd: set KUBEBUILDER_ASSETS (docs/development.md).");
        }

        var cluster = new BenchCluster();
        await cluster._server.InitializeAsync();
        await cluster.Kubectl.RunAsync("apply", "--server-side", "-f", RepositoryRoot.Path("crds"));
        await cluster.Kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all");
        cluster._client = new KubeClient(cluster._server);
        await cluster.Client.CreateAsync(Manifests.Basics(cluster.Material).Take(1));
        await cluster.Client.CreateAsync(Manifests.Basics(cluster.Material).Skip(1));
        return cluster;
    }

    /// <summary>Starts the tenant.</summary>
    public Task<SimulatorUnderLoad> StartTenantAsync(params string[] options) => SimulatorUnderLoad.StartAsync(_folder["simulator.log"], options);

    /// <summary>Starts the operator.</summary>
    public OperatorUnderLoad StartOperator(params string[] settings) => OperatorUnderLoad.Start(_server, OperatorLog, settings);

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
        Material.Dispose();
    }
}
