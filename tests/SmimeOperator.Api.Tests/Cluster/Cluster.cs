using SmimeOperator.Testing;

[assembly: AssemblyFixture(typeof(SmimeOperator.Api.Tests.Cluster.DefinedCluster))]

namespace SmimeOperator.Api.Tests.Cluster;

/// <summary>An API server that knows our kinds, from the committed crds folder.</summary>
public sealed class DefinedCluster : IAsyncLifetime
{
    private readonly ApiServer _server = new();

    public Kubectl Kubectl => _server.Kubectl;

    public async ValueTask InitializeAsync()
    {
        if (!ApiServer.IsAvailable)
        {
            return;
        }

        await _server.InitializeAsync();
        await Kubectl.RunAsync("apply", "--server-side", "-f", RepositoryRoot.Path("crds"));
        await Kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Makes a namespace of its own for a test.</summary>
    public async Task<string> NamespaceAsync(string name)
    {
        await Kubectl.RunAsync("create", "namespace", name);
        return name;
    }
}
