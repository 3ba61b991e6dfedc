using System.Globalization;
using System.Text;
using System.Text.Json;
using SmimeOperator.Reconciliation;
using SmimeOperator.TenantSimulator;

namespace Smimectl.Tests.Planning;

/// <summary>How many people a plan says it reaches, against a tenant whose groups are known here by name.</summary>
public sealed class ReachTests
{
    [Fact]
    public async Task Who_is_in_two_groups_counts_once_and_the_excluded_do_not_count()
    {
        await using var bench = await Workbench.OpenAsync();
        Assign(bench, include: ["S/MIME users", "Executives"], exclude: ["Contractors"]);

        var report = await PlanAsync(bench);

        // alice (in both), bob and dave; carol is a contractor.
        report.Changes.Where(c => c.Action == ChangeAction.Assign).ShouldNotBeEmpty();
        report.Changes.Where(c => c.Action == ChangeAction.Assign).Select(c => report.Reach.Changes[c]).ShouldAllBe(r =>
            r.Users == new Reached(new Headcount(3, 3), new Headcount(3, 3), Headcount.None) && r.Devices == Reached.None);
        report.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_filter_makes_a_number_an_upper_bound_and_the_whole_counts_everybody_once()
    {
        await using var bench = await Workbench.OpenAsync();

        var report = await PlanAsync(bench);

        // The samples: S/MIME users with a filter, Executives without, Contractors excluded, and imports for alice, bob and carol.
        Assigned(report).Users.All.ShouldBe(new Headcount(2, 3));
        report.Reach.Whole.Users.All.Most.ShouldBe(4);
        report.Summary().ShouldContain("In all it reaches");
    }

    [Fact]
    public async Task Members_of_groups_in_a_group_count_and_devices_are_devices()
    {
        await using var bench = await Workbench.OpenAsync();
        var tenant = bench.Simulator.Tenant;
        var inner = tenant.AddGroup("Inner", members: ["alice@contoso.com", "dave@contoso.com", tenant.AddDevice("iPhone"), tenant.AddDevice("iPad")]);
        tenant.AddGroup("Outer", members: [inner, "alice@contoso.com"]);
        Assign(bench, include: ["Outer"], exclude: []);

        var report = await PlanAsync(bench);

        (Assigned(report).Users.All, Assigned(report).Devices.All).ShouldBe((new Headcount(2, 2), new Headcount(2, 2)));
        Written(new PlanText(colour: false), report).ShouldContain("reaches 2 users and 2 devices");
    }

    [Fact]
    public async Task All_users_are_the_tenants_users_at_most()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Simulator.Tenant.AddUser("erin@contoso.com");
        bench.Edit("assignment.yaml", t => t[..t.IndexOf("  include:", StringComparison.Ordinal)]
            + "  include: [{allUsers: true}]\n  exclude: [{group: {displayName: Contractors}}]\n  app: {intent: None}\n");

        var report = await PlanAsync(bench);

        // Five users, one of them a contractor; who has no licence is not told from who has one.
        Assigned(report).Users.All.ShouldBe(new Headcount(0, 4));
        Written(new PlanText(colour: false), report).ShouldContain("reaches at most 4 users");
    }

    [Fact]
    public async Task An_assignment_that_changes_tells_who_gains_and_who_loses()
    {
        await using var bench = await Workbench.OpenAsync();
        Assign(bench, include: ["S/MIME users"], exclude: []);
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        Assign(bench, include: ["Executives"], exclude: []);

        var report = await PlanAsync(bench);

        // alice has it and keeps it, dave gets it, bob and carol lose it.
        var change = report.Changes.First(c => c.Action == ChangeAction.Assign);
        report.Reach.Changes[change].Users.ShouldBe(new Reached(new Headcount(3, 3), new Headcount(1, 1), new Headcount(2, 2)));
        var text = Written(new PlanText(colour: false), report);
        text.ShouldContain("reaches 3 users: gained by 1 user, lost by 2 users");
        text.ShouldContain("something from 2 users.");
    }

