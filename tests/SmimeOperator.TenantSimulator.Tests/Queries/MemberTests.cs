using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Queries;

public sealed class MemberTests : SimulatorTest
{
    private static readonly (string, string) Eventual = ("ConsistencyLevel", "eventual");

    [Fact]
    public async Task Members_are_listed_directly_and_through_groups_each_once_with_their_kind()
    {
        var (alice, bob, phone) = (Tenant.AddUser("alice@contoso.com"), Tenant.AddUser("bob@contoso.com"), Tenant.AddDevice("iPhone"));
        var inner = Tenant.AddGroup("inner", members: [alice, bob, phone]);
        var outer = Tenant.AddGroup("outer", members: [alice, inner]);
        // Graph refuses no circle.
        Tenant.AddMembers(inner, [outer]);

        (await ListAsync($"/v1.0/groups/{outer}/members?$select=id")).Select(Described).ShouldBe([$"#microsoft.graph.user {alice}", $"#microsoft.graph.group {inner}"]);
        (await ListAsync($"/v1.0/groups/{outer}/transitiveMembers?$select=id")).Select(Described).ShouldBe(
            [$"#microsoft.graph.user {alice}", $"#microsoft.graph.group {inner}", $"#microsoft.graph.user {bob}", $"#microsoft.graph.device {phone}"]);
    }

    [Fact]
    public async Task A_cast_and_a_count_need_their_header()
    {
        var group = Tenant.AddGroup("all", members: [Tenant.AddUser("alice@contoso.com"), Tenant.AddDevice("iPhone")]);
        var path = $"/v1.0/groups/{group}/transitiveMembers/microsoft.graph.user?$select=id&$count=true";

        var (status, body) = await SendAsync("GET", path);
        (status, CodeOf(body)).ShouldBe((HttpStatusCode.BadRequest, "Request_UnsupportedQuery"));
        (await GetAsync($"/v1.0/groups/{group}/transitiveMembers?$count=true")).AsObject().ContainsKey("@odata.count").ShouldBeFalse();
        (await GetAsync("/v1.0/users?$count=true&$top=1")).AsObject().ContainsKey("@odata.count").ShouldBeFalse();

        var users = (await SendAsync("GET", path, headers: Eventual)).Body!;
        ((int)users["@odata.count"]!).ShouldBe(1);
        users["value"]!.AsArray().ShouldHaveSingleItem();
        ((int)(await SendAsync("GET", $"/v1.0/groups/{group}/transitiveMembers?$count=true", headers: Eventual)).Body!["@odata.count"]!).ShouldBe(2);
        ((int)(await SendAsync("GET", "/v1.0/users?$count=true&$top=1", headers: Eventual)).Body!["@odata.count"]!).ShouldBe(1);
    }

