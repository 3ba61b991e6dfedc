using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Exporting;

/// <summary>The law of an export: whatever a tenant holds, its manifests are valid, and a plan of them is empty.</summary>
public sealed class ExportLawTests
{
    private static readonly string[] Collections = ["mobileApps", "mobileAppConfigurations", "deviceConfigurations", "userPfxCertificates"];

    public static TheoryData<int> Seeds()
    {
        // A tenant of its own for each run, and those that told something once.
        var data = new TheoryData<int>();
        var fresh = Environment.GetEnvironmentVariable("EXPORT_SEED") is { Length: > 0 } named ? int.Parse(named, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        for (var i = 0; i < Count; i++)
        {
            data.Add(unchecked(fresh + i));
        }

        return data;
    }

    private static int Count => Environment.GetEnvironmentVariable("EXPORT_TENANTS") is { Length: > 0 } named ? int.Parse(named, System.Globalization.CultureInfo.InvariantCulture) : 6;

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Seeds))]
    public async Task A_plan_of_what_was_exported_is_empty(int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"EXPORT_SEED={seed}");
        await using var bench = await ExportBench.OpenAsync(seed);
        var before = bench.Picture();

        var result = await bench.ExportAsync();

        bench.Picture().ShouldBe(before, "an export changes nothing");
        var plan = await bench.PlanAsync();
        plan.Problems.ShouldBeEmpty($"seed {seed}");
        plan.Resources.Where(r => r.State is not PlanState.Ready).Select(r => $"{r.Key}: {r.Reason} {r.Message}").ShouldBeEmpty($"seed {seed}");
        plan.Resources.Where(r => r.IsChange || r.Recording.Held.Count > 0).SelectMany(r => r.Recording.Made.Concat(r.Recording.Held.Select(h => h.Change)).Where(c => !c.OnlyMarks))
            .Select(c => $"{c.Action} {c.Type} {c.Name}: {string.Join("; ", c.Differences.Select(PlanWords.Difference))}").ShouldBeEmpty($"seed {seed}");
        plan.IsEmpty.ShouldBeTrue(plan.Summary());
        plan.IsFaulty.ShouldBeFalse(plan.Summary());

        // And the plan keeps its word.
        await bench.SyncAsync();
        Unmarked(bench.Picture()).Split('\n').Except(Unmarked(before).Split('\n')).ShouldBeEmpty($"seed {seed}");
        (await bench.PlanAsync()).Resources.ShouldAllBe(r => r.Recording.Made.Count == 0);

        // Nothing about S/MIME is passed over in silence.
        var spoken = string.Join('\n', result.Files.Select(f => f.Text).Concat(result.Left.Select(l => l.Object.Id)));
        bench.Smime().Where(id => !spoken.Contains(id, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty($"seed {seed}");
    }

    private static string Unmarked(string picture) => System.Text.RegularExpressions.Regex.Replace(
        picture, @"(\\n\\n)?\[smime-operator [^\]]*\]", "", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private sealed class ExportBench : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly SimulatorHost _simulator;

        private ExportBench(SimulatorHost simulator) => _simulator = simulator;

        private string Endpoint => _simulator.BaseAddress.ToString().TrimEnd('/');

        private string Dir => _folder["dir"];

        public static async Task<ExportBench> OpenAsync(int seed)
        {
            var bench = new ExportBench(await SimulatorHost.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken));
            using var http = new HttpClient();
            await new RandomTenant(bench._simulator, seed).FillAsync(http);
            Directory.CreateDirectory(bench.Dir);
            await File.WriteAllTextAsync(Path.Combine(bench.Dir, "tenant.yaml"), $"""
                apiVersion: smime-operator.io/v1alpha1
                kind: Tenant
                metadata:
                  name: contoso
                spec:
                  tenantId: {bench._simulator.Tenant.TenantId}
                  endpoint: {bench.Endpoint}
                  credentials: {"{"}type: None{"}"}
                """, TestContext.Current.CancellationToken);
            return bench;
        }

        public async Task<ExportResult> ExportAsync()
        {
            await using var view = await TenantView.OpenAsync(new TenantChoice(Dir, null, null), TimeProvider.System, TestContext.Current.CancellationToken);
            var result = await new Exporter(view, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
            foreach (var file in result.Files)
            {
                await File.WriteAllTextAsync(Path.Combine(Dir, file.Name), file.Text, TestContext.Current.CancellationToken);
            }

            return result;
        }

        public Task<PlanReport> PlanAsync() => PlanRunner.RunAsync(
            new SyncOptions { Folders = [Dir], StatePath = _folder["state.json"] }, [], TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        public async Task SyncAsync()
        {
            await using var sync = FolderSync.Open(new SyncOptions { Folders = [Dir], StatePath = _folder["state.json"] });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            stop.CancelAfter(TimeSpan.FromMinutes(1));
            var running = sync.RunAsync(stop.Token);
            await sync.Board.WaitAsync(v => v is { IsIdle: true, IsReady: true, Records.Count: > 0 }, stop.Token);
            await stop.CancelAsync();
            await running;
        }

        /// <summary>Everything the tenant holds, but for the service's own stamps.</summary>
        public string Picture() => string.Join('\n', Collections.SelectMany(c => _simulator.Tenant.List(c)).Select(Stable));

        /// <summary>What is plainly about S/MIME.</summary>
        public IReadOnlyList<string> Smime() =>
        [
            .. _simulator.Tenant.List("mobileAppConfigurations").Where(o => o.ToJsonString().Contains("SMIMEEnabled", StringComparison.Ordinal)).Select(o => (string)o["id"]!),
            .. _simulator.Tenant.List("deviceConfigurations").Where(o => ((string?)o["intendedPurpose"])?.StartsWith("smime", StringComparison.Ordinal) == true).Select(o => (string)o["id"]!),
        ];

        public async ValueTask DisposeAsync()
        {
            await _simulator.DisposeAsync();
            _folder.Dispose();
        }

        private static string Stable(JsonObject value)
        {
            foreach (var stamp in (string[])["version", "lastModifiedDateTime"])
            {
                value.Remove(stamp);
            }

            // No text and no text at all are the same to everybody.
            value["description"] = ((string?)value["description"] ?? "").TrimEnd();
            return value.ToJsonString();
        }
    }
}