    [Fact]
    public async Task An_update_reaches_who_has_the_object_and_a_removal_is_lost_by_them()
    {
        await using var bench = await Workbench.OpenAsync();
        Assign(bench, include: ["S/MIME users"], exclude: ["Contractors"]);
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        bench.Edit("policy.yaml", t => t.Replace("displayName: Outlook for iOS S/MIME", "displayName: Outlook for everybody", StringComparison.Ordinal));

        var updated = await PlanAsync(bench);

        var update = updated.Changes.First(c => c.Action == ChangeAction.Update && c.Type == "iosMobileAppConfiguration");
        updated.Reach.Changes[update].Users.ShouldBe(new Reached(new Headcount(2, 2), Headcount.None, Headcount.None));

        File.Delete(Path.Combine(bench.Samples, "policy.yaml"));
        File.Delete(Path.Combine(bench.Samples, "assignment.yaml"));
        var removed = await PlanAsync(bench);

        // Unassigned first and deleted then: the deletion is lost by those who had it when the plan was made.
        var deletions = removed.Changes.Where(c => c.Action == ChangeAction.Delete && c.Stage != ChangeStage.Imports).ToList();
        deletions.ShouldNotBeEmpty();
        deletions.Where(c => c.Type != "iosStoreApp").Select(c => removed.Reach.Changes[c].Users.Loses).ShouldAllBe(l => l == new Headcount(2, 2));
    }

    [Fact]
    public async Task What_may_not_be_read_is_not_known_and_fails_no_plan()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Simulator.Tenant.AddFault(new FaultRule
        {
            Method = "GET", Path = "/transitiveMembers", Status = 403,
            Body = """{"error":{"code":"Authorization_RequestDenied","message":"Application must have one of the following scopes: GroupMember.Read.All, Group.Read.All"}}""",
        });
        Assign(bench, include: ["S/MIME users"], exclude: []);

        var report = await PlanAsync(bench);

        report.IsFaulty.ShouldBeFalse();
        Assigned(report).Users.All.ShouldBe(new Headcount(0, null));
        report.Notes.ShouldHaveSingleItem().ShouldContain("GroupMember.Read.All");
        Written(new PlanText(colour: false), report).ShouldContain("reaches a number of users that is not known");
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_leaves_what_the_others_tell()
    {
        await using var bench = await Workbench.OpenAsync();
        var closed = (string)bench.Simulator.Tenant.List("groups").Single(g => (string)g["displayName"]! == "Executives")["id"]!;
        bench.Simulator.Tenant.AddFault(new FaultRule { Method = "GET", Path = closed + "/transitiveMembers", Status = 403 });
        Assign(bench, include: ["S/MIME users", "Executives"], exclude: []);

        var report = await PlanAsync(bench);

        Assigned(report).Users.All.ShouldBe(new Headcount(3, null));
        Written(new PlanMarkdown(), report).ShouldContain("reaches at least 3 users");
    }

    [Fact]
    public async Task An_empty_plan_asks_for_no_members()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        bench.Simulator.Tenant.Log.Clear();

        var report = await PlanAsync(bench);

