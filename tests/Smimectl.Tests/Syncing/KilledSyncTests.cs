using SmimeOperator.Api;
using SmimeOperator.TenantSimulator;

namespace Smimectl.Tests;

/// <summary>A sync that is killed leaves its state file, and the next one knows from it what may have been made. Here nothing but the policy is worked on: no other resource saves the file.</summary>
public sealed class KilledSyncTests
{
    private const string AppPolicies = "mobileAppConfigurations";

    [Fact]
    public async Task Killed_after_a_creation_that_no_list_shows_yet_the_next_run_waits_and_makes_nothing_twice()
    {
        await using var bench = await OpenAsync();
        bench.Simulator.Tenant.AddFault(new FaultRule { Method = "GET", Path = "/" + AppPolicies, StaleList = true });
        bench.Simulator.Tenant.AddFault(new FaultRule { Method = "POST", Path = $"/{AppPolicies}$", Silence = DropMoment.AfterCommit });
        bench.Start();
        while (bench.Simulator.Tenant.Count(AppPolicies) == 0)
        {
            await Task.Yield();
            bench.Limit.ThrowIfCancellationRequested();
        }

        // What a kill at this moment leaves behind.
        var left = await File.ReadAllBytesAsync(bench.State, bench.Limit);
        await bench.StopAsync();
        await File.WriteAllBytesAsync(bench.State, left, bench.Limit);
        Saved(bench)!.Creating!.ShouldContain("app-policy");

        bench.Start();
        await bench.UntilAsync(v => Policy(v)?.Conditions?.Exists(c => c.Reason == Reasons.Progressing && c.Message.Contains("app-policy", StringComparison.Ordinal) && c.Message.Contains("UTC", StringComparison.Ordinal)) == true);
        bench.Simulator.Tenant.Count(AppPolicies).ShouldBe(1);

        bench.Simulator.Tenant.ClearFaults();
        var view = await bench.ReadyAsync();

        bench.Simulator.Tenant.Count(AppPolicies).ShouldBe(1);
        Policy(view)!.Creating.ShouldBeNull();
    }

    [Fact]
    public async Task What_was_made_stands_in_the_state_file_as_soon_as_it_is_shown_as_ready()
    {
        await using var bench = await OpenAsync();

        await bench.StartAndConvergeAsync();

        var saved = Saved(bench)!;
        saved.Creating.ShouldBeNull();
        saved.Objects!.Select(o => o.Id).ShouldContain((string)bench.Single(AppPolicies)["id"]!);
        saved.Conditions!.Single(c => c.Type == ConditionTypes.Ready).Status.ShouldBe("True");
    }

    private static async Task<Workbench> OpenAsync()
    {
        var bench = await Workbench.OpenAsync();
        File.Delete(Path.Combine(bench.Samples, "imports.yaml"));
        File.Delete(Path.Combine(bench.Samples, "assignment.yaml"));
        bench.Edit("tenant.yaml", t => t.Replace("interval: 1s", "interval: 1h", StringComparison.Ordinal));
        return bench;
    }

    private static SmimePolicyStatus? Policy(BoardView view) => view.Records.Select(r => r.Entity).OfType<SmimePolicy>().SingleOrDefault()?.Status;

    private static SmimePolicyStatus? Saved(Workbench bench) => StateFile.Read(bench.State)!.Records.Select(r => r.Entity).OfType<SmimePolicy>().Single().Status;
}
