using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Assignments;

public sealed class AssignmentTests(Pki pki)
{
    private const string Policies = "mobileAppConfigurations";
    private const string Profiles = "deviceConfigurations";
    private const string Apps = "mobileApps";
    private const string None = "none";

    [Fact]
    public async Task Groups_by_name_and_id_exclusions_and_filters_reach_every_object_of_the_policy()
    {
        await using var world = await StartAsync();
        var byName = world.Sim.AddGroup("S/MIME users");
        var byId = world.Sim.AddGroup("Others");
        var excluded = world.Sim.AddGroup("Contractors");
        var filter = world.Sim.AddFilter("Corporate iPhones");
        await world.SweepAsync();
        var assignment = world.AddAssignment("all", s =>
        {
            s.Include =
            [
                new IncludeTarget
                {
                    Group = new GroupReference { DisplayName = "s/mime USERS" },
                    Filter = new FilterReference { DisplayName = "Corporate iPhones", Mode = FilterMode.Include },
                },
                new IncludeTarget { Group = new GroupReference { Id = byId.ToUpperInvariant() } },
            ];
            s.Exclude = [new ExcludeTarget { Group = new GroupReference { DisplayName = "Contractors" } }];
        });

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        string[] expected =
        [
            $"groupAssignmentTarget {byName} include {filter}", $"groupAssignmentTarget {byId} none", $"exclusionGroupAssignmentTarget {excluded} none",
        ];
        foreach (var collection in (string[])[Policies, Profiles, Apps])
        {
            Targets(world, collection).ShouldBe(expected, ignoreOrder: true, collection);
        }

        Intents(world).ShouldAllBe(i => i == "required");
        assignment.Status!.Targets!.Single(t => t.DisplayName == "s/mime USERS").Id.ShouldBe(byName);
    }

    [Fact]
    public async Task The_second_pass_writes_nothing()
    {
        await using var world = await StartAsync();
        var assignment = world.AddAssignment("all", s => s.Include = [Everyone, Group(world.Sim.AddGroup("One"))]);
        await world.ReconcileAsync(assignment);
        world.Writes.ShouldNotBeEmpty();
        world.Sim.Log.Clear();

        await world.ReconcileAsync(assignment);
        await world.SweepAsync();
        await world.ReconcileAsync(assignment);

        world.Writes.ShouldBeEmpty();
        Targets(world, Policies).ShouldContain("allLicensedUsersAssignmentTarget  none");
    }

