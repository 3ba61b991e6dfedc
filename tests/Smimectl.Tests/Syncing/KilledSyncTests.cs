using SmimeOperator.Api;
using SmimeOperator.TenantSimulator;

namespace Smimectl.Tests;

/// <summary>A sync that is killed leaves its state file, and the next one knows from it what may have been made.</summary>
public sealed class KilledSyncTests
{
    private const string AppPolicies = "mobileAppConfigurations";

    [Fact]
    public async Task Killed_after_a_creation_that_no_list_shows_yet_the_next_run_waits_and_makes_nothing_twice()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Simulator.Tenant.AddFault(new FaultRule { Method = "GET", Path = "/" + AppPolicies, StaleList = true });
        bench.Simulator.Tenant.AddFault(new FaultRule { Method = "POST", Path = $"/{AppPolicies}$", Silence = DropMoment.AfterCommit });
        bench.Start();
        await bench.UntilAsync(v => bench.Simulator.Tenant.Count(AppPolicies) == 1);

        // What a kill at this moment leaves behind.
        var left = await File.ReadAllBytesAsync(bench.State, bench.Limit);
        await bench.StopAsync();
        await File.WriteAllBytesAsync(bench.State, left, bench.Limit);

        bench.Start();
        await bench.UntilAsync(v => Policy(v)?.Conditions?.Exists(c => c.Reason == Reasons.Progressing && c.Message.Contains("app-policy", StringComparison.Ordinal) && c.Message.Contains("UTC", StringComparison.Ordinal)) == true);
        bench.Simulator.Tenant.Count(AppPolicies).ShouldBe(1);

        bench.Simulator.Tenant.ClearFaults();
        var view = await bench.ReadyAsync();

        bench.Simulator.Tenant.Count(AppPolicies).ShouldBe(1);
        Policy(view)!.Creating.ShouldBeNull();
    }

    private static SmimePolicyStatus? Policy(BoardView view) => view.Records.Select(r => r.Entity).OfType<SmimePolicy>().SingleOrDefault()?.Status;
}
