using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Guards;

public sealed partial class GuardTests(Pki pki)
{
    private const string Policies = "mobileAppConfigurations";
    private const string Records = "userPfxCertificates";

    [Fact]
    public async Task Mass_deletion_trips_the_guard_deletes_nothing_and_the_annotation_lets_just_that_through()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Guard = new GuardSpec { MaxDeletions = 1, MaxDeletionPercent = 0 });
        var import = world.AddImport(change: s =>
        {
            s.Sources = [world.Pkcs12("2021", "old"), world.Tls("current", "current"), world.Tls("renewed", "renewed")];
            s.DeletionPolicy = DeletionPolicy.Delete;
        });
        await world.ReconcileAsync(import);
        world.Sim.Log.Clear();

        (await world.DeleteAsync(import)).Released.ShouldBeFalse();

        var token = Token().Match(import.Status.ShouldBeStalled(Reasons.GuardTripped));
        token.Success.ShouldBeTrue();
        token.Groups["count"].Value.ShouldBe("3");
        world.Writes.ShouldBeEmpty();

        import.Metadata.Annotations = new Dictionary<string, string> { [Annotations.ApproveDeletions] = "3/0000000000000000" };
        (await world.DeleteAsync(import)).Released.ShouldBeFalse();
        import.Metadata.Annotations[Annotations.ApproveDeletions] = token.Groups["token"].Value;
        (await world.DeleteAsync(import)).Released.ShouldBeTrue();
        world.Sim.Count(Records).ShouldBe(0);
    }

    [Fact]
    public async Task Deletions_count_across_resources_until_the_window_has_passed()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Guard = new GuardSpec { MaxDeletions = 1, MaxDeletionPercent = 0, Window = "1h" });
        var first = world.AddImport("first", s => { s.Sources = [world.Pkcs12("2021", "old")]; s.DeletionPolicy = DeletionPolicy.Delete; });
        var second = world.AddImport("second", s => { s.Sources = [world.Tls("current", "current")]; s.DeletionPolicy = DeletionPolicy.Delete; });
        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);

        (await world.DeleteAsync(first)).Released.ShouldBeTrue();
        (await world.DeleteAsync(second)).Released.ShouldBeFalse();
        second.Status.ShouldBeStalled(Reasons.GuardTripped);

        world.Clock.Forward(TimeSpan.FromHours(1));
        (await world.DeleteAsync(second)).Released.ShouldBeTrue();
    }

    [Fact]
    public async Task Deletions_of_the_window_are_remembered_by_a_successor()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Guard = new GuardSpec { MaxDeletions = 1, MaxDeletionPercent = 0, Window = "1h" });
        var first = world.AddImport("first", s => { s.Sources = [world.Pkcs12("2021", "old")]; s.DeletionPolicy = DeletionPolicy.Delete; });
        var second = world.AddImport("second", s => { s.Sources = [world.Tls("current", "current")]; s.DeletionPolicy = DeletionPolicy.Delete; });
        await world.ReconcileAsync(world.Tenant);
        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);
        (await world.DeleteAsync(first)).Released.ShouldBeTrue();
        world.Tenant.Status!.RecentRemovals!.Sum(r => r.Count).ShouldBe(1, "it is on record although the Tenant was not reconciled since");

        await world.RestartAsync();
        await world.ReconcileAsync(world.Tenant);
        world.Tenant.Status!.RecentRemovals!.Sum(r => r.Count).ShouldBe(1);
        (await world.DeleteAsync(second)).Released.ShouldBeFalse();
        var token = Token().Match(second.Status.ShouldBeStalled(Reasons.GuardTripped)).Groups["token"].Value;

        await world.RestartAsync();
        second.Metadata.Annotations = new Dictionary<string, string> { [Annotations.ApproveDeletions] = token };
        (await world.DeleteAsync(second)).Released.ShouldBeTrue("an approval is good for the same set after a restart too");

        world.Clock.Forward(TimeSpan.FromHours(1));
        await world.ReconcileAsync(world.Tenant);
        world.Tenant.Status!.RecentRemovals.ShouldBeNull();
    }

    [Fact]
    public async Task Unassignments_count_too()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Guard = new GuardSpec { MaxDeletions = 1, MaxDeletionPercent = 0 });
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);
        var groups = Enumerable.Range(0, 3).Select(i => world.Sim.AddGroup($"G{i}")).ToList();
        var assignment = world.AddAssignment("all", s => s.Include = [.. groups.Select(g => new IncludeTarget { Group = new GroupReference { Id = g } })]);
        await world.ReconcileAsync(assignment);
        world.Sim.Log.Clear();

        TenantWorld.Edit(assignment, s => s.Include = [new IncludeTarget { Group = new GroupReference { Id = groups[0] } }]);
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeStalled(Reasons.GuardTripped);
        world.Writes.ShouldBeEmpty();
        world.Sim.List(Policies).Single()["assignments"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_correction_that_the_service_accepts_three_times_without_effect_is_not_sent_a_fourth_time()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);
        var id = (string)world.Sim.List(Policies).Single()["id"]!;
        world.Sim.Change(Policies, id, new JsonObject { ["displayName"] = "Renamed" });
        world.Sim.AddFault(new FaultRule { Method = "PATCH", IgnoreWrite = true });
        world.Sim.Log.Clear();
        for (var i = 0; i < 3; i++)
        {
            // What is counted stands in the status, so a process that begins anew counts on.
            await world.RestartAsync();
            await world.SweepAsync();
            await world.ReconcileAsync(policy);
        }

        world.Writes.Count.ShouldBe(3);
        policy.Status!.Corrections!.ShouldHaveSingleItem().Count.ShouldBe(3);
        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(Reasons.NotConverging).ShouldContain("/displayName");
        world.Writes.Count.ShouldBe(3);

        // The refusal stands, however long it lasts and whoever looks.
        await world.RestartAsync();
        world.Clock.Forward(TimeSpan.FromDays(2));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.NotConverging);
        world.Writes.Count.ShouldBe(3);

        // A person mends it and asks again.
        world.Sim.ClearFaults();
        policy.Metadata.Annotations = new Dictionary<string, string> { [Annotations.ReconcileRequestedAt] = "now" };
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        policy.Status!.LastHandledReconcileAt.ShouldBe("now");
        ((string?)world.Sim.Find(Policies, id)!["displayName"]).ShouldBe("outlook");
    }

    [GeneratedRegex(@"approve-deletions=(?<token>(?<count>[0-9]+)/[0-9a-f]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
