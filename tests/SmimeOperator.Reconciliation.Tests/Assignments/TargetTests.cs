using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Assignments;

public sealed class TargetTests(Pki pki)
{
    private const string Policies = "mobileAppConfigurations";

    [Theory]
    [InlineData(FilterMode.Include, "include", true)]
    [InlineData(FilterMode.Exclude, "exclude", true)]
    [InlineData(FilterMode.Include, "include", false)]
    [InlineData(FilterMode.Exclude, "exclude", false)]
    public async Task A_filter_by_id_or_name_is_written_with_its_mode_and_another_mode_in_the_portal_is_drift(FilterMode mode, string expected, bool byId)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var (group, filter) = (world.Sim.AddGroup("People"), world.Sim.AddFilter("Corporate"));
        await world.ReconcileAsync(world.AddPolicy());
        var assignment = world.AddAssignment("all", s => s.Include =
        [
            new IncludeTarget
            {
                Group = new GroupReference { Id = group },
                Filter = new FilterReference { Id = byId ? filter : null, DisplayName = byId ? null : "Corporate", Mode = mode },
            },
        ]);

        await world.ReconcileAsync(assignment);

        var policy = world.Sim.List(Policies).Single();
        FilterOf(policy).ShouldBe((filter, expected));

        var tampered = policy["assignments"]!.DeepClone();
        tampered[0]!["target"]!["deviceAndAppManagementAssignmentFilterType"] = expected == "include" ? "exclude" : "include";
        world.Sim.Change(Policies, (string)policy["id"]!, new JsonObject { ["assignments"] = tampered });
        await world.SweepAsync();
        await world.ReconcileAsync(assignment);

        FilterOf(world.Sim.List(Policies).Single()).ShouldBe((filter, expected));
        assignment.Status!.Drift!.ShouldContain(d => d.Corrected);
        assignment.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task Scope_tags_are_on_everything_that_is_made_and_their_order_is_no_drift()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s =>
        {
            s.RoleScopeTagIds = ["7", "1"];
            s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        });
        await world.ReconcileAsync(policy);

        foreach (var collection in new[] { Policies, "deviceConfigurations" })
        {
            var made = world.Sim.List(collection).Single();
            made["roleScopeTagIds"]!.AsArray().Select(t => (string?)t).ShouldBe(["7", "1"], ignoreOrder: true);
            world.Sim.Change(collection, (string)made["id"]!, new JsonObject { ["roleScopeTagIds"] = new JsonArray("1", "7") });
        }

        world.Sim.Log.Clear();
        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        world.Writes.ShouldBeEmpty();
        policy.Status!.Drift.ShouldBeNull();
    }

    private static (string?, string?) FilterOf(JsonObject policy)
    {
        var target = policy["assignments"]!.AsArray().Single()!["target"]!;
        return ((string?)target["deviceAndAppManagementAssignmentFilterId"], (string?)target["deviceAndAppManagementAssignmentFilterType"]);
    }
}
