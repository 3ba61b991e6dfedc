using System.Text.Json;
using Microsoft.Graph.Models;
using SmimeOperator.Intune.Models;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Intune.Tests.Tenant;

public sealed class WriteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<FaultRule> Throttling => new()
    {
        new FaultRule { Status = 429, Count = 2, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "0" } },
        new FaultRule { Status = 429, Count = 2 },
        new FaultRule { Status = 429, Count = 1, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-ms-retry-after-ms"] = "40" } },
        new FaultRule { Status = 503, Count = 2, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "0" } },
        new FaultRule { Status = 429, Count = 1, HtmlPage = true },
    };

    [Theory]
    [MemberData(nameof(Throttling))]
    public async Task Throttling_is_waited_for_and_nothing_is_made_twice(FaultRule rule)
    {
        await using var tenant = await TestTenant.StartAsync();
        var app = tenant.Sim.AddStoreApp();
        var user = tenant.Sim.AddUser("a@contoso.com");
        tenant.Sim.AddFault(rule with { Method = "POST", Path = "mobileAppConfigurations" });
        tenant.Sim.AddFault(rule with { Method = "POST", Path = "userPfxCertificates" });
        tenant.Sim.AddFault(rule with { Method = "GET" });
        await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token);
        await tenant.Intune.ImportAsync(TestTenant.Certificate("a@contoso.com", 1), user, RequestLane.Create, Token);
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.ShouldBeEmpty();
        tenant.Sim.Count("mobileAppConfigurations").ShouldBe(1);
        snapshot.CertificateCount.ShouldBe(1);
    }

    [Fact]
    public async Task Throttling_without_end_is_told_with_the_time_to_wait()
    {
        await using var tenant = await TestTenant.StartAsync(configure: o => o.ThrottlePatience = TimeSpan.FromSeconds(5));
        tenant.Sim.AddFault(new FaultRule { Method = "POST", Status = 429, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "30" } });
        var user = tenant.Sim.AddUser("a@contoso.com");
        var fault = await Should.ThrowAsync<TenantException>(
            tenant.Intune.ImportAsync(TestTenant.Certificate("a@contoso.com", 1), user, RequestLane.Create, Token));
        fault.Kind.ShouldBe(FaultKind.Throttled);
        fault.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        fault.ClientRequestId.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_creation_whose_answer_is_lost_is_not_repeated()
    {
        await using var tenant = await TestTenant.StartAsync();
        var app = tenant.Sim.AddStoreApp();
        await tenant.Intune.RefreshAsync(Token);
        tenant.Sim.AddFault(new FaultRule { Method = "POST", Path = "mobileAppConfigurations", Drop = DropMoment.AfterCommit, Count = 1 });
        var fault = await Should.ThrowAsync<TenantException>(
            tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token));
        fault.Kind.ShouldBe(FaultKind.OutcomeUnknown);
        tenant.Requests.Count(r => r.Method == "POST").ShouldBe(1);
        var seen = await tenant.Intune.RereadAsync(SnapshotPart.AppConfigurations, Token);
        seen.All(TenantCollection.AppConfigurations).Single().DisplayName.ShouldBe("p");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_creation_that_is_answered_with_an_outage_may_have_been_made_and_is_not_repeated(int status)
    {
        await using var tenant = await TestTenant.StartAsync();
        var app = tenant.Sim.AddStoreApp();
        tenant.Sim.AddFault(new FaultRule { Method = "POST", Path = "mobileAppConfigurations", Status = status, Commit = true, Count = 1 });
        var fault = await Should.ThrowAsync<TenantException>(
            tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token));
        fault.Kind.ShouldBe(FaultKind.OutcomeUnknown);
        tenant.Requests.Select(r => r.Method).ShouldBe(["POST"]);
    }

    [Fact]
    public async Task A_creation_that_the_front_door_turns_away_is_sent_again_without_a_look()
    {
        await using var tenant = await TestTenant.StartAsync();
        var app = tenant.Sim.AddStoreApp();
        tenant.Sim.AddFault(new FaultRule
        {
            Method = "POST", Path = "mobileAppConfigurations", Status = 503, Count = 2, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "0" },
        });
        await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token);
        tenant.Requests.Select(r => r.Method).ShouldBe(["POST", "POST", "POST"]);
    }

    [Theory]
    [InlineData("http://graph.smime-operator.invalid")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_creation_that_never_left_is_sent_again_without_a_look(string unreachable)
    {
        using var network = new Misled(new Uri(unreachable), times: 2);
        await using var tenant = await TestTenant.StartAsync(network: network);
        var app = tenant.Sim.AddStoreApp();
        await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token);
        network.Left.ShouldBe(0);
        tenant.Requests.Select(r => r.Method).ShouldBe(["POST"]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_changes_nothing_when_repeated_is_sent_five_times_at_an_outage(int status)
    {
        await using var tenant = await TestTenant.StartAsync();
        var app = tenant.Sim.AddStoreApp();
        var made = (await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token)).Value;
        var change = new IosMobileAppConfiguration { OdataType = "#microsoft.graph.iosMobileAppConfiguration", DisplayName = "q" };
        tenant.Sim.AddFault(new FaultRule { Method = "GET", Path = "deviceConfigurations", Status = status, Count = 4 });
        tenant.Sim.AddFault(new FaultRule { Method = "PATCH", Status = status, Count = 4 });
        tenant.Sim.Log.Clear();

        (await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token)).Faults.ShouldBeEmpty();
        await tenant.Intune.UpdateAsync(made, change, RequestLane.Change, Token);
        tenant.Requests.Count(r => r.Path.EndsWith("/deviceConfigurations", StringComparison.Ordinal)).ShouldBe(5);
        tenant.Requests.Count(r => r.Method == "PATCH").ShouldBe(5);

        tenant.Sim.AddFault(new FaultRule { Method = "PATCH", Status = status });
        tenant.Sim.Log.Clear();
        (await Should.ThrowAsync<TenantException>(tenant.Intune.UpdateAsync(made, change, RequestLane.Change, Token))).Kind.ShouldBe(FaultKind.Unavailable);
        tenant.Requests.Count(r => r.Method == "PATCH").ShouldBe(5);
    }

    [Theory]
    [InlineData(DropMoment.AfterCommit, 1, 1)]
    [InlineData(DropMoment.BeforeCommit, 1, 2)]
    [InlineData(DropMoment.BeforeCommit, 3, 4)]
    public async Task An_import_whose_answer_is_lost_is_looked_up(DropMoment moment, int count, int posts)
    {
        await using var tenant = await TestTenant.StartAsync();
        const string Name = "o'neil+x#ext#@contoso.com";
        var user = tenant.Sim.AddUser(Name);
        await tenant.Intune.RefreshAsync(Token);
        tenant.Sim.AddFault(new FaultRule { Method = "POST", Path = "userPfxCertificates", Drop = moment, Count = count });
        var written = await tenant.Intune.ImportAsync(TestTenant.Certificate(Name, 5), user, RequestLane.Create, Token);
        written.Value.Id.ShouldBe(ImportedCertificate.IdOf(user, TestTenant.Thumbprint(5)));
        tenant.Requests.Count(r => r.Method == "POST").ShouldBe(posts);
        tenant.Requests.Count(r => r.Method == "PATCH").ShouldBe(0);
        tenant.Sim.Count("userPfxCertificates").ShouldBe(1);
    }

    [Fact]
    public async Task A_record_that_may_have_been_there_before_is_replaced_after_a_lost_answer()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Seed(1, 1);
        var user = (string)tenant.Sim.List("users").Single()["id"]!;
        tenant.Sim.AddFault(new FaultRule { Method = "POST", Path = "userPfxCertificates", Drop = DropMoment.BeforeCommit, Count = 1 });
        await tenant.Intune.ImportAsync(TestTenant.Certificate("user0@contoso.com", 0), user, RequestLane.Create, Token);
        tenant.Requests.Select(r => r.Method).ShouldBe(["POST", "GET", "PATCH"]);
    }

    [Fact]
    public async Task An_import_that_exists_already_is_replaced()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Seed(1, 1);
        var user = (string)tenant.Sim.List("users").Single()["id"]!;
        // Nothing was read yet: the service's 409 says that it exists.
        await tenant.Intune.ImportAsync(TestTenant.Certificate("user0@contoso.com", 0), user, RequestLane.Create, Token);
        tenant.Requests.Select(r => r.Method).ShouldBe(["POST", "PATCH"]);
        await tenant.Intune.RefreshAsync(Token);
        tenant.Sim.Log.Clear();
        await tenant.Intune.ImportAsync(TestTenant.Certificate("user0@contoso.com", 0), user, RequestLane.Create, Token);
        tenant.Requests.Select(r => r.Method).ShouldBe(["PATCH"]);
        tenant.Requests.SelectMany(r => r.Violations).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(PatchAnswer.NoContent)]
    [InlineData(PatchAnswer.Entity)]
    public async Task A_change_is_seen_at_once_whether_the_answer_has_a_body_or_not(PatchAnswer answer)
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PatchAnswer = answer });
        var app = tenant.Sim.AddStoreApp();
        var made = (await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token)).Value;
        await tenant.Intune.RefreshAsync(Token);
        var change = new IosMobileAppConfiguration { OdataType = "#microsoft.graph.iosMobileAppConfiguration", DisplayName = "q", Description = null };
        for (var i = 0; i < 2; i++)
        {
            // The same body twice, as a caller does that tries again.
            await tenant.Intune.UpdateAsync(made, change, RequestLane.Change, Token);
        }

        var seen = tenant.Intune.Current!.Find(TenantCollection.AppConfigurations, made.Id)!;
        seen.DisplayName.ShouldBe("q");
        seen.Properties.GetProperty("description").ValueKind.ShouldBe(JsonValueKind.Null);
        seen.Properties.GetProperty("settings").GetArrayLength().ShouldBe(1);
        var stored = tenant.Sim.Find("mobileAppConfigurations", made.Id)!;
        ((string?)stored["displayName"]).ShouldBe("q");
        stored["description"].ShouldBeNull();
        tenant.Requests.SelectMany(r => r.Violations).ShouldBeEmpty();
        (await tenant.Intune.RefreshAsync(Token)).ObjectIds.ShouldBeEmpty();
    }

    [Fact]
    public async Task Assignments_are_replaced_and_those_of_policy_sets_left_alone()
    {
        await using var tenant = await TestTenant.StartAsync();
        var (one, two, set) = (tenant.Sim.AddGroup("one"), tenant.Sim.AddGroup("two"), tenant.Sim.AddGroup("set"));
        var filter = tenant.Sim.AddFilter("Corporate");
        var app = tenant.Sim.AddStoreApp();
        tenant.SeedProfile("profile", one);
        await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token);
        tenant.Sim.AddPolicySetAssignment("deviceConfigurations", (string)tenant.Sim.List("deviceConfigurations").Single()["id"]!, set);
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        TenantAssignment[] wanted =
        [
            new(new AssignmentTarget(TargetKind.Group, two, filter, FilterType.Include)),
            new(new AssignmentTarget(TargetKind.ExclusionGroup, one)),
        ];
        foreach (var collection in Enum.GetValues<TenantCollection>())
        {
            var intent = collection == TenantCollection.MobileApps ? "required" : null;
            await tenant.Intune.AssignAsync(snapshot.All(collection).Single(), [.. wanted.Select(w => w with { Intent = intent })], RequestLane.Change, Token);
        }

        tenant.Requests.SelectMany(r => r.Violations).ShouldBeEmpty();
        var profile = tenant.Intune.Current!.All(TenantCollection.DeviceConfigurations).Single();
        profile.Assignments.Count.ShouldBe(3);
        profile.Assignments.Single(a => a.FromPolicySet).Target.GroupId.ShouldBe(set);
        var read = await tenant.Intune.RefreshAsync(Token);
        foreach (var collection in Enum.GetValues<TenantCollection>())
        {
            read.Current.All(collection).Single().Assignments.Where(a => !a.FromPolicySet).Select(a => a.Target)
                .ShouldBe(wanted.Select(w => w.Target), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task What_others_wrote_into_an_assignment_survives_ours()
    {
        await using var tenant = await TestTenant.StartAsync();
        var app = tenant.Sim.AddStoreApp();
        var (one, two) = (tenant.Sim.AddGroup("one"), tenant.Sim.AddGroup("two"));
        tenant.Sim.Change("mobileApps", app, new() { ["notes"] = "x" });
        var current = (await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token)).All(TenantCollection.MobileApps).Single();
        var foreign = new TenantAssignment(
            new AssignmentTarget(TargetKind.Group, one),
            "available",
            false,
            JsonDocument.Parse("""{"id":"x","intent":"available","settings":{"@odata.type":"#microsoft.graph.iosStoreAppAssignmentSettings","uninstallOnDeviceRemoval":true,"isRemovable":false},"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"GROUP"}}""".Replace("GROUP", one, StringComparison.Ordinal)).RootElement);
        await tenant.Intune.AssignAsync(current, [foreign, new(new AssignmentTarget(TargetKind.Group, two), "required")], RequestLane.Change, Token);
        var read = (await tenant.Intune.RefreshAsync(Token)).Current.All(TenantCollection.MobileApps).Single();
        read.Assignments.Single(a => a.Intent == "available").Raw.GetProperty("settings").GetProperty("uninstallOnDeviceRemoval").GetBoolean().ShouldBeTrue();
        tenant.Requests.SelectMany(r => r.Violations).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deleting_what_is_gone_is_fine()
    {
        await using var tenant = await TestTenant.StartAsync();
        await tenant.Intune.DeleteAsync(TenantCollection.DeviceConfigurations, Guid.NewGuid().ToString(), RequestLane.Delete, Token);
        await tenant.Intune.DeleteImportAsync("nobody-nothing", RequestLane.Delete, Token);
    }

    [Fact]
    public async Task A_failure_names_the_object_and_no_content()
    {
        await using var tenant = await TestTenant.StartAsync();
        var body = new IosTrustedRootCertificate { DisplayName = "Corp root", CertFileName = "root.cer", TrustedRootCertificate = new byte[200] };
        tenant.Sim.AddFault(new FaultRule { Method = "POST", Status = 400 });
        var fault = await Should.ThrowAsync<TenantException>(
            tenant.Intune.CreateAsync(TenantCollection.DeviceConfigurations, body, RequestLane.Create, Token));
        fault.Kind.ShouldBe(FaultKind.Rejected);
        fault.Message.ShouldContain("Creating iosTrustedRootCertificate \"Corp root\" failed (HTTP 400");
        fault.ToString().ShouldNotContain("AAAAAAAA");
    }

    /// <summary>A network on which the first writes are sent to where nobody answers.</summary>
    private sealed class Misled(Uri unreachable, int times) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        private int _left = times;

        public int Left => _left;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Get && _left > 0)
            {
                _left--;
                request.RequestUri = new Uri(unreachable, request.RequestUri!.PathAndQuery);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
