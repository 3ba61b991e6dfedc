using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Assignments;

public sealed class AssignmentTests : SimulatorTest
{
    [Fact]
    public async Task A_profile_answers_its_new_assignments_in_the_services_shape()
    {
        var (id, group) = (await CreateRootAsync(), Tenant.AddGroup("S/MIME users"));

        var (status, body) = await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", Bodies.Assignments(group));

        status.ShouldBe(HttpStatusCode.OK);
        body!["value"]![0]!.ToJsonString().ShouldBe(
            "{\"id\":\"" + id + "_" + group + "\",\"source\":\"direct\",\"sourceId\":\"" + id + "\",\"intent\":\"apply\",\"target\":"
            + "{\"@odata.type\":\"#microsoft.graph.groupAssignmentTarget\",\"deviceAndAppManagementAssignmentFilterId\":null,"
            + "\"deviceAndAppManagementAssignmentFilterType\":\"none\",\"groupId\":\"" + group + "\"}}");
        (await GetAsync($"{Paths.Profiles}/{id}/assignments"))["value"]!.AsArray().Count.ShouldBe(1);
        ((int)(await GetAsync($"{Paths.Profiles}/{id}"))["version"]!).ShouldBe(1, "an assignment is no change of the profile");
    }

    [Fact]
    public async Task Assign_replaces_the_whole_set_except_what_policy_sets_assigned()
    {
        var id = await CreateRootAsync();
        var groups = Enumerable.Range(0, 3).Select(i => Tenant.AddGroup($"g{i}")).ToList();
        Tenant.AddPolicySetAssignment("deviceConfigurations", id, groups[2]);
        await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", Bodies.Assignments(groups[0]));

        await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", Bodies.Assignments(groups[1]));
        (await GroupsOf(id)).ShouldBe([groups[2], groups[1]]);

        await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", Bodies.Assignments());
        (await GroupsOf(id)).ShouldBe([groups[2]]);
    }

