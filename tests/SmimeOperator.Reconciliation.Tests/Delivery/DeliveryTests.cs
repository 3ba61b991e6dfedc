using System.Text.Json.Nodes;
using k8s;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Policies;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Delivery;

public sealed class DeliveryTests(Pki pki)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Nothing_is_asked_of_a_policy_that_does_not_want_it()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy();

        var outcome = await world.ReconcileAsync(policy);

        outcome.RequeueAfter.ShouldBeNull();
        policy.Status!.Delivery.ShouldBeNull();
        Batches(world).ShouldBe(0);
    }

    [Fact]
    public async Task Counts_of_every_object_are_read_in_few_requests_and_written_when_they_change()
    {
        await using var world = await StartAsync();
        var policy = world.Catalog.Policies.Single();
        policy.Status!.Delivery!.Objects!.Select(o => o.Role).ShouldBe(["app-policy", "profile/encryption", "profile/signing", "root/contoso"]);
        policy.Status.Delivery.Objects!.ShouldAllBe(o => o.Devices == new DeliveryCounts() && o.Users == new DeliveryCounts());
        var first = KubernetesJson.Serialize(policy.Status);
        Report(world, "mobileAppConfigurations", "app-policy", "deviceStatusSummary", new() { ["successCount"] = 40, ["pendingCount"] = 2, ["errorCount"] = 1 });
        Report(world, "deviceConfigurations", "profile/signing", "userStatusOverview", new() { ["failedCount"] = 3, ["conflictCount"] = 4 });

        // Not yet due: nothing is read, whatever wakes the policy.
        await world.ReconcileAsync(policy);
        Batches(world).ShouldBe(1);
        KubernetesJson.Serialize(policy.Status).ShouldBe(first);

        world.Sim.Log.Clear();
        world.Clock.Forward(Hour);
        await world.ReconcileAsync(policy);
        Batches(world).ShouldBe(2);
        Of(policy, "app-policy").Devices.ShouldBe(new DeliveryCounts { Success = 40, Pending = 2, Error = 1 });
        Of(policy, "profile/signing").Users.ShouldBe(new DeliveryCounts { Failed = 3, Conflict = 4 });
        policy.Status.ShouldBeInSync();

        // A stamp alone is no news.
        var second = KubernetesJson.Serialize(policy.Status);
        Report(world, "mobileAppConfigurations", "app-policy", "deviceStatusSummary",
            new() { ["successCount"] = 40, ["pendingCount"] = 2, ["errorCount"] = 1, ["notApplicableCount"] = 9, ["configurationVersion"] = 7, ["lastUpdateDateTime"] = "2027-01-01T00:00:00Z" });
        world.Clock.Forward(Hour);
        await world.ReconcileAsync(policy);
        Batches(world).ShouldBe(3);
        KubernetesJson.Serialize(policy.Status).ShouldBe(second);
        world.Writes.Where(w => !w.Path.EndsWith("/$batch", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_look_is_asked_for_within_the_interval_and_a_sweep_reads_no_counts()
    {
        await using var world = await StartAsync();
        var policy = world.Catalog.Policies.Single();
        var before = Batches(world);

        var outcome = await world.ReconcileAsync(policy);
        await world.SweepAsync();

        outcome.RequeueAfter.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(1), Hour);
        Batches(world).ShouldBe(before);
    }

    [Fact]
    public async Task Fifty_policies_that_look_at_the_same_moment_share_requests()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policies = Enumerable.Range(1, 50).Select(i => world.AddPolicy($"policy-{i}", s => { OnIos(s); s.Delivery = new DeliverySpec(); })).ToList();
        foreach (var policy in policies)
        {
            await world.ReconcileAsync(policy);
        }

        world.Clock.Forward(Hour);
        var before = Batches(world);
        await Task.WhenAll(policies.Select(p => world.ReconcileAsync(p)));

        // Four objects, two summaries each, twenty in a request: twenty, and more where some came late; alone, each would need one of its own.
        (Batches(world) - before).ShouldBeInRange(20, 49);
    }

    [Fact]
    public async Task Counts_that_cannot_be_read_keep_the_policy_ready_and_status_says_why()
    {
        await using var world = await StartAsync();
        var policy = world.Catalog.Policies.Single();
        world.Sim.AddFault(new FaultRule { Path = "deviceStatusSummary$", Status = 403 });

        world.Clock.Forward(Hour);
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        policy.Status!.Delivery!.Problem.ShouldNotBeNullOrEmpty();
        policy.Status.Delivery.Objects!.Count.ShouldBe(4);

        world.Sim.ClearFaults();
        world.Clock.Forward(Hour);
        await world.ReconcileAsync(policy);
        policy.Status!.Delivery!.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task An_outage_changes_nothing_in_status()
    {
        await using var world = await StartAsync();
        var policy = world.Catalog.Policies.Single();
        var before = KubernetesJson.Serialize(policy.Status);
        world.Sim.AddFault(new FaultRule { Path = "deviceStatusSummary$", Status = 503 });

        world.Clock.Forward(Hour);
        await world.ReconcileAsync(policy);

        KubernetesJson.Serialize(policy.Status).ShouldBe(before);
    }

    private async Task<TenantWorld> StartAsync()
    {
        var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => { OnIos(s); s.Delivery = new DeliverySpec(); });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        return world;
    }

    private static void OnIos(SmimePolicySpec spec)
    {
        PlatformTests.All(spec);
        spec.Platforms = null;
    }

    private static ObjectDelivery Of(SmimePolicy policy, string role) => policy.Status!.Delivery!.Objects!.Single(o => o.Role == role);

    private static void Report(TenantWorld world, string collection, string role, string summary, JsonObject counts) =>
        world.Sim.Report(collection, world.Catalog.Policies[0].Status!.Objects!.Single(o => o.Role == role).Id, summary, counts).ShouldBeTrue();

    private static int Batches(TenantWorld world) => world.Sent.Count(s => s.Path.EndsWith("/$batch", StringComparison.Ordinal) && s.Body.Contains("Status", StringComparison.Ordinal));
}
