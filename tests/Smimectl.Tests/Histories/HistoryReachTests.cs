using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;

namespace Smimectl.Tests.Histories;

/// <summary>Whether the profiles reach the user, against a tenant whose groups are filled here. dave has a certificate in the tenant; he is one of the Executives.</summary>
public sealed class HistoryReachTests : IAsyncLifetime
{
    private const string User = "dave@contoso.com";
    private LookBench _bench = null!;

    private SimulatedTenant Tenant => _bench.Tenant;

    public async ValueTask InitializeAsync() => _bench = await LookBench.OpenWithOneAsync(User);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Who_is_in_a_group_of_the_profile_gets_the_certificates_and_who_is_in_none_is_told_which_to_join()
    {
        var reached = await _bench.HistoryAsync(User);

        Encryption(reached).ShouldSatisfyAllConditions(v => v.Reach.ShouldBe(UserReach.Yes), v => v.Because.ShouldBe("the user is in group 'Executives'"));
        reached.Findings.ShouldBeEmpty();
        Written(new HistoryText(colour: false), reached).ShouldContain("On devices: everything of this purpose in the tenant on iOS.");

        Tenant.RemoveMember(Group("Executives"), User);
        Tenant.Log.Clear();
        var missed = await _bench.HistoryAsync(User);

        Encryption(missed).ShouldSatisfyAllConditions(v => v.Reach.ShouldBe(UserReach.No), v => v.Because.ShouldBe("the user is not in any of its groups"));
        var finding = missed.Findings.Single(f => f.Kind == "not-delivered");
        finding.IsProblem.ShouldBeTrue();
        finding.Message.ShouldContain("put the user into group 'S/MIME users' or group 'Executives', or assign one to a group that this user is in");
        Written(new HistoryText(colour: false), missed).ShouldContain("On devices: nothing on iOS.");
        // Neither half comes, so neither is missing alone.
        missed.Findings.ShouldNotContain(f => f.Kind == "only-profile" || f.Kind == "only-policy");
        Tenant.Log.Counts["/users/{id}/checkMemberGroups"].Reads.ShouldBe(1);
        Tenant.Log.Total.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task Groups_in_groups_count_and_an_excluded_group_is_to_be_left()
    {
        Tenant.RemoveMember(Group("Executives"), User);
        Tenant.AddMembers(Group("Executives"), [Tenant.AddGroup("Board", members: [User])]);
        Encryption(await _bench.HistoryAsync(User)).Reach.ShouldBe(UserReach.Yes);

        Tenant.AddMembers(Group("Contractors"), [User]);
        var excluded = await _bench.HistoryAsync(User);

        Encryption(excluded).ShouldSatisfyAllConditions(v => v.Reach.ShouldBe(UserReach.No), v => v.Because.ShouldBe("the user is excluded by group 'Contractors'"));
        excluded.Findings.Single(f => f.Kind == "not-delivered").Message.ShouldContain("take the user out of group 'Contractors'");
        excluded.Findings.Single(f => f.Kind == "not-delivered").Message.ShouldNotContain("put the user into");
    }

    [Fact]
    public async Task A_filter_leaves_it_to_the_device()
    {
        Tenant.RemoveMember(Group("Executives"), User);
        Tenant.AddMembers(Group("S/MIME users"), [User]);

        var history = await _bench.HistoryAsync(User);

        Encryption(history).ShouldSatisfyAllConditions(
            v => v.Reach.ShouldBe(UserReach.Device), v => v.Because.ShouldBe("the user is in group 'S/MIME users', and gets it on a device that passes filter 'Corporate iPhones'"));
        history.Findings.ShouldNotContain(f => f.Kind == "not-delivered");
        Written(new HistoryCsv(), history).Split("\r\n")[1].ShouldEndWith(",Device");
    }

    [Fact]
    public async Task Devices_that_are_members_may_be_the_users_own()
    {
        Tenant.RemoveMember(Group("Executives"), User);
        Tenant.AddMembers(Group("Executives"), [Tenant.AddDevice("iPhone"), Tenant.AddDevice("iPad")]);

        var history = await _bench.HistoryAsync(User);

        Encryption(history).ShouldSatisfyAllConditions(
            v => v.Reach.ShouldBe(UserReach.Device), v => v.Because.ShouldBe("the user is not in group 'Executives', which has 2 devices, so the device decides"));
        history.Findings.ShouldNotContain(f => f.Kind == "not-delivered");
    }

    [Fact]
    public async Task All_users_and_all_devices_need_no_group()
    {
        Assign("deviceConfigurations", Profile(), """{"@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget"}""");
        Encryption(await _bench.HistoryAsync(User)).ShouldSatisfyAllConditions(v => v.Reach.ShouldBe(UserReach.Yes), v => v.Because.ShouldBe("it goes to all users"));

        Assign("deviceConfigurations", Profile(), """{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}""");
        Encryption(await _bench.HistoryAsync(User)).ShouldSatisfyAllConditions(
            v => v.Reach.ShouldBe(UserReach.Device), v => v.Because.ShouldBe("it goes to all devices, so the device decides"));
    }

    [Theory]
    [InlineData("checkMemberGroups", "GroupMember.Read.All")]
    [InlineData("getByIds", "GroupMember.Read.All")]
    public async Task What_may_not_be_read_is_not_known_and_nothing_is_concluded(string path, string permission)
    {
        Tenant.RemoveMember(Group("Executives"), User);
        Tenant.AddFault(new FaultRule
        {
            Path = path, Status = 403,
            Body = $$$"""{"error":{"code":"Authorization_RequestDenied","message":"Application must have one of the following scopes: {{{permission}}}"}}""",
        });

        var history = await _bench.HistoryAsync(User);

        Encryption(history).ShouldSatisfyAllConditions(v => v.Reach.ShouldBe(UserReach.Unknown), v => v.Because.ShouldContain(permission));
        history.Findings.ShouldNotContain(f => f.Kind == "not-delivered" || f.Kind == "only-profile" || f.Kind == "only-policy");
        var finding = history.Findings.Single(f => f.Kind == "reach-unknown");
        (finding.IsProblem, finding.Message.Contains(permission, StringComparison.Ordinal)).ShouldBe((false, true));
        Written(new HistoryText(colour: false), history).ShouldContain("On devices: not known what on iOS.");
    }

    [Fact]
    public async Task A_user_who_was_deleted_is_in_no_group_that_anybody_could_tell()
    {
        Tenant.Delete("users", (string)Tenant.List("users").Single(u => (string?)u["userPrincipalName"] == User)["id"]!).ShouldBeTrue();

        var history = await _bench.HistoryAsync(User);

        Encryption(history).Reach.ShouldBe(UserReach.Unknown);
        history.Findings.ShouldNotContain(f => f.Kind == "not-delivered");
    }

    [Fact]
    public async Task The_profile_for_one_group_and_the_policy_for_another_are_noticed_both_ways()
    {
        var others = Target(Group("Contractors"));
        Assign("mobileAppConfigurations", Policy(), others);
        var withoutPolicy = await _bench.HistoryAsync(User);

        withoutPolicy.Findings.Single(f => f.Kind == "only-profile").ShouldSatisfyAllConditions(
            f => f.IsProblem.ShouldBeTrue(), f => f.Message.ShouldContain("put the user into group 'Contractors'"), f => f.Message.ShouldContain("Outlook does not use them"));
        withoutPolicy.Findings.ShouldNotContain(f => f.Kind == "not-delivered" || f.Kind == "only-policy");

        Assign("mobileAppConfigurations", Policy(), Target(Group("Executives")));
        Assign("deviceConfigurations", Profile(), others);
        var withoutProfile = await _bench.HistoryAsync(User);

        withoutProfile.Findings.Single(f => f.Kind == "only-policy").Message.ShouldContain("put the user into group 'Contractors'");
        withoutProfile.Findings.ShouldContain(f => f.Kind == "not-delivered");

        // She is one of the Executives too, and has no imported certificates: the policy alone may be all that is meant for her.
        (await _bench.HistoryAsync("alice@contoso.com")).Findings.ShouldNotContain(f => f.Kind == "only-policy" || f.Kind == "not-delivered");

        // A policy that switches it off is none.
        Tenant.Change("mobileAppConfigurations", Policy(), new JsonObject
        {
            ["settings"] = new JsonArray(new JsonObject { ["appConfigKey"] = "com.microsoft.outlook.Mail.SMIMEEnabled", ["appConfigKeyType"] = "booleanType", ["appConfigKeyValue"] = "false" }),
        }).ShouldBeTrue();
        (await _bench.HistoryAsync(User)).Findings.ShouldNotContain(f => f.Kind == "only-policy");
    }

    [Fact]
    public async Task Programs_read_whether_and_why()
    {
        Tenant.AddMembers(Group("Contractors"), [User]);

        using var json = JsonDocument.Parse(Written(new HistoryJson(), await _bench.HistoryAsync(User)));

        var delivery = json.RootElement.GetProperty("deliveries").EnumerateArray().Single(d => d.GetProperty("purpose").GetString() == "smimeEncryption");
        (delivery.GetProperty("reachesUser").GetString(), delivery.GetProperty("because").GetString()).ShouldBe(("No", "the user is excluded by group 'Contractors'"));
        delivery.GetProperty("to").GetArrayLength().ShouldBe(2);
        var policy = json.RootElement.GetProperty("appPolicies").EnumerateArray().ShouldHaveSingleItem();
        (policy.GetProperty("policy").GetString(), policy.GetProperty("platform").GetString(), policy.GetProperty("reachesUser").GetString()).ShouldBe(("Outlook for iOS S/MIME", "iOS", "No"));
    }

    private static UserVerdict Encryption(UserHistory history) => history.Routes.Single(r => r.Route.Purpose == "smimeEncryption").Verdict;

    private static string Target(string group) => $$"""{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"{{group}}"}""";

    private static string Written(IHistoryWriter writer, UserHistory history)
    {
        using var output = new StringWriter();
        writer.Write(history, output);
        return output.ToString();
    }

    private string Group(string name) => (string)Tenant.List("groups").Single(g => (string?)g["displayName"] == name)["id"]!;

    private string Profile() => (string)Tenant.List("deviceConfigurations").Single(p => (string?)p["intendedPurpose"] == "smimeEncryption")["id"]!;

    private string Policy() => (string)_bench.Bench.Single("mobileAppConfigurations")["id"]!;

    private void Assign(string collection, string id, string target) =>
        Tenant.Change(collection, id, new JsonObject { ["assignments"] = new JsonArray(new JsonObject { ["target"] = JsonNode.Parse(target) }) }).ShouldBeTrue();
}
