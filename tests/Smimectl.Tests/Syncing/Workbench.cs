using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing;

namespace Smimectl.Tests;

/// <summary>A copy of the samples in a folder of its own, a simulated tenant, and syncs between them.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    // Generating keys is slow and every test may use the same ones.
    private static readonly Lazy<TemporaryFolder> Generated = new(() =>
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        new DemoFolder(folder.Path, TimeProvider.System).Prepare();
        return folder;
    });

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private FolderSync? _sync;
    private CancellationTokenSource? _stop;
    private Task? _running;

    private Workbench(SimulatorHost simulator)
    {
        Simulator = simulator;
        _limit.CancelAfter(TimeSpan.FromMinutes(3));
        Directory.CreateDirectory(Samples);
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Path("samples"), "*.yaml"))
        {
            File.Copy(file, Path.Combine(Samples, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(Secrets);
        foreach (var file in Directory.EnumerateFiles(GeneratedManifests))
        {
            File.Copy(file, Path.Combine(Secrets, Path.GetFileName(file)));
        }

        Edit("tenant.yaml", t => t.Replace("interval: 5s", "interval: 1s", StringComparison.Ordinal));
    }

    /// <summary>What the samples refer to, made once for all tests.</summary>
    public static string GeneratedManifests => Path.Combine(Generated.Value.Path, "generated");

    public SimulatorHost Simulator { get; }

    public string Samples => _folder["samples"];

    public string Secrets => _folder["secrets"];

    public string State => _folder["state.json"];

    public string Endpoint => Simulator.BaseAddress.ToString().TrimEnd('/');

    public SyncBoard Board => _sync!.Board;

    public int Writes => Simulator.Tenant.Log.Total.Writes;

    public CancellationToken Limit => _limit.Token;

    public static async Task<Workbench> OpenAsync()
    {
        var simulator = await SimulatorHost.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        SampleTenant.Fill(simulator.Tenant);
        return new Workbench(simulator);
    }

    /// <summary>Adds the samples of the single ways, and the apps that they expect.</summary>
    public void AddWays()
    {
        SampleTenant.AddGivens(Simulator.Tenant);
        Directory.CreateDirectory(Path.Combine(Samples, "ways"));
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Path("samples", "ways"), "*.yaml"))
        {
            File.Copy(file, Path.Combine(Samples, "ways", Path.GetFileName(file)));
        }
    }

    /// <summary>Starts a sync in the background.</summary>
    public void Start()
    {
        _sync = FolderSync.Open(new SyncOptions
        {
            Folders = [Samples, Secrets],
            StatePath = State,
            TenantEndpoint = Endpoint,
            RemovalDelay = TimeSpan.FromMilliseconds(100),
        });
        _stop = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        _running = _sync.RunAsync(_stop.Token);
    }

    public async Task StopAsync()
    {
        if (_sync is not null)
        {
            await _stop!.CancelAsync();
            await _running!;
            await _sync.DisposeAsync();
            _stop.Dispose();
            _sync = null;
        }
    }

    /// <summary>Starts a sync and waits until everything is ready.</summary>
    public async Task<BoardView> StartAndConvergeAsync()
    {
        Start();
        return await ReadyAsync();
    }

    public Task<BoardView> ReadyAsync() => UntilAsync(v => v is { IsIdle: true, IsReady: true, Records.Count: > 0 });

    public async Task<BoardView> UntilAsync(Func<BoardView, bool> wanted)
    {
        var waiting = Board.WaitAsync(wanted, Limit);
        if (await Task.WhenAny(waiting, _running!) == _running)
        {
            await _running!;
        }

        return await waiting;
    }

    public void Edit(string file, Func<string, string> edit)
    {
        var path = Path.Combine(Samples, file);
        var before = File.ReadAllText(path);
        var after = edit(before);
        after.ShouldNotBe(before, "the edit must change something");
        File.WriteAllText(path, after);
    }

    public JsonObject Single(string collection) => Simulator.Tenant.List(collection).ShouldHaveSingleItem();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Simulator.DisposeAsync();
        _limit.Dispose();
        _folder.Dispose();
    }
}
