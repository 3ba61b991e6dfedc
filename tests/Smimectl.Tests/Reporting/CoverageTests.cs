using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;
using Smimectl.Tests.Histories;

namespace Smimectl.Tests.Reporting;

/// <summary>Who is meant to have certificates and has none, against a tenant whose groups are filled here. Only dave has a certificate.</summary>
public sealed class CoverageTests : IAsyncLifetime
{
    private const string User = "dave@contoso.com";
    private LookBench _bench = null!;

    private SimulatedTenant Tenant => _bench.Tenant;

    public async ValueTask InitializeAsync() => _bench = await LookBench.OpenWithOneAsync(User);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Members_of_the_profiles_groups_without_certificates_are_told_everywhere_but_for_the_excluded()
    {
        // frank comes through a group in the group, carol is excluded, and grace is in the groups of no profile.
        Tenant.AddUser("frank@contoso.com");
        Tenant.AddUser("grace@contoso.com");
        Tenant.AddMembers(Group("Executives"), [Tenant.AddGroup("Board", members: ["frank@contoso.com"])]);
        Tenant.AddGroup("Others", members: ["grace@contoso.com"]);
        Tenant.Log.Clear();

        var report = await _bench.ReportAsync();

        Without(report).ShouldBe(["alice@contoso.com", "bob@contoso.com", "frank@contoso.com"]);
        report.Users.Single(u => u.Certificates > 0).ShouldSatisfyAllConditions(u => u.Name.ShouldBe(User), u => u.IsIntended.ShouldBe(true));
        report.Intended.ShouldSatisfyAllConditions(i => i.Users.Count.ShouldBe(4), i => i.IsComplete.ShouldBeTrue(), i => i.Notes.ShouldBeEmpty());
        var page = HtmlReport.Write(report);
        page.ShouldContain("<dt>users without a valid encryption certificate</dt><dd class=\"bad\">3</dd>");
        page.ShouldContain("<b>3</b> none at all");
        page.ShouldContain("Encryption profiles are assigned to 4 users.");
        page.ShouldContain("frank@contoso.com");
        using var json = JsonDocument.Parse(Written(w => AuditJson.Write(report, w)));
        json.RootElement.GetProperty("users").EnumerateArray().Count(u => u.GetProperty("cover").GetString() == "Missing" && u.GetProperty("isIntended").GetBoolean()).ShouldBe(3);
        json.RootElement.GetProperty("intended").GetProperty("users").GetInt32().ShouldBe(4);
        Written(w => AuditCsv.Write(report, w)).Split("\r\n").Count(l => l.EndsWith("no certificate,,,", StringComparison.Ordinal)).ShouldBe(3);
        // Three groups in one batch: nobody asks for their members one by one.
        Tenant.Log.Entries.Where(e => e.Path.Contains("transitiveMembers", StringComparison.Ordinal)).ShouldAllBe(e => e.IsInBatch);
        Tenant.Log.Total.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task Members_of_a_group_that_cannot_be_read_are_not_guessed_and_the_others_count()
    {
        Deny(Group("Executives"));

        var report = await _bench.ReportAsync();

        report.Unread.ShouldBeEmpty();
        Without(report).ShouldBe(["alice@contoso.com", "bob@contoso.com"]);
        report.Users.Single(u => u.Name == User).IsIntended.ShouldBeNull();
        report.Intended.Notes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.ShouldContain("group 'Executives'"), n => n.ShouldContain("GroupMember.Read.All"));
        HtmlReport.Write(report).ShouldSatisfyAllConditions(p => p.ShouldContain("Who is meant by group &#39;Executives&#39; is not known in full"), p => p.ShouldContain("at least 2 users"));
    }

    [Fact]
    public async Task A_group_that_is_too_large_to_be_told_one_by_one_and_devices_in_a_group_are_said()
    {
        Tenant.AddMembers(Group("Executives"), [Tenant.AddDevice("iPhone"), .. Enumerable.Range(0, 20_000).Select(i => Tenant.AddUser($"user{i}@contoso.com"))]);

        var report = await _bench.ReportAsync();

        // Those of the other group, which is read whole.
        Without(report).ShouldBe(["alice@contoso.com", "bob@contoso.com"]);
        report.Intended.Notes.ShouldSatisfyAllConditions(
            n => n.ShouldContain(t => t.Contains("20,002 users are too many", StringComparison.Ordinal)), n => n.ShouldContain(t => t.Contains("devices among its members", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nobody_is_called_meant_while_the_excluded_are_not_known()
    {
        Deny(Group("Contractors"));

        var report = await _bench.ReportAsync();

        Without(report).ShouldBeEmpty();
        report.Intended.Notes.ShouldHaveSingleItem().ShouldContain("excluded group 'Contractors'");
    }

    [Fact]
    public async Task Names_that_cannot_be_read_are_object_ids()
    {
        Tenant.AddFault(new FaultRule { Method = "GET", Path = "/v1.0/users", Status = 403 });

        var report = await _bench.ReportAsync();

        Without(report).ShouldBe([UserId("alice@contoso.com"), UserId("bob@contoso.com")], ignoreOrder: true);
        report.Intended.Notes.ShouldHaveSingleItem().ShouldContain("told by object id");
    }

    [Fact]
    public async Task All_users_are_counted_and_not_listed()
    {
        Tenant.Change("deviceConfigurations", Profile(), new JsonObject
        {
            ["assignments"] = new JsonArray(new JsonObject { ["target"] = new JsonObject { ["@odata.type"] = "#microsoft.graph.allLicensedUsersAssignmentTarget" } }),
        }).ShouldBeTrue();
        Tenant.Log.Clear();

        var report = await _bench.ReportAsync();

        // alice, bob, carol and dave.
        report.Intended.ShouldSatisfyAllConditions(i => i.IsEverybody.ShouldBeTrue(), i => i.Number.ShouldBe(4));
        Without(report).ShouldBeEmpty();
        report.Users.ShouldHaveSingleItem().IsIntended.ShouldBe(true);
        HtmlReport.Write(report).ShouldContain("goes to all users, of whom the directory has 4: the tenant holds certificates of 1, and the others are not listed");
        Tenant.Log.Entries.ShouldNotContain(e => e.Path.Contains("transitiveMembers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_certificates_nobody_is_said_to_have_none()
    {
        Tenant.AddFault(new FaultRule { Path = "userPfxCertificates", Status = 403 });

        var report = await _bench.ReportAsync();

        report.Users.Select(u => u.Name).ShouldBe([User]);
        Written(w => AuditCsv.Write(report, w)).ShouldNotContain("no certificate");
    }

    private static List<string> Without(AuditReport report) => [.. report.Users.Where(u => u.Cover == AuditCover.Missing).Select(u => u.Name)];

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }

    private void Deny(string group) => Tenant.AddFault(new FaultRule
    {
        Method = "GET", Path = group + "/transitiveMembers", Status = 403,
        Body = """{"error":{"code":"Authorization_RequestDenied","message":"Application must have one of the following scopes: GroupMember.Read.All, Group.Read.All"}}""",
    });

    private string Group(string name) => (string)Tenant.List("groups").Single(g => (string?)g["displayName"] == name)["id"]!;

    private string UserId(string name) => (string)Tenant.List("users").Single(u => (string?)u["userPrincipalName"] == name)["id"]!;

    private string Profile() => (string)Tenant.List("deviceConfigurations").Single(p => (string?)p["intendedPurpose"] == "smimeEncryption")["id"]!;
}
