using System.Text.Json;
using Smimectl.Tests.CiExamples;

namespace Smimectl.Tests.Planning;

public sealed class PlanPermissionTests
{
    [Fact]
    public async Task A_token_that_may_only_read_is_enough_for_a_plan_and_not_for_a_sync()
    {
        await using var bench = await CiBench.OpenAsync(
            "DeviceManagementApps.Read.All", "DeviceManagementConfiguration.Read.All", "User.Read.All", "Group.Read.All");

        var plan = await bench.RunAsync("plan", "clusters/prod", "--output", "json");
        var sync = await bench.RunAsync("sync", "clusters/prod", "--once", "--output", "plain", "--timeout", "20s");

        plan.ExitCode.ShouldBe(2, plan.StandardError);
        using var report = JsonDocument.Parse(plan.Output);
        report.RootElement.GetProperty("resources").EnumerateArray().Select(r => r.GetProperty("state").GetString()).Distinct().ShouldBe(["Ready"]);
        bench.Tenant.Tenant.Log.Total.Writes.ShouldBe(0);
        sync.ExitCode.ShouldBe(1);
        sync.StandardOutput.ShouldContain("DeviceManagementApps.ReadWrite.All");
    }
}
