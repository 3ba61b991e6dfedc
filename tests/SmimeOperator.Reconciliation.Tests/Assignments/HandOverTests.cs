using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Assignments;

/// <summary>What an Assignment brought is somebody's to take away at every moment: also while it passes to another, and while the way to the app is cut.</summary>
public sealed class HandOverTests(Pki pki)
{
    private const string Policies = "mobileAppConfigurations";
    private const string Apps = "mobileApps";

    [Fact]
    public async Task A_deleted_Assignment_waits_for_the_one_that_takes_over_and_nobody_loses_anything()
    {
        await using var world = await StartAsync();
        var group = world.Sim.AddGroup("One");
        var first = world.AddAssignment("first", s => s.Include = [Group(group)]);
        await world.ReconcileAsync(first);
        var second = world.AddAssignment("second", s => s.Include = [Group(group)]);
        world.Sim.Log.Clear();

        (await world.DeleteAsync(first)).Released.ShouldBeFalse();
        first.Status.ShouldWait(Reasons.DependencyNotReady).ShouldContain("second");

        await world.ReconcileAsync(second);
        (await world.DeleteAsync(first)).Released.ShouldBeTrue();
        world.Writes.ShouldBeEmpty();
        Groups(world, Apps).ShouldBe([group]);

        (await world.DeleteAsync(second)).Released.ShouldBeTrue();
        Groups(world, Apps).ShouldBeEmpty();
        Groups(world, Policies).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_should_have_taken_over_and_goes_before_it_did_leaves_nothing_behind()
    {
        await using var world = await StartAsync();
        var group = world.Sim.AddGroup("One");
        var first = world.AddAssignment("first", s => s.Include = [Group(group)]);
        await world.ReconcileAsync(first);
        var second = world.AddAssignment("second", s => s.Include = [Group(group)]);
        await world.DeleteAsync(first);

        (await world.DeleteAsync(second)).Released.ShouldBeTrue();
        (await world.DeleteAsync(first)).Released.ShouldBeTrue();

        Groups(world, Apps).ShouldBeEmpty();
        Groups(world, Policies).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_target_that_moves_to_another_Assignment_is_remembered_until_that_one_has_it()
    {
        await using var world = await StartAsync();
        var (one, two, three) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Two"), world.Sim.AddGroup("Three"));
        var first = world.AddAssignment("first", s => s.Include = [Group(one), Group(two)]);
        await world.ReconcileAsync(first);
        var second = world.AddAssignment("second", s => s.Include = [Group(two)]);
        TenantWorld.Edit(first, s => s.Include = [Group(one)]);
        await world.ReconcileAsync(first);
        Groups(world, Apps).ShouldBe([one, two], ignoreOrder: true);

        // Before it ever worked, the other changes its mind.
        TenantWorld.Edit(second, s => s.Include = [Group(three)]);
        await world.ReconcileAsync(second);
        await world.ReconcileAsync(first);

        Groups(world, Apps).ShouldBe([one, three], ignoreOrder: true);
        Groups(world, Policies).ShouldBe([one, three], ignoreOrder: true);
        first.Status!.Targets!.Select(t => t.Id).ShouldBe([one]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_app_policy_is_missing_the_app_is_known_all_the_same(bool deleted)
    {
        await using var world = await StartAsync();
        await AddOtherAsync(world);
        var (one, two) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Two"));
        var assignment = world.AddAssignment("other-people", s => s.Include = [Group(one), Group(two)], "other");
        await world.ReconcileAsync(assignment);
        Groups(world, Apps).ShouldBe([one, two], ignoreOrder: true);

        world.Sim.Delete(Policies, (string)world.Sim.List(Policies).Single(p => (string?)p["displayName"] == "Other")["id"]!);
        await world.SweepAsync();
        if (deleted)
        {
            (await world.DeleteAsync(assignment)).Released.ShouldBeTrue();
        }
        else
        {
            TenantWorld.Edit(assignment, s => s.Include = [Group(two)]);
            await world.ReconcileAsync(assignment);
        }

        Groups(world, Apps).ShouldBe(deleted ? [] : [two]);
    }

    [Fact]
    public async Task An_app_that_the_policy_leaves_for_another_is_taken_back_from_whom_it_was_brought_to()
    {
        await using var world = await StartAsync();
        var other = await AddOtherAsync(world);
        var group = world.Sim.AddGroup("One");
        var assignment = world.AddAssignment("other-people", s => s.Include = [Group(group)], "other");
        await world.ReconcileAsync(assignment);
        var bought = world.Sim.AddVppApp();
        await world.SweepAsync();

        TenantWorld.Edit(other, s => s.App.Source = AppSource.Vpp);
        await world.ReconcileAsync(other);
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        world.Sim.List(Apps).Where(a => (a["assignments"]?.AsArray().Count ?? 0) > 0).Select(a => (string)a["id"]!).ShouldBe([bought]);
        Groups(world, Policies).ShouldBe([group]);
    }

    private static IncludeTarget Group(string id) => new() { Group = new GroupReference { Id = id } };

    private static IEnumerable<string?> Groups(TenantWorld world, string collection) =>
        world.Sim.List(collection).SelectMany(o => (o["assignments"]?.AsArray() ?? []).Select(a => (string?)a!["target"]!["groupId"])).Distinct();

    // The app was made by the first policy, so only this one's app policy leads to it.
    private static async Task<SmimePolicy> AddOtherAsync(TenantWorld world)
    {
        var other = world.AddPolicy("other", s => s.DisplayName = "Other");
        await world.ReconcileAsync(other);
        return other;
    }

    private async Task<TenantWorld> StartAsync()
    {
        var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        return world;
    }
}