    [Fact]
    public async Task A_kind_that_a_group_cannot_hold_cannot_be_asked_for()
    {
        var unified = Tenant.Add("groups", new JsonObject { ["displayName"] = "Team", ["groupTypes"] = new JsonArray("Unified") });

        var (status, body) = await SendAsync("GET", $"/v1.0/groups/{unified}/transitiveMembers/microsoft.graph.device?$count=true", headers: Eventual);
        (status, CodeOf(body)).ShouldBe((HttpStatusCode.BadRequest, "Request_UnsupportedQuery"));
        (await SendAsync("GET", $"/v1.0/groups/{unified}/transitiveMembers/microsoft.graph.user?$count=true", headers: Eventual)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_hold_as_many_as_are_asked_for_and_never_more_than_999()
    {
        var group = Tenant.AddGroup("all", members: Enumerable.Range(0, 1200).Select(i => Tenant.AddUser($"user{i}@contoso.com")).ToList());

        (await GetAsync($"/v1.0/groups/{group}/transitiveMembers?$select=id"))["value"]!.AsArray().Count.ShouldBe(10);
        var first = await GetAsync($"/v1.0/groups/{group}/transitiveMembers?$select=id&$top=5000");
        first["value"]!.AsArray().Count.ShouldBe(999);
        var second = await GetAsync((string)first["@odata.nextLink"]!);
        second["value"]!.AsArray().Count.ShouldBe(201);
        second.AsObject().ContainsKey("@odata.nextLink").ShouldBeFalse();
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_not_found_and_who_was_deleted_is_no_member()
    {
        var alice = Tenant.AddUser("alice@contoso.com");
        var group = Tenant.AddGroup("all", members: [alice]);

        var (status, body) = await SendAsync("GET", "/v1.0/groups/8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40/transitiveMembers");
        (status, CodeOf(body)).ShouldBe((HttpStatusCode.NotFound, "Request_ResourceNotFound"));
        Tenant.Delete("users", alice);
        (await ListAsync($"/v1.0/groups/{group}/transitiveMembers")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_caller_sees_depends_on_the_permissions()
    {
        var group = Tenant.AddGroup("all", members: [Tenant.AddUser("alice@contoso.com"), Tenant.AddDevice("iPhone")]);
        var path = $"/v1.0/groups/{group}/transitiveMembers?$select=id,displayName";

        var (status, body) = await SendAsync("GET", path, token: Tenant.IssueToken("app", ["User.Read.All"]));
        (status, CodeOf(body)).ShouldBe((HttpStatusCode.Forbidden, "Authorization_RequestDenied"));
        MessageOf(body).ShouldContain("GroupMember.Read.All");

        // Members of a kind that the caller may not read are there, with nothing but their id.
        var seen = (await SendAsync("GET", path, token: Tenant.IssueToken("app", ["GroupMember.Read.All", "User.ReadBasic.All"]))).Body!["value"]!.AsArray();
        seen.Select(m => (string?)m!["displayName"]).ShouldBe(["alice", null]);
        seen.ShouldAllBe(m => m!["id"] != null);
    }

    [Fact]
    public async Task A_group_that_hides_its_members_looks_empty_without_its_own_permission()
    {
        var group = Tenant.Add("groups", new JsonObject { ["displayName"] = "Secret", ["groupTypes"] = new JsonArray("Unified"), ["visibility"] = "HiddenMembership" });
        Tenant.AddMembers(group, [Tenant.AddUser("alice@contoso.com")]);

        (await CountAsync(["Directory.Read.All"])).ShouldBe(0);
        (await CountAsync(["GroupMember.Read.All", "Member.Read.Hidden"])).ShouldBe(1);

        async Task<int> CountAsync(string[] roles) =>
            (await SendAsync("GET", $"/v1.0/groups/{group}/transitiveMembers", token: Tenant.IssueToken("app", roles))).Body!["value"]!.AsArray().Count;
    }

    [Fact]
    public async Task Which_of_some_groups_a_user_is_in_is_one_question()
    {
        var alice = Tenant.AddUser("alice@contoso.com");
        var inner = Tenant.AddGroup("inner", members: [alice]);
        var (outer, other) = (Tenant.AddGroup("outer", members: [inner]), Tenant.AddGroup("other", members: [Tenant.AddUser("bob@contoso.com")]));
        var secret = Tenant.Add("groups", new JsonObject { ["displayName"] = "Secret", ["visibility"] = "HiddenMembership" });
        Tenant.AddMembers(secret, [alice]);

        (await AskAsync([outer, other, secret, inner, Guid.NewGuid().ToString()])).ShouldBe([outer, secret, inner]);
        (await AskAsync([outer, secret], "User.Read.All", "Group.Read.All")).ShouldBe([outer]);
        (await AskAsync([outer, secret], "User.Read.All", "GroupMember.Read.All", "Member.Read.Hidden")).ShouldBe([outer, secret]);
        (await RefusedAsync(alice, [outer], "User.Read.All")).ShouldBe((HttpStatusCode.Forbidden, "Authorization_RequestDenied"));
        (await RefusedAsync(alice, [outer], "Group.Read.All")).ShouldBe((HttpStatusCode.Forbidden, "Authorization_RequestDenied"));
        (await RefusedAsync(alice, [outer, "no id"])).ShouldBe((HttpStatusCode.BadRequest, "Request_BadRequest"));
        (await RefusedAsync(alice, Enumerable.Repeat(outer, 21))).ShouldBe((HttpStatusCode.BadRequest, "Request_BadRequest"));
        (await RefusedAsync(Guid.NewGuid().ToString(), [outer])).ShouldBe((HttpStatusCode.NotFound, "Request_ResourceNotFound"));
        Tenant.Log.Total.Writes.ShouldBe(0);

        async Task<List<string>> AskAsync(IEnumerable<string> groups, params string[] roles) =>
            [.. (await CheckAsync(alice, groups, roles)).Body!["value"]!.AsArray().Select(i => (string)i!)];

        async Task<(HttpStatusCode Status, string? Code)> RefusedAsync(string user, IEnumerable<string> groups, params string[] roles)
        {
            var (status, body) = await CheckAsync(user, groups, roles);
            return (status, CodeOf(body));
        }

        Task<(HttpStatusCode Status, JsonNode? Body)> CheckAsync(string user, IEnumerable<string> groups, string[] roles) => SendAsync(
            "POST", $"/v1.0/users/{user}/checkMemberGroups", new JsonObject { ["groupIds"] = new JsonArray([.. groups.Select(g => (JsonNode)g)]) },
            token: roles.Length == 0 ? null : Tenant.IssueToken("app", roles));
    }

    private static string Described(JsonNode member) => $"{member["@odata.type"]} {member["id"]}";
}
