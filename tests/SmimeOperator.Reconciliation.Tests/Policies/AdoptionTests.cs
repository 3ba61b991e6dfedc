using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Policies;

public sealed class AdoptionTests(Pki pki)
{
    private const string Policies = "mobileAppConfigurations";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_taking_over_would_change_is_told_before_anything_is_changed(bool byId)
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Mode = TenantMode.ReadOnly);
        var app = world.Sim.AddStoreApp();
        var id = AddByHand(world, "outlook");
        var policy = world.AddPolicy(change: s => s.Adoption = byId ? new AdoptionSpec { Id = id } : new AdoptionSpec { Mode = AdoptionMode.IfUnique });

        var planned = await world.ReconcileAsync(policy);

        var told = policy.Status.ShouldWait(Reasons.ReadOnly);
        told.ShouldContain(id);
        told.ShouldContain("/description");
        planned.Plan.Changes.ShouldHaveSingleItem().Action.ShouldBe(ChangeAction.Adopt);
        planned.Events.ShouldContain(e => e.Reason == Reasons.ReadOnly && e.Message.Contains(id, StringComparison.Ordinal));
        world.Writes.ShouldBeEmpty();

        TenantWorld.Edit(world.Tenant, t => t.Mode = TenantMode.Enforce);
        var outcome = await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Texts.ShouldContain(t => t.Contains("Progressing", StringComparison.Ordinal) && t.Contains(id, StringComparison.Ordinal) && t.Contains("/description", StringComparison.Ordinal));
        outcome.Events.ShouldContain(e => e.Reason == Reasons.Updated && e.Message.Contains("took over", StringComparison.Ordinal) && e.Message.Contains("/targetedMobileApps", StringComparison.Ordinal));
        world.Sim.Count(Policies).ShouldBe(1);
        ((string?)world.Sim.Find(Policies, id)!["description"])!.ShouldContain("SmimePolicy/team-a/outlook");
        world.Sim.Find(Policies, id)!["targetedMobileApps"]!.AsArray().Select(a => (string?)a).ShouldBe([app]);

        // What somebody else made is never deleted.
        (await world.DeleteAsync(policy)).Released.ShouldBeTrue();
        world.Sim.Find(Policies, id).ShouldNotBeNull();
    }

    [Fact]
    public async Task Two_objects_of_the_name_are_named_and_none_is_picked()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        string[] twins = [AddByHand(world, "outlook"), AddByHand(world, "outlook")];
        var policy = world.AddPolicy(change: s => s.Adoption = new AdoptionSpec { Mode = AdoptionMode.IfUnique });

        await world.ReconcileAsync(policy);

        var told = policy.Status.ShouldBeStalled(Reasons.AmbiguousMatch);
        twins.ShouldAllBe(id => told.Contains(id, StringComparison.Ordinal));
        world.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[smime-operator cluster=elsewhere owner=SmimePolicy/team-a/outlook uid=1 role=app-policy]", "elsewhere")]
    [InlineData("[smime-operator cluster=CLUSTER owner=SmimePolicy/team-b/rival uid=1 role=app-policy]", "SmimePolicy/team-b/rival")]
    public async Task An_object_with_the_mark_of_another_owner_is_a_conflict_that_names_it(string mark, string named)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        mark = mark.Replace("CLUSTER", world.Catalog.ClusterId, StringComparison.Ordinal);
        var id = AddByHand(world, "outlook", mark);
        var policy = world.AddPolicy(change: s => s.Adoption = new AdoptionSpec { Id = id });

        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain(named);
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_of_ours_that_another_owner_marked_is_a_conflict_and_stays_as_it_is()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);
        var id = (string)world.Sim.List(Policies).Single()["id"]!;
        world.Sim.Change(Policies, id, new JsonObject { ["description"] = "[smime-operator cluster=elsewhere owner=SmimePolicy/x/y uid=1 role=app-policy]" });
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain("SmimePolicy/x/y of cluster elsewhere");
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_that_is_not_there_is_waited_for()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.Adoption = new AdoptionSpec { Id = "99999999-0000-0000-0000-000000000000" });

        await world.ReconcileAsync(policy);

        policy.Status.ShouldWait(Reasons.NotFoundInTenant).ShouldContain("99999999-0000-0000-0000-000000000000");
        world.Sim.Count(Policies).ShouldBe(0);
    }

    [Fact]
    public async Task With_onExternalDelete_Report_what_somebody_deleted_stays_gone_until_the_spec_says_otherwise()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.OnExternalDelete = ExternalDeletion.Report);
        await world.ReconcileAsync(policy);
        var id = (string)world.Sim.List(Policies).Single()["id"]!;
        world.Sim.Delete(Policies, id);
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        await world.ReconcileAsync(policy);

        world.Writes.ShouldBeEmpty();
        policy.Status.ShouldBeInSync();
        policy.Status.Condition(ConditionTypes.Drifted)!.Status.ShouldBe("True");
        policy.Status!.Drift!.ShouldContain(d => d.Id == id && d.Observed == "absent" && !d.Corrected);

        TenantWorld.Edit(policy, s => s.OnExternalDelete = ExternalDeletion.Recreate);
        await world.ReconcileAsync(policy);
        world.Sim.Count(Policies).ShouldBe(1);
    }

    private static string AddByHand(TenantWorld world, string name, string description = "made by hand") => world.Sim.Add(Policies, new JsonObject
    {
        ["@odata.type"] = "#microsoft.graph.iosMobileAppConfiguration",
        ["displayName"] = name,
        ["description"] = description,
        ["targetedMobileApps"] = new JsonArray(),
    });
}
