using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Intune.Tests.Tenant;

public sealed class MemberTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Users_and_devices_of_nested_groups_are_found_each_once()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (alice, bob, phone) = (tenant.Sim.AddUser("alice@contoso.com"), tenant.Sim.AddUser("bob@contoso.com"), tenant.Sim.AddDevice("iPhone"));
        var inner = tenant.Sim.AddGroup("inner", members: [alice, bob, phone]);
        var outer = tenant.Sim.AddGroup("outer", members: [alice, inner]);
        var gone = Guid.NewGuid().ToString();

        var found = await tenant.Intune.FindMembersAsync([outer, gone], Token);

        found[outer].Users.Ids!.ShouldBe([alice, bob], ignoreOrder: true);
        found[outer].Devices.Ids!.ShouldBe([phone]);
        found[gone].ShouldBe(GroupMembers.Nobody);
    }

    [Fact]
    public async Task Hundreds_of_groups_are_a_dozen_batches()
    {
        await using var tenant = await TestTenant.StartAsync();
        var user = tenant.Sim.AddUser("alice@contoso.com");
        var groups = Enumerable.Range(0, 240).Select(i => tenant.Sim.AddGroup($"group {i}", members: [user])).ToList();

        (await tenant.Intune.FindMembersAsync(groups, Token)).Values.ShouldAllBe(m => m.Users.Count == 1);

        // Twelve batches of members, and the one look-up that tells which groups there are.
        tenant.Sim.Log.Entries.Count(e => e.Path.EndsWith("/$batch", StringComparison.Ordinal)).ShouldBe(12);
        tenant.Requests.Count(e => !e.IsInBatch && !e.Path.EndsWith("/$batch", StringComparison.Ordinal)).ShouldBe(1);
        tenant.Sim.Log.Total.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task Groups_of_several_pages_are_read_whole_as_far_as_the_maximum_goes_and_counted_beyond_it()
    {
        await using var tenant = await TestTenant.StartAsync(configure: o => o.MemberMaximum = 2500);
        var users = Enumerable.Range(0, 3000).Select(i => tenant.Sim.AddUser($"user{i}@contoso.com")).ToList();
        var medium = tenant.Sim.AddGroup("medium", members: users.Take(2100));
        var large = tenant.Sim.AddGroup("large", members: [.. users, tenant.Sim.AddDevice("iPhone"), medium]);
        var unified = tenant.Sim.Add("groups", new JsonObject { ["displayName"] = "team", ["groupTypes"] = new JsonArray("Unified") });
        tenant.Sim.AddMembers(unified, users);

        var found = await tenant.Intune.FindMembersAsync([large, medium, unified], Token);

        found[medium].Users.Ids!.Count.ShouldBe(2100);
        (found[large].Users.Count, found[large].Users.Ids, found[large].Devices.Count).ShouldBe((3000, null, 1));
        // A Microsoft 365 group cannot be asked for devices: it has none.
        (found[unified].Users.Count, found[unified].Devices.Count, found[unified].Fault).ShouldBe((3000, 0, null));
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_says_why_and_hides_no_other()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (open, closed) = (tenant.Sim.AddGroup("open", members: [tenant.Sim.AddUser("alice@contoso.com")]), tenant.Sim.AddGroup("closed"));
        tenant.Sim.AddFault(new FaultRule { Path = closed + "/transitiveMembers", Status = 403 });

        var found = await tenant.Intune.FindMembersAsync([open, closed], Token);

        found[open].Users.Count.ShouldBe(1);
        found[closed].Fault.ShouldNotBeNull().ShouldContain("403");
    }

    [Fact]
    public async Task Hidden_members_are_not_known_without_their_permission_rather_than_none()
    {
        (await FindAsync(["Group.Read.All", "User.Read.All"])).Fault.ShouldNotBeNull().ShouldContain("Member.Read.Hidden");
        (await FindAsync(["Group.Read.All", "User.Read.All", "Member.Read.Hidden"])).Users.Count.ShouldBe(1);

        static async Task<GroupMembers> FindAsync(string[] roles)
        {
            await using var tenant = await TestTenant.StartAsync(credential: sim => new TestCredential(() => sim.IssueToken("app", roles)));
            var group = tenant.Sim.Add("groups", new JsonObject { ["displayName"] = "Secret", ["visibility"] = "HiddenMembership" });
            tenant.Sim.AddMembers(group, [tenant.Sim.AddUser("alice@contoso.com")]);
            return (await tenant.Intune.FindMembersAsync([group], Token))[group];
        }
    }

    [Fact]
    public async Task Whether_a_user_is_in_groups_takes_one_request_for_twenty_of_them_and_devices_of_the_others_are_counted()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (alice, bob) = (tenant.Sim.AddUser("alice@contoso.com"), tenant.Sim.AddUser("bob@contoso.com"));
        var inner = tenant.Sim.AddGroup("inner", members: [alice]);
        var mine = Enumerable.Range(0, 24).Select(i => tenant.Sim.AddGroup($"mine {i}", members: [inner])).ToList();
        var phones = tenant.Sim.AddGroup("phones", members: [bob, tenant.Sim.AddDevice("iPhone"), tenant.Sim.AddDevice("iPad")]);
        var gone = Guid.NewGuid().ToString();

        var found = await tenant.Intune.FindMembershipsAsync(alice, [.. mine, phones, gone], Token);

        mine.ShouldAllBe(g => found[g].IsMember == true);
        found[phones].ShouldBe(new Membership(false, 2));
        found[gone].ShouldBe(new Membership(false, 0));
        tenant.Sim.Log.Counts["/users/{id}/checkMemberGroups"].Reads.ShouldBe(2);
        tenant.Sim.Log.Entries.Count(e => e.Path.EndsWith("/$batch", StringComparison.Ordinal)).ShouldBe(1);
        tenant.Sim.Log.Total.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task A_membership_that_cannot_be_read_is_not_known_rather_than_absent()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (alice, group) = (tenant.Sim.AddUser("alice@contoso.com"), tenant.Sim.AddGroup("group"));
        tenant.Sim.AddFault(new FaultRule { Path = "checkMemberGroups", Status = 403 });

        var refused = (await tenant.Intune.FindMembershipsAsync(alice, [group], Token))[group];
        tenant.Sim.ClearFaults();
        tenant.Sim.AddFault(new FaultRule { Path = "microsoft.graph.device", Status = 403 });
        var uncounted = (await tenant.Intune.FindMembershipsAsync(alice, [group], Token))[group];

        refused.IsMember.ShouldBeNull();
        refused.Fault.ShouldNotBeNull().ShouldContain("403");
        (uncounted.IsMember, uncounted.Devices).ShouldBe((false, null));
        uncounted.Fault.ShouldNotBeNull().ShouldContain("403");
    }

    [Fact]
    public async Task A_hidden_membership_is_not_known_without_its_permission()
    {
        (await FindAsync(["Group.Read.All", "User.Read.All"])).Fault.ShouldNotBeNull().ShouldContain("Member.Read.Hidden");
        (await FindAsync(["Group.Read.All", "User.Read.All", "Member.Read.Hidden"])).IsMember.ShouldBe(true);

        static async Task<Membership> FindAsync(string[] roles)
        {
            await using var tenant = await TestTenant.StartAsync(credential: sim => new TestCredential(() => sim.IssueToken("app", roles)));
            var (alice, group) = (tenant.Sim.AddUser("alice@contoso.com"), tenant.Sim.Add("groups", new JsonObject { ["displayName"] = "Secret", ["visibility"] = "HiddenMembership" }));
            tenant.Sim.AddMembers(group, [alice]);
            return (await tenant.Intune.FindMembershipsAsync(alice, [group], Token))[group];
        }
    }

    [Fact]
    public async Task Pages_that_lead_in_a_circle_end()
    {
        await using var tenant = await TestTenant.StartAsync();
        var group = tenant.Sim.AddGroup("all", members: [tenant.Sim.AddUser("alice@contoso.com")]);
        tenant.Sim.AddFault(new FaultRule
        {
            Path = "/transitiveMembers",
            Status = 200,
            Body = $$"""{"@odata.count":2,"value":[],"@odata.nextLink":"{{tenant.Host.BaseAddress}}v1.0/groups/{{group}}/transitiveMembers?$skiptoken=x"}""",
        });

        (await tenant.Intune.FindMembersAsync([group], Token))[group].Fault.ShouldNotBeNull().ShouldContain("back to one that was read already");
    }

    [Fact]
    public async Task Users_are_counted_without_reading_them()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Seed(0, 42);

        (await tenant.Intune.CountUsersAsync(Token)).ShouldBe(42);
    }
}
