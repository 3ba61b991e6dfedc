using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>A real API server with our definitions, and a simulated tenant. The operator is started by the test, as often as it likes.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    private readonly ApiServer _server = new();
    private readonly TemporaryFolder _folder = new();
    private SimulatorHost? _simulator;

    /// <summary>The lease of <see cref="StartReplica"/>.</summary>
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(10);

    internal Kubectl Kubectl => _server.Kubectl;

    internal ApiServer Server => _server;

    internal SimulatedTenant Tenant => _simulator!.Tenant;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        if (!ApiServer.IsAvailable)
        {
            return;
        }

        // What the tests measure is the operator: the published limits have tests of their own.
        _simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { Limits = PublishedLimits.Off }, TestContext.Current.CancellationToken);
        Tenant.AddConnector("connector-1", "server-1");
        await _server.Kubectl.RunAsync("apply", "--server-side", "-f", RepositoryRoot.Path("crds"));
        await _server.Kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all");
    }

    public async ValueTask DisposeAsync()
    {
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }

        await _server.DisposeAsync();
        _folder.Dispose();
    }

    internal OperatorProcess StartOperator(params string[] settings) => OperatorProcess.Start(_server.Kubeconfig, LogPath, settings);

    /// <summary>One of several replicas, known by its name in the tenant's log; what it logs goes to a file of its own.</summary>
    internal OperatorProcess StartReplica(string name, params string[] settings) => OperatorProcess.Start(
        _server.Kubeconfig, LogOf(name),
        [
            $"SMIME_OPERATOR__REPLICA={name}", "SMIME_OPERATOR__LEADERELECTION=true", "SMIME_OPERATOR__LEADERELECTIONNAMESPACE=default",
            $"SMIME_OPERATOR__LEASEDURATION={LeaseDuration:c}", "SMIME_OPERATOR__LEASERENEWDEADLINE=00:00:08", "SMIME_OPERATOR__LEASERETRYPERIOD=00:00:00.5",
            .. settings,
        ]);

    internal string LogOf(string replica) => _folder[replica + ".log"];

    internal string LogPath => _folder["operator.log"];

    /// <summary>A Tenant of the simulator, in the namespace.</summary>
    internal string TenantManifest(string @namespace, string more = "") => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: Tenant
        metadata: {name: contoso, namespace: "{{@namespace}}"}
        spec:
          tenantId: {{Tenant.TenantId}}
          endpoint: {{_simulator!.BaseAddress.GetLeftPart(UriPartial.Authority)}}
          credentials: {type: None}
          interval: 1s
          budget: {writesPer20s: 10000, requestsPer20s: 100000}
          connectorKey: {keyName: PFXEncryptionKey, publicKeyRef: {kind: ConfigMap, name: intune-connector-key, key: public.pem} }
          {{more}}
        """;

    internal Task WaitReadyAsync(string @namespace, params string[] resources) =>
        Kubectl.RunAsync(["wait", "-n", @namespace, "--for=condition=Ready", "--timeout=100s", .. resources]);

    /// <summary>Waits until every import of the namespace is ready. All are looked at at once: `kubectl wait` takes one after the other, and its time.</summary>
    internal Task WaitImportsReadyAsync(string @namespace) => Patience.UntilAsync("all imports are ready", async () =>
    {
        var states = (await Kubectl.RunAsync(
            "get", "-n", @namespace, "certificateimports", "-o", "jsonpath={range .items[*]}{.metadata.name}={.status.conditions[?(@.type=='Ready')].status}{','}{end}"))
            .Split(',', StringSplitOptions.RemoveEmptyEntries);
        return states.All(s => s.EndsWith("=True", StringComparison.Ordinal));
    });

    internal async Task<string> ReadAsync(string @namespace, string resource, string jsonPath) =>
        await Kubectl.RunAsync("get", "-n", @namespace, resource, "-o", $"jsonpath={jsonPath}");

    /// <summary>The one object of a type in the tenant.</summary>
    internal JsonObject Single(string collection, string type) =>
        Tenant.List(collection).Single(o => (string?)o["@odata.type"] == "#microsoft.graph." + type);

    /// <summary>How often the tenant was changed, or was to be.</summary>
    internal int Writes => Tenant.Log.Total.Writes;
}
