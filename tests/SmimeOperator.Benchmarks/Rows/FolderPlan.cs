using System.Globalization;
using System.Text.Json.Nodes;
using SmimeOperator.Benchmarks.Cluster;
using SmimeOperator.Benchmarks.Processes;
using SmimeOperator.Benchmarks.Reporting;
using SmimeOperator.Testing;

namespace SmimeOperator.Benchmarks.Rows;

/// <summary>smimectl as it is shipped over a repository of 500 resources: what a pull request waits for.</summary>
internal sealed class FolderPlan(Report report)
{
    private const int Policies = 120;
    private const int Assignments = 240;
    private const int Imports = 139;
    private const int Runs = 3;
    private const int HasChanges = 2;
    private const double PromisedPlan = 3;
    private const double PromisedCheck = 1;
    private const double PromisedStart = 0.15;
    private static readonly string[] SlowAndOpen = ["--latency-ms", "50", "--no-limits"];
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(15);
    private static readonly string Tool = RepositoryRoot.Path("artifacts", "smimectl", "smimectl");

    public async Task RunAsync()
    {
        Report.Progress($"A repository of {Policies} policies, {Assignments} assignments, {Imports} imports");
        using var folder = new TemporaryFolder();
        await using var synced = await StartTenantAsync(folder["synced.log"]);
        await using var empty = await StartTenantAsync(folder["empty.log"]);
        var repository = Directory.CreateDirectory(folder["repository"]).FullName;
        await WriteAsync(repository, synced.Address);
        var (state, none) = (folder["state.json"], folder["none.json"]);
        await using (var sync = BackgroundProcess.Start(Tool, ["sync", repository, "--once", "--timeout", "15m", "--state", state, "--tenant-endpoint", Endpoint(synced)], folder["sync.log"]))
        {
            // Whether it got there shows in the exit code of the plan that follows.
            await Waiting.UntilAsync("the tenant is in sync", Long, () => Task.FromResult(sync.HasExited));
        }

        await PlanAsync("in sync, with the state file", synced, repository, state, 0);
        await PlanAsync("in sync, without memory", synced, repository, none, 0);
        await PlanAsync("empty tenant", empty, repository, none, HasChanges);
        await MeasureAsync("validate", "500 resources", ["validate", repository], 0, PromisedCheck);
        foreach (var offline in (string[][])[["--version"], ["--help"], ["completion", "bash"], ["validate", "-"]])
        {
            await MeasureAsync("start", string.Join(' ', offline), offline, 0, PromisedStart);
        }
    }

    private static async Task<SimulatorUnderLoad> StartTenantAsync(string log)
    {
        var tenant = await SimulatorUnderLoad.StartAsync(log, SlowAndOpen);
        await tenant.AddUsersAsync(Enumerable.Range(0, Imports).Select(Manifests.User));
        await tenant.AddGroupsAsync(Enumerable.Range(0, Assignments).Select(Manifests.GroupName));
        return tenant;
    }

    // JSON is YAML.
    private static async Task WriteAsync(string repository, Uri endpoint)
    {
        const int Most = 10_000;
        using var material = new Material();
        IEnumerable<JsonObject> resources =
        [
            .. Manifests.Basics(material).Select(r => r.Body),
            Manifests.Tenant(endpoint, "10m", Most, Most),
            .. Enumerable.Range(0, Policies).Select(i => Manifests.Policy(i)),
            .. Enumerable.Range(0, Assignments).Select(i => Manifests.Assignment(i, Policies).Body),
            .. Enumerable.Range(0, Imports).Select(i => Manifests.TlsSecret(material, i, Imports).Body),
            .. Enumerable.Range(0, Imports).Select(i => Manifests.Import(i, Imports).Body),
        ];
        foreach (var resource in resources)
        {
            await File.WriteAllTextAsync(Path.Combine(repository, $"{resource["kind"]}-{resource["metadata"]!["name"]}.yaml"), resource.ToJsonString());
        }
    }

    private async Task PlanAsync(string what, SimulatorUnderLoad tenant, string repository, string state, int exitCode)
    {
        await tenant.ClearLogAsync();
        await MeasureAsync("plan", what, ["plan", repository, "--state", state, "--tenant-endpoint", Endpoint(tenant)], exitCode, PromisedPlan);
        report.Add("plan", $"{what}: HTTP requests", (await tenant.TrafficAsync()).Requests / (double)Runs);
    }

    private async Task MeasureAsync(string command, string what, string[] arguments, int exitCode, double promised)
    {
        var runs = new List<Timing>();
        for (var i = 0; i < Runs; i++)
        {
            runs.Add((await SmimectlAsync(arguments)).Expect(exitCode));
        }

        // What other programs of the machine take away is no figure of ours: the best run is the one that they disturbed least.
        var best = runs.Min(r => r.Seconds);
        report.AtMost(command, $"{what}: s", best, promised, $"best of {Runs}{(command == "plan" ? ", 50 ms latency" : "")}");
        report.Add(command, $"{what}: processor time, s", runs.Min(r => r.Processor));
    }

    private static string Endpoint(SimulatorUnderLoad tenant) => tenant.Address.GetLeftPart(UriPartial.Authority);

    // Only the shell that started it can tell what a process that has ended took of the processors.
    private static async Task<Timing> SmimectlAsync(string[] arguments)
    {
        var result = await Command.RunAsync(
            "bash", ["-c", "TIMEFORMAT='%R %U %S'; time \"$@\"", "bash", Tool, .. arguments]);
        var lines = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var seconds = lines[^1].Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToList();
        return new Timing(seconds[0], seconds[1] + seconds[2], result);
    }

    private sealed record Timing(double Seconds, double Processor, CommandResult Result)
    {
        public Timing Expect(int exitCode) => Result.ExitCode == exitCode
            ? this
            : throw new InvalidOperationException($"smimectl ended with {Result.ExitCode}: {Result.StandardError}{Result.StandardOutput}");
    }
}
