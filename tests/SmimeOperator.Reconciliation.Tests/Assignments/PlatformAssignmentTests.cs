using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Policies;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Assignments;

/// <summary>Who gets which platform's objects, and how the app behaves.</summary>
public sealed class PlatformAssignmentTests(Pki pki)
{
    private static readonly string[] Collections = ["mobileApps", "mobileAppConfigurations", "deviceConfigurations"];

    [Fact]
    public async Task Without_a_filter_every_platform_is_assigned_to_the_same_people()
    {
        await using var world = await StartAsync();
        var group = world.Sim.AddGroup("Users");
        var assignment = world.AddAssignment("all", s => s.Include = [Group(group)]);

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Reached(world, group).Count.ShouldBe(2 + 2 + 15);
        world.Sim.Log.Clear();
        await world.SweepAsync();
        await world.ReconcileAsync(assignment);
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_filter_narrows_its_target_to_its_own_platform_and_status_says_so()
    {
        await using var world = await StartAsync();
        var group = world.Sim.AddGroup("Users");
        world.Sim.AddFilter("Corporate iPhones");
        await world.SweepAsync();
        var assignment = world.AddAssignment("all", s => s.Include = [Group(group, "Corporate iPhones")]);

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Reached(world, group).ShouldAllBe(t => t.StartsWith("ios", StringComparison.Ordinal));
        Reached(world, group).Count.ShouldBe(5);
        assignment.Status.Condition(ConditionTypes.Ready)!.Message.ShouldContain("filter 'Corporate iPhones' is for iOS");
        assignment.Status!.Targets!.Single(t => t.Kind == "Filter").Platform.ShouldBe("iOS");
    }

    [Fact]
    public async Task One_group_has_a_filter_of_its_own_on_each_platform()
    {
        await using var world = await StartAsync();
        var group = world.Sim.AddGroup("Users");
        world.Sim.AddFilter("Corporate iPhones");
        world.Sim.AddFilter("Corporate Androids", platform: "androidForWork");
        await world.SweepAsync();
        var assignment = world.AddAssignment("all", s => s.Include =
        [
            Group(group, "Corporate iPhones", DevicePlatform.IOS),
            Group(group, "Corporate Androids", DevicePlatform.Android),
            Group(group, null, DevicePlatform.MacOS),
        ]);

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Reached(world, group).Select(t => t[..3]).Distinct().Order().ShouldBe(["and", "ios", "mac"]);

        TenantWorld.Edit(assignment, s => s.Include.RemoveAt(1));
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldBeInSync();
        Reached(world, group).Select(t => t[..3]).Distinct().Order().ShouldBe(["ios", "mac"]);
    }

    [Theory]
    [InlineData("windows10AndLater", null, "the policy serves IOS, Android, MacOS")]
    [InlineData("androidAOSP", null, "is for androidAOSP")]
    [InlineData("iOS", DevicePlatform.Android, "is for iOS")]
    [InlineData(null, DevicePlatform.Windows, "is for Windows")]
    public async Task What_reaches_nothing_or_contradicts_itself_is_refused_and_nobody_is_assigned(string? filter, DevicePlatform? named, string said)
    {
        await using var world = await StartAsync(s => s.Platforms!.Windows = null);
        var group = world.Sim.AddGroup("Users");
        if (filter is not null)
        {
            world.Sim.AddFilter("A filter", platform: filter);
            await world.SweepAsync();
        }

        world.Sim.Log.Clear();
        var assignment = world.AddAssignment("all", s => s.Include = [Group(group, filter is null ? null : "A filter", named is { } p ? [p] : [])]);

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain(said);
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_work_profile_filter_reaches_work_profile_objects_alone()
    {
        await using var world = await StartAsync();
        var group = world.Sim.AddGroup("Users");
        world.Sim.AddFilter("Private phones", platform: "androidWorkProfile");
        await world.SweepAsync();
        var assignment = world.AddAssignment("all", s => s.Include = [Group(group, "Private phones")]);

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Reached(world, group).ShouldAllBe(t => t.StartsWith("androidForWork", StringComparison.Ordinal));
    }

    [Fact]
    public async Task App_settings_are_written_compared_field_by_field_and_the_others_left_alone()
    {
        await using var world = await StartAsync(s => { s.Platforms = null; s.App.Source = AppSource.Vpp; }, w => w.Sim.AddVppApp());
        var group = world.Sim.AddGroup("Users");
        var assignment = world.AddAssignment("all", s =>
        {
            s.Include = [Group(group)];
            s.App.Settings = new AppSettings { UseDeviceLicensing = true, IsRemovable = false };
        });

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        ((string?)Settings(world)["@odata.type"]).ShouldBe("#microsoft.graph.iosVppAppAssignmentSettings");
        ((bool?)Settings(world)["useDeviceLicensing"]).ShouldBe(true);
        ((bool?)Settings(world)["isRemovable"]).ShouldBe(false);

        // One stated field and one that nobody speaks of are changed in the portal.
        var app = world.Sim.List("mobileApps").Single();
        var there = app["assignments"]!.AsArray().Single()!.DeepClone().AsObject();
        there["settings"]!["isRemovable"] = true;
        there["settings"]!["uninstallOnDeviceRemoval"] = true;
        world.Sim.Change("mobileApps", (string)app["id"]!, new JsonObject
        {
            ["assignments"] = new JsonArray(new JsonObject
            {
                ["intent"] = "required", ["target"] = there["target"]!.DeepClone(), ["settings"] = there["settings"]!.DeepClone(),
            }),
        });
        world.Sim.Log.Clear();
        await world.SweepAsync();
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        world.Writes.ShouldHaveSingleItem();
        ((bool?)Settings(world)["isRemovable"]).ShouldBe(false);
        ((bool?)Settings(world)["uninstallOnDeviceRemoval"]).ShouldBe(true);
        assignment.Status!.Drift!.ShouldHaveSingleItem().Path.ShouldEndWith("/settings/isRemovable");

        world.Sim.Log.Clear();
        await world.SweepAsync();
        await world.ReconcileAsync(assignment);
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_of_volume_purchase_are_refused_for_a_store_app()
    {
        await using var world = await StartAsync();
        var group = world.Sim.AddGroup("Users");
        world.Sim.Log.Clear();
        var assignment = world.AddAssignment("all", s =>
        {
            s.Include = [Group(group)];
            s.App.Settings = new AppSettings { UseDeviceLicensing = true };
        });

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("spec.app.settings");
        world.Writes.ShouldBeEmpty();
    }

    private async Task<TenantWorld> StartAsync(Action<SmimePolicySpec>? change = null, Action<TenantWorld>? prepare = null)
    {
        var world = await TenantWorld.StartAsync(pki);
        (prepare ?? (w => w.Sim.AddAndroidApp()))(world);
        var policy = world.AddPolicy(change: s => { PlatformTests.All(s); change?.Invoke(s); });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        return world;
    }

    private static JsonNode Settings(TenantWorld world) => world.Sim.List("mobileApps").Single()["assignments"]!.AsArray().Single()!["settings"]!;

    private static List<string> Reached(TenantWorld world, string group) =>
    [
        .. Collections.SelectMany(world.Sim.List)
            .Where(o => o["assignments"]!.AsArray().Any(a => (string?)a!["target"]!["groupId"] == group))
            .Select(o => ((string)o["@odata.type"]!).Split('.')[^1]),
    ];

    private static IncludeTarget Group(string id, string? filter = null, params DevicePlatform[] platforms) => new()
    {
        Group = new GroupReference { Id = id },
        Filter = filter is null ? null : new FilterReference { DisplayName = filter, Mode = FilterMode.Include },
        Platforms = platforms.Length == 0 ? null : [.. platforms],
    };
}