        report.IsEmpty.ShouldBeTrue(report.Summary());
        bench.Simulator.Tenant.Log.Counts.Keys.ShouldNotContain(t => t.Contains("Members", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_groups_are_found_and_read_in_few_requests_and_nothing_is_written()
    {
        const int Policies = 240;
        await using var bench = await Workbench.OpenAsync();
        var text = new StringBuilder();
        for (var i = 0; i < Policies; i++)
        {
            bench.Simulator.Tenant.AddGroup($"Team {i}", members: ["alice@contoso.com", "bob@contoso.com"]);
            text.Append(CultureInfo.InvariantCulture, $$$"""
                ---
                apiVersion: smime-operator.io/v1alpha1
                kind: SmimePolicy
                metadata:
                  name: p{{{i}}}
                spec:
                  tenantRef: {name: contoso}
                  displayName: Policy {{{i}}}
                  outlook: {smime: {enabled: true, userChangeAllowed: false}}
                  encryption: {source: ImportedPkcs}
                ---
                apiVersion: smime-operator.io/v1alpha1
                kind: Assignment
                metadata:
                  name: p{{{i}}}
                spec:
                  policyRef:
                    name: p{{{i}}}
                  include:
                    - group:
                        displayName: Team {{{i}}}

                """);
        }

        File.WriteAllText(Path.Combine(bench.Samples, "many.yaml"), text.ToString());

        var report = await PlanAsync(bench);

        report.IsFaulty.ShouldBeFalse();
        report.Reach.Changes.Count.ShouldBeGreaterThan(Policies);
        // The teams' two, and dave by the samples' Executives; alice and dave are among these without a filter.
        report.Reach.Whole.Users.Gains.ShouldBe(new Headcount(3, 3));
        bench.Simulator.Tenant.Log.Total.Writes.ShouldBe(0);
        var log = bench.Simulator.Tenant.Log.Entries;
        log.Where(e => e.IsInBatch).ShouldAllBe(e => e.Method == "GET");
        Envelopes(log, "/transitiveMembers").ShouldBeLessThanOrEqualTo(13);
        // One for the names of all Assignments, whoever asks first.
        Envelopes(log, "/groups").ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Every_form_tells_it()
    {
        await using var bench = await Workbench.OpenAsync();
        Assign(bench, include: ["S/MIME users"], exclude: []);

        var report = await PlanAsync(bench);

        Written(new PlanText(colour: false), report).ShouldContain("      reaches 3 users");
        Written(new PlanMarkdown(), report).ShouldContain("reaches 3 users |");
        using var json = JsonDocument.Parse(Written(new PlanJson(), report));
        var assign = json.RootElement.GetProperty("resources").EnumerateArray().SelectMany(r => r.GetProperty("changes").EnumerateArray())
            .First(c => c.GetProperty("action").GetString() == "Assign");
        assign.GetProperty("reach").GetProperty("users").GetProperty("most").GetInt32().ShouldBe(3);
        assign.GetProperty("reach").GetProperty("usersWhoGain").GetProperty("least").GetInt32().ShouldBe(3);
        json.RootElement.GetProperty("reach").GetProperty("users").GetProperty("least").GetInt32().ShouldBe(3);
    }

    private static Reach Assigned(PlanReport report) => report.Reach.Changes[report.Changes.First(c => c.Action == ChangeAction.Assign && c.Type == "iosMobileAppConfiguration")];

    // Parts of one batch bear the same client-request-id.
    private static int Envelopes(IEnumerable<RequestLogEntry> log, string end) =>
        log.Where(e => e.Path.EndsWith(end, StringComparison.Ordinal)).Select(e => e.ClientRequestId).Distinct(StringComparer.Ordinal).Count();

    private static void Assign(Workbench bench, string[] include, string[] exclude) => bench.Edit("assignment.yaml", t => t[..t.IndexOf("  include:", StringComparison.Ordinal)]
        + $"  include: [{string.Join(", ", include.Select(Group))}]\n  exclude: [{string.Join(", ", exclude.Select(Group))}]\n"
        + t[t.IndexOf("  app:", StringComparison.Ordinal)..]);

    private static string Group(string name) => $"{{group: {{displayName: {name}}}}}";

    private static string Written(IPlanWriter writer, PlanReport report)
    {
        using var output = new StringWriter();
        writer.Write(report, output);
        return output.ToString();
    }

    private static Task<PlanReport> PlanAsync(Workbench bench) => PlanRunner.RunAsync(
        new SyncOptions { Folders = [bench.Samples, bench.Secrets], StatePath = bench.State, TenantEndpoint = bench.Endpoint },
        [], TimeSpan.FromMinutes(1), bench.Limit);
}