    [Theory]
    [InlineData(AppIntent.Required, "required")]
    [InlineData(AppIntent.Available, "available")]
    [InlineData(AppIntent.None, null)]
    public async Task The_app_gets_the_intent_of_the_spec(AppIntent intent, string? expected)
    {
        await using var world = await StartAsync();
        var assignment = world.AddAssignment("all", s => { s.Include = [Group(world.Sim.AddGroup("One"))]; s.App.Intent = intent; });

        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Intents(world).ShouldBe(expected is null ? [] : [expected]);
        Targets(world, Policies).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_intent_that_is_taken_back_takes_back_what_it_brought_and_nobody_elses()
    {
        await using var world = await StartAsync();
        var (one, others) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Others"));
        var assignment = world.AddAssignment("all", s => s.Include = [Group(one)]);
        await world.ReconcileAsync(assignment);
        world.Sim.Change(Apps, (string)world.Sim.List(Apps).Single()["id"]!, new()
        {
            ["assignments"] = new JsonArray(world.Sim.List(Apps).Single()["assignments"]!.AsArray().Select(a => a!.DeepClone()).Append(new JsonObject
            {
                ["intent"] = "available", ["target"] = new JsonObject { ["@odata.type"] = "#microsoft.graph.groupAssignmentTarget", ["groupId"] = others },
            }).ToArray()),
        });
        await world.SweepAsync();

        TenantWorld.Edit(assignment, s => s.App.Intent = AppIntent.None);
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Targets(world, Apps).ShouldBe([$"groupAssignmentTarget {others} none"]);
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {one} none"]);
    }

    [Fact]
    public async Task Two_Assignments_of_one_policy_are_merged_and_one_that_goes_takes_only_its_own_along()
    {
        await using var world = await StartAsync();
        var (one, two) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Two"));
        var first = world.AddAssignment("first", s => s.Include = [Group(one)]);
        var second = world.AddAssignment("second", s => s.Include = [Group(two), Group(one)]);

        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {one} none", $"groupAssignmentTarget {two} none"], ignoreOrder: true);

        (await world.DeleteAsync(second)).Released.ShouldBeTrue();

        foreach (var collection in (string[])[Policies, Profiles, Apps])
        {
            Targets(world, collection).ShouldBe([$"groupAssignmentTarget {one} none"], collection);
        }
    }

    [Fact]
    public async Task A_target_taken_out_of_the_spec_is_unassigned_even_with_foreign_Keep()
    {
        await using var world = await StartAsync();
        var (one, two) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Two"));
        var assignment = world.AddAssignment("all", s => { s.Include = [Group(one), Group(two)]; s.Foreign = ForeignAssignments.Keep; });
        await world.ReconcileAsync(assignment);

        TenantWorld.Edit(assignment, s => s.Include = [Group(one)]);
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        foreach (var collection in (string[])[Policies, Profiles, Apps])
        {
            Targets(world, collection).ShouldBe([$"groupAssignmentTarget {one} none"], collection);
        }
    }

    [Fact]
    public async Task Contradictory_Assignments_stall_and_change_nothing()
    {
        await using var world = await StartAsync();
        var (one, two) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Two"));
        var first = world.AddAssignment("first", s => s.Include = [Group(one)]);
        await world.ReconcileAsync(first);
        world.Sim.Log.Clear();
        var second = world.AddAssignment("second", s => { s.Include = [Group(two)]; s.Exclude = [new ExcludeTarget { Group = new GroupReference { Id = one } }]; });

        await world.ReconcileAsync(second);
        await world.ReconcileAsync(first);

        second.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain("first");
        first.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain("second");
        world.Writes.ShouldBeEmpty();

        (await world.DeleteAsync(second)).Released.ShouldBeTrue();
        await world.ReconcileAsync(first);
        first.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task A_missing_group_is_waited_for_and_nobody_is_unassigned()
    {
        await using var world = await StartAsync();
        var one = world.Sim.AddGroup("One");
        var assignment = world.AddAssignment("all", s => s.Include = [Group(one)]);
        await world.ReconcileAsync(assignment);
        world.Sim.Log.Clear();

        TenantWorld.Edit(assignment, s => s.Include = [new IncludeTarget { Group = new GroupReference { DisplayName = "Not yet" } }]);
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldWait(Reasons.NotFoundInTenant).ShouldContain("Not yet");
        world.Writes.ShouldBeEmpty();
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {one} none"]);

        var two = world.Sim.AddGroup("Not yet");
        world.Clock.Forward(TimeSpan.FromMinutes(1));
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldBeInSync();
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {two} none"]);
    }

    [Fact]
    public async Task A_name_of_several_groups_stalls_and_the_ids_are_named()
    {
        await using var world = await StartAsync();
        var (one, two) = (world.Sim.AddGroup("Same"), world.Sim.AddGroup("Same"));
        var assignment = world.AddAssignment("all", s => s.Include = [new IncludeTarget { Group = new GroupReference { DisplayName = "Same" } }]);

        await world.ReconcileAsync(assignment);

        var message = assignment.Status.ShouldBeStalled(Reasons.AmbiguousMatch);
        message.ShouldContain(one);
        message.ShouldContain(two);
        Targets(world, Policies).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_is_resolved_once_and_a_second_group_of_that_name_changes_nothing()
    {
        await using var world = await StartAsync();
        var one = world.Sim.AddGroup("Same");
        var assignment = world.AddAssignment("all", s => s.Include = [new IncludeTarget { Group = new GroupReference { DisplayName = "Same" } }]);
        await world.ReconcileAsync(assignment);

        world.Sim.AddGroup("Same");
        await world.SweepAsync();
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {one} none"]);
    }

    [Theory]
    [InlineData(ForeignAssignments.Remove)]
    [InlineData(ForeignAssignments.Keep)]
    public async Task What_somebody_assigned_in_the_portal_goes_or_stays_as_the_spec_says(ForeignAssignments foreign)
    {
        await using var world = await StartAsync();
        var (ours, theirs) = (world.Sim.AddGroup("Ours"), world.Sim.AddGroup("Theirs"));
        var assignment = world.AddAssignment("all", s => { s.Include = [Group(ours)]; s.Foreign = foreign; });
        await world.ReconcileAsync(assignment);
        var id = (string)world.Sim.List(Policies).Single()["id"]!;
        world.Sim.Change(Policies, id, new JsonObject { ["assignments"] = new JsonArray(Portal(ours), Portal(theirs)) });

        await world.SweepAsync();
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        string[] kept = foreign == ForeignAssignments.Keep ? [$"groupAssignmentTarget {theirs} none"] : [];
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {ours} none", .. kept], ignoreOrder: true);
        (assignment.Status!.Drift is not null).ShouldBe(foreign == ForeignAssignments.Remove);
    }

    [Fact]
    public async Task An_assignment_that_somebody_removed_comes_back_and_Detect_only_tells()
    {
        await using var world = await StartAsync();
        var one = world.Sim.AddGroup("One");
        var assignment = world.AddAssignment("all", s => { s.Include = [Group(one)]; s.Drift.Mode = DriftMode.Detect; });
        await world.ReconcileAsync(assignment);
        var id = (string)world.Sim.List(Policies).Single()["id"]!;
        world.Sim.Change(Policies, id, new JsonObject { ["assignments"] = new JsonArray() });

        await world.SweepAsync();
        await world.ReconcileAsync(assignment);
        Targets(world, Policies).ShouldBeEmpty();
        assignment.Status.Condition(ConditionTypes.Drifted)!.Status.ShouldBe("True");

        TenantWorld.Edit(assignment, s => s.Drift.Mode = DriftMode.Correct);
        await world.ReconcileAsync(assignment);
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {one} none"]);
        assignment.Status!.Drift!.ShouldContain(d => d.Corrected);
    }

    [Fact]
    public async Task What_a_policy_set_assigned_is_never_touched()
    {
        await using var world = await StartAsync();
        var (ours, set) = (world.Sim.AddGroup("Ours"), world.Sim.AddGroup("Set"));
        var id = (string)world.Sim.List(Profiles)[0]["id"]!;
        world.Sim.AddPolicySetAssignment(Profiles, id, set);
        var assignment = world.AddAssignment("all", s => s.Include = [Group(ours)]);

        await world.SweepAsync();
        await world.ReconcileAsync(assignment);

        assignment.Status.ShouldBeInSync();
        Of(id).ShouldBe([set, ours], ignoreOrder: true);
        (await world.DeleteAsync(assignment)).Released.ShouldBeTrue();
        Of(id).ShouldBe([set]);

        IEnumerable<string?> Of(string profile) =>
            world.Sim.Find(Profiles, profile)!["assignments"]!.AsArray().Select(a => (string?)a!["target"]!["groupId"]);
    }

    [Fact]
    public async Task A_deleted_Assignment_removes_only_what_it_brought()
    {
        await using var world = await StartAsync();
        var (ours, theirs) = (world.Sim.AddGroup("Ours"), world.Sim.AddGroup("Theirs"));
        var id = (string)world.Sim.List(Policies).Single()["id"]!;
        world.Sim.Change(Policies, id, new JsonObject { ["assignments"] = new JsonArray(Portal(theirs)) });
        await world.SweepAsync();
        var assignment = world.AddAssignment("all", s => { s.Include = [Group(ours)]; s.Foreign = ForeignAssignments.Keep; });
        await world.ReconcileAsync(assignment);

        (await world.DeleteAsync(assignment)).Released.ShouldBeTrue();

        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {theirs} none"]);
        Targets(world, Apps).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deletion_waits_while_a_sibling_does_not_know_what_it_wants()
    {
        await using var world = await StartAsync();
        var one = world.Sim.AddGroup("One");
        var first = world.AddAssignment("first", s => { s.Include = [Group(one)]; s.Foreign = ForeignAssignments.Keep; });
        await world.ReconcileAsync(first);
        var second = world.AddAssignment("second", s => { s.Include = [new IncludeTarget { Group = new GroupReference { DisplayName = "Gone" } }]; s.Foreign = ForeignAssignments.Keep; });

        (await world.DeleteAsync(first)).Released.ShouldBeFalse();
        first.Status.ShouldWait(Reasons.DependencyNotReady).ShouldContain("second");
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {one} none"]);

        (await world.DeleteAsync(second)).Released.ShouldBeTrue();
        (await world.DeleteAsync(first)).Released.ShouldBeTrue();
        Targets(world, Policies).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ForeignAssignments.Remove, DriftMode.Correct)]
    [InlineData(ForeignAssignments.Keep, DriftMode.Correct)]
    [InlineData(ForeignAssignments.Keep, DriftMode.Detect)]
    public async Task While_a_sibling_does_not_know_what_it_wants_targets_are_added_and_none_is_removed(ForeignAssignments foreign, DriftMode drift)
    {
        await using var world = await StartAsync();
        var (one, two) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Two"));
        var first = world.AddAssignment("first", s => { s.Include = [Group(one)]; s.Foreign = foreign; s.Drift.Mode = drift; });
        await world.ReconcileAsync(first);
        var second = world.AddAssignment("second", s => s.Include = [new IncludeTarget { Group = new GroupReference { DisplayName = "Not yet" } }]);

        TenantWorld.Edit(first, s => s.Include = [Group(two)]);
        await world.ReconcileAsync(first);
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {one} none", $"groupAssignmentTarget {two} none"], ignoreOrder: true);

        (await world.DeleteAsync(second)).Released.ShouldBeTrue();
        await world.ReconcileAsync(first);
        Targets(world, Policies).ShouldBe([$"groupAssignmentTarget {two} none"]);
    }

    [Fact]
    public async Task The_app_keeps_targets_that_an_Assignment_of_another_policy_brought()
    {
        await using var world = await StartAsync();
        var (one, two) = (world.Sim.AddGroup("One"), world.Sim.AddGroup("Two"));
        var other = world.AddPolicy("other");
        await world.ReconcileAsync(other);
        var first = world.AddAssignment("first", s => s.Include = [Group(one)]);
        var second = world.AddAssignment("second", s => s.Include = [Group(one), Group(two)], "other");

        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);
        await world.ReconcileAsync(first);
        Targets(world, Apps).ShouldBe([$"groupAssignmentTarget {one} none", $"groupAssignmentTarget {two} none"], ignoreOrder: true);

        (await world.DeleteAsync(first)).Released.ShouldBeTrue();
        Targets(world, Apps).ShouldBe([$"groupAssignmentTarget {one} none", $"groupAssignmentTarget {two} none"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_or_has_nothing_in_the_tenant_is_waited_for()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var assignment = world.AddAssignment("all", s => s.Include = [Everyone]);

        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldWait(Reasons.ReferenceNotFound);

        var policy = world.AddPolicy();
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldWait(Reasons.DependencyNotReady);

        await world.ReconcileAsync(policy);
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldBeInSync();
    }

    private static IncludeTarget Everyone => new() { AllUsers = true };

    private static IncludeTarget Group(string id) => new() { Group = new GroupReference { Id = id } };

    private static JsonNode Portal(string group) => new JsonObject
    {
        ["target"] = new JsonObject { ["@odata.type"] = "#microsoft.graph.groupAssignmentTarget", ["groupId"] = group },
    };

    private static IEnumerable<string?> Intents(TenantWorld world) =>
        world.Sim.List(Apps).Single()["assignments"]!.AsArray().Select(a => (string?)a!["intent"]);

    // All objects of a collection must have the same assignments, which are then shown once.
    private static IReadOnlyList<string> Targets(TenantWorld world, string collection)
    {
        const string Filter = "deviceAndAppManagementAssignmentFilter";
        var sets = world.Sim.List(collection).Where(o => collection == Apps || (string?)o["displayName"] is { } name && name.StartsWith("outlook", StringComparison.Ordinal))
            .Select(o => o["assignments"]!.AsArray().Select(a => a!["target"]!).Select(t =>
                $"{((string)t["@odata.type"]!).Split('.')[^1]} {(string?)t["groupId"]} {(string?)t[Filter + "Type"]}"
                + ((string?)t[Filter + "Type"] == None ? "" : " " + (string?)t[Filter + "Id"])).Order().ToList()).ToList();
        foreach (var set in sets)
        {
            set.ShouldBe(sets[0]);
        }

        return sets[0];
    }

    private async Task<TenantWorld> StartAsync()
    {
        var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s =>
        {
            s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
            s.TrustedCertificates = [new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } }];
        });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        return world;
    }
}