    [Fact]
    public async Task All_targets_and_filters_are_understood()
    {
        var (id, group, filter) = (await CreateRootAsync(), Tenant.AddGroup("Contractors"), Tenant.AddFilter("Corporate"));
        var body = Bodies.Parse($$$"""
            {"assignments":[
              {"@odata.type":"#microsoft.graph.deviceConfigurationAssignment","target":{"@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget",
               "deviceAndAppManagementAssignmentFilterId":"{{{filter}}}","deviceAndAppManagementAssignmentFilterType":"include"}},
              {"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}},
              {"target":{"@odata.type":"microsoft.graph.exclusionGroupAssignmentTarget","groupId":"{{{group}}}",
               "deviceAndAppManagementAssignmentFilterId":"00000000-0000-0000-0000-000000000000"}}]}
            """);

        var (status, answer) = await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", body);

        status.ShouldBe(HttpStatusCode.OK, string.Join("; ", Tenant.Log.Violations));
        ((string)answer!["value"]![0]!["target"]!["deviceAndAppManagementAssignmentFilterType"]!).ShouldBe("include");
        ((string)answer["value"]![2]!["target"]!["@odata.type"]!).ShouldBe("#microsoft.graph.exclusionGroupAssignmentTarget");
        answer["value"]![2]!["target"]!["deviceAndAppManagementAssignmentFilterId"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"assignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"00000000-0000-0000-0000-000000000001"}}]}""", "there is no group")]
    [InlineData("""{"assignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget"}}]}""", "there is no group")]
    [InlineData("""{"assignments":[{"target":{"groupId":"x"}}]}""", "@odata.type is missing")]
    [InlineData("""{"assignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget","groupId":"x"}}]}""", "does not exist on type")]
    [InlineData("""{"assignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget","deviceAndAppManagementAssignmentFilterId":"x"}}]}""", "there is no assignment filter")]
    [InlineData("""{"assignments":[{"frob":1,"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}]}""", "frob")]
    [InlineData("""{"assignments":[{}]}""", "target: it is missing")]
    [InlineData("""{"assignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}},{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}]}""", "more than once")]
    [InlineData("""{"mobileAppAssignments":[]}""", "assignments: a collection is expected")]
    public async Task A_set_that_makes_no_sense_changes_nothing(string body, string violation)
    {
        var (id, group) = (await CreateRootAsync(), Tenant.AddGroup("g"));
        await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", Bodies.Assignments(group));

        (await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", JsonNode.Parse(body))).Status.ShouldBe(HttpStatusCode.BadRequest);

        Tenant.Log.Violations.ShouldContain(v => v.Contains(violation, StringComparison.Ordinal));
        (await GroupsOf(id)).ShouldBe([group]);
    }

    [Fact]
    public async Task App_configurations_are_assigned_through_the_cast_path_only()
    {
        var (id, group) = (await CreatePolicyAsync(), Tenant.AddGroup("g"));

        var (status, body) = await SendAsync("POST", $"{Paths.AppConfigurations}('{id}')/assign", Bodies.Assignments(group));
        status.ShouldBe(HttpStatusCode.BadRequest);
        CodeOf(body).ShouldBe("No method match route template");
        MessageOf(body).ShouldStartWith("No OData route exists that match template ~/singleton/navigation/key/action with http verb POST for request ");
        MessageOf(body).ShouldEndWith("/microsoft.management.services.api.assign.");

        var post = await SendAsync("POST", $"{Paths.AppConfigurations}/{id}/assignments", new JsonObject());
        CodeOf(post.Body).ShouldBe("No method match route template");
        MessageOf(post.Body).ShouldContain("~/singleton/navigation/key/navigation");

        (await SendAsync("POST", $"{Paths.AppConfigurations}/{id}/{Paths.AppConfigurationCast}/assign", Bodies.Assignments(group))).Status
            .ShouldBe(HttpStatusCode.NoContent);
        var assignment = (await GetAsync($"{Paths.AppConfigurations}/{id}/assignments"))["value"]![0]!;
        assignment.AsObject().Select(p => p.Key).ShouldBe(["id", "target"]);
        ((string)assignment["id"]!).ShouldNotContain(group, Case.Sensitive, "nobody may rely on a format that is not known");
    }

    [Fact]
    public async Task Apps_are_assigned_by_their_own_parameter_and_one_by_one()
    {
        var (app, group, other) = (Tenant.AddStoreApp(), Tenant.AddGroup("g"), Tenant.AddGroup("h"));
        var body = new JsonObject
        {
            ["mobileAppAssignments"] = new JsonArray(new JsonObject
            {
                ["@odata.type"] = "#microsoft.graph.mobileAppAssignment",
                ["intent"] = "Required",
                ["target"] = Bodies.Group(group),
                ["settings"] = Bodies.Parse("""{"@odata.type":"#microsoft.graph.iosStoreAppAssignmentSettings","uninstallOnDeviceRemoval":true,"preventManagedAppBackup":true}"""),
            }),
        };

        (await SendAsync("POST", $"{Paths.Apps}/{app}/assign", body)).Status.ShouldBe(HttpStatusCode.NoContent);
        ((bool)(await GetAsync($"{Paths.Apps}/{app}"))["isAssigned"]!).ShouldBeTrue();
        (await ListAsync($"{Paths.Apps}?$filter=isAssigned eq true")).Count.ShouldBe(1);

        var (status, one) = await SendAsync(
            "POST", $"{Paths.Apps}/{app}/assignments", new JsonObject { ["intent"] = "available", ["target"] = Bodies.Group(other) });
        status.ShouldBe(HttpStatusCode.Created);
        var all = (await GetAsync($"{Paths.Apps}/{app}/assignments"))["value"]!.AsArray();
        all.Select(a => (string?)a!["intent"]).ShouldBe(["required", "available"]);
        (await SendAsync("DELETE", $"{Paths.Apps}/{app}/assignments/{one!["id"]}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync("DELETE", $"{Paths.Apps}/{app}/assignments/{one["id"]}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync("POST", $"{Paths.Apps}/{app}/assign", new JsonObject { ["mobileAppAssignments"] = new JsonArray() })).Status.ShouldBe(HttpStatusCode.NoContent);
        ((bool)(await GetAsync($"{Paths.Apps}/{app}"))["isAssigned"]!).ShouldBeFalse();
    }

    private async Task<string> CreatePolicyAsync() =>
        (string)(await CreateAsync(Paths.AppConfigurations, Bodies.AppConfiguration(Tenant.AddStoreApp())))["id"]!;

    private async Task<List<string?>> GroupsOf(string id) =>
        [.. (await GetAsync($"{Paths.Profiles}/{id}/assignments"))["value"]!.AsArray().Select(a => (string?)a!["target"]!["groupId"])];
}

public sealed class LenientAssignmentTests : SimulatorTest
{
    protected override SimulatorOptions Options { get; } = new() { StrictAssign = false, ShowEmptyFilterAsZeroGuid = true };

    [Fact]
    public async Task The_short_path_can_be_let_through_and_empty_filters_shown_as_zeros()
    {
        var group = Tenant.AddGroup("g");
        var id = (string)(await CreateAsync(Paths.AppConfigurations, Bodies.AppConfiguration(Tenant.AddStoreApp())))["id"]!;

        (await SendAsync("POST", $"{Paths.AppConfigurations}/{id}/assign", Bodies.Assignments(group))).Status.ShouldBe(HttpStatusCode.NoContent);

        ((string)(await GetAsync($"{Paths.AppConfigurations}?$expand=assignments"))["value"]![0]!["assignments"]![0]!["target"]!
            ["deviceAndAppManagementAssignmentFilterId"]!).ShouldBe("00000000-0000-0000-0000-000000000000");
    }
}
