using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Intune.Tests.Tenant;

public sealed class SnapshotTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tiny_pages_make_the_same_picture()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 2 });
        tenant.Seed(11, 3);
        tenant.Sim.AddStoreApp();
        tenant.Sim.AddFilter("Corporate");
        tenant.Sim.AddConnector("c1");
        var group = tenant.Sim.AddGroup("g");
        for (var i = 0; i < 5; i++)
        {
            tenant.SeedProfile($"p{i}", group);
        }

        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.ShouldBeEmpty();
        snapshot.CertificateCount.ShouldBe(11);
        snapshot.CertificatesByUser.Count.ShouldBe(3);
        snapshot.All(TenantCollection.DeviceConfigurations).Count().ShouldBe(5);
        snapshot.All(TenantCollection.DeviceConfigurations).ShouldAllBe(o => o.Assignments.Single().Target == new AssignmentTarget(TargetKind.Group, group, null, FilterType.None));
        snapshot.All(TenantCollection.MobileApps).Single().Type.ShouldBe("iosStoreApp");
        snapshot.AssignmentFilters.Single().DisplayName.ShouldBe("Corporate");
        var connector = snapshot.Connectors.Single();
        connector.Version.ShouldBe("6.2406.0.1001");
        connector.State.ShouldBe("active");
    }

    [Fact]
    public async Task Ten_thousand_certificates_and_fifty_policies_take_at_most_twenty_five_requests_and_little_memory()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 1000 });
        tenant.Seed(10_000, 4000);
        var app = tenant.Sim.AddStoreApp();
        for (var i = 0; i < 30; i++)
        {
            tenant.SeedProfile($"p{i}", tenant.Sim.AddGroup($"g{i}"));
        }

        for (var i = 0; i < 20; i++)
        {
            await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy($"a{i}", app), RequestLane.Create, Token);
        }

        await tenant.Intune.RefreshAsync(Token);
        tenant.Sim.Log.Clear();
        var change = await tenant.Intune.RefreshAsync(Token);
        tenant.Requests.Count.ShouldBeLessThanOrEqualTo(25);
        tenant.Requests.ShouldAllBe(r => r.Method == "GET");
        change.Current.CertificateCount.ShouldBe(10_000);
        change.ObjectIds.ShouldBeEmpty();
        change.UserKeys.ShouldBeEmpty();
        change.SharedChanged.ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_that_fails_fails_its_part_and_no_other()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 5 });
        tenant.Seed(20, 4);
        tenant.SeedProfile("p");
        tenant.Sim.AddFault(new FaultRule { Path = "userPfxCertificates", Page = 3, Status = 500 });
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.Keys.ShouldBe([SnapshotPart.ImportedCertificates]);
        snapshot.Faults[SnapshotPart.ImportedCertificates].Kind.ShouldBe(FaultKind.Unavailable);
        snapshot.CertificateCount.ShouldBe(0);
        snapshot.All(TenantCollection.DeviceConfigurations).Count().ShouldBe(1);

        tenant.Sim.ClearFaults();
        var change = await tenant.Intune.RefreshAsync(Token);
        change.Current.Faults.ShouldBeEmpty();
        change.Current.CertificateCount.ShouldBe(20);
        change.SharedChanged.ShouldBeTrue();
    }

    [Fact]
    public async Task A_part_that_failed_and_came_back_unchanged_changes_nobody()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Seed(20, 4);
        await tenant.Intune.RefreshAsync(Token);
        tenant.Sim.AddFault(new FaultRule { Path = "userPfxCertificates", Status = 403 });
        (await tenant.Intune.RefreshAsync(Token)).UserKeys.ShouldBeEmpty();
        tenant.Sim.ClearFaults();
        var change = await tenant.Intune.RefreshAsync(Token);
        change.UserKeys.ShouldBeEmpty();
        change.SharedChanged.ShouldBeTrue();
    }

    public static TheoryData<FaultRule, FaultKind> Nonsense => new()
    {
        { new FaultRule { Path = "mobileAppConfigurations", MalformedJson = true }, FaultKind.Malformed },
        { new FaultRule { Path = "mobileAppConfigurations", HtmlPage = true }, FaultKind.Malformed },
        { new FaultRule { Path = "mobileAppConfigurations", HtmlPage = true, Status = 502 }, FaultKind.Unavailable },
        { new FaultRule { Path = "mobileAppConfigurations", Drop = DropMoment.BeforeCommit }, FaultKind.Unavailable },
        { new FaultRule { Path = "mobileAppConfigurations", TruncateAfter = 20 }, FaultKind.Unavailable },
        { new FaultRule { Path = "mobileAppConfigurations", Status = 400 }, FaultKind.Rejected },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_is_a_fault_of_the_part_and_never_an_empty_list(FaultRule rule, FaultKind kind)
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Sim.AddFault(rule);
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.Keys.ShouldBe([SnapshotPart.AppConfigurations]);
        snapshot.Faults[SnapshotPart.AppConfigurations].Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task A_list_under_another_content_type_is_read_all_the_same()
    {
        await using var tenant = await TestTenant.StartAsync();
        tenant.Seed(3, 1);
        tenant.SeedProfile("p");
        tenant.Sim.AddFault(new FaultRule { ContentType = "text/plain" });
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.ShouldBeEmpty();
        snapshot.CertificateCount.ShouldBe(3);
        snapshot.All(TenantCollection.DeviceConfigurations).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nonsense_that_passes_is_asked_again()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 3 });
        tenant.Seed(10, 2);
        tenant.Sim.AddFault(new FaultRule { Path = "userPfxCertificates", Page = 2, TruncateAfter = 300, Count = 1 });
        tenant.Sim.AddFault(new FaultRule { Path = "userPfxCertificates", Page = 3, MalformedJson = true, Count = 2 });
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.ShouldBeEmpty();
        snapshot.CertificateCount.ShouldBe(10);
    }

    [Fact]
    public async Task Pages_that_go_in_a_circle_are_a_fault()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { PageSize = 3 });
        tenant.Seed(10, 2);
        tenant.Sim.AddFault(new FaultRule { Path = "userPfxCertificates", NextLinkLoop = true });
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults[SnapshotPart.ImportedCertificates].Kind.ShouldBe(FaultKind.Malformed);
    }

    [Fact]
    public async Task Assignments_that_an_expansion_leaves_out_are_read_in_batches()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { OmitExpandedAssignments = true });
        var groups = Enumerable.Range(0, 45).Select(i => tenant.Sim.AddGroup($"g{i}")).ToList();
        groups.ForEach(g => tenant.SeedProfile("p", g));
        tenant.Sim.AddFault(new FaultRule { Path = "/assignments", Status = 429, Count = 3 });
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.ShouldBeEmpty();
        snapshot.All(TenantCollection.DeviceConfigurations).Select(o => o.Assignments.Single().Target.GroupId).ShouldBe(groups, ignoreOrder: true);
    }

    public static TheoryData<FaultRule> InnerFaults => new()
    {
        new FaultRule { Status = 429, Count = 3 },
        new FaultRule { Status = 429, Count = 3, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "0" } },
        new FaultRule { Status = 503, Count = 3 },
    };

    [Theory]
    [MemberData(nameof(InnerFaults))]
    public async Task Parts_of_a_batch_that_are_refused_for_now_are_asked_for_again_and_no_others(FaultRule rule)
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { OmitExpandedAssignments = true });
        var group = tenant.Sim.AddGroup("g");
        for (var i = 0; i < 10; i++)
        {
            tenant.SeedProfile($"p{i}", group);
        }

        tenant.Sim.AddFault(rule with { Method = "GET", Path = "/assignments$" });
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.ShouldBeEmpty();
        snapshot.All(TenantCollection.DeviceConfigurations).ShouldAllBe(o => o.Assignments.Count == 1);
        var parts = tenant.Requests.Where(r => r.IsInBatch).ToList();
        parts.Count.ShouldBe(13);
        parts.Count(r => r.Status == 200).ShouldBe(10);
    }

    [Fact]
    public async Task A_batch_whose_parts_are_throttled_for_ever_is_a_fault_of_the_part_with_the_time_to_wait()
    {
        await using var tenant = await TestTenant.StartAsync(
            new SimulatorOptions { OmitExpandedAssignments = true }, o => o.ThrottlePatience = TimeSpan.FromSeconds(5));
        tenant.SeedProfile("p", tenant.Sim.AddGroup("g"));
        tenant.Sim.AddFault(new FaultRule { Path = "/assignments$", Status = 429, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "30" } });
        var fault = (await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token)).Faults[SnapshotPart.DeviceConfigurations];
        fault.Kind.ShouldBe(FaultKind.Throttled);
        fault.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_read_and_a_young_picture_is_not_read_again()
    {
        await using var tenant = await TestTenant.StartAsync(new SimulatorOptions { Latency = TimeSpan.FromMilliseconds(50) });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tenant.Intune.GetSnapshotAsync(TimeSpan.FromMinutes(1), Token)));
        await tenant.Intune.GetSnapshotAsync(TimeSpan.FromMinutes(1), Token);
        tenant.Requests.Count(r => r.Template.EndsWith("/mobileApps", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task What_others_change_is_told_and_what_we_change_is_not()
    {
        await using var tenant = await TestTenant.StartAsync(configure: o => o.ConsistencyGrace = TimeSpan.Zero);
        tenant.Seed(4, 2);
        var theirs = tenant.SeedProfile("theirs");
        var app = tenant.Sim.AddStoreApp();
        await tenant.Intune.RefreshAsync(Token);
        var ours = (await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("ours", app), RequestLane.Create, Token)).Value;
        var user = tenant.Sim.AddUser("new@contoso.com");
        await tenant.Intune.ImportAsync(TestTenant.Certificate("new@contoso.com", 77), user, RequestLane.Create, Token);
        (await tenant.Intune.RefreshAsync(Token)).ObjectIds.ShouldBeEmpty();

        tenant.Sim.Change("deviceConfigurations", theirs, new() { ["displayName"] = "renamed" });
        tenant.Sim.Change("mobileAppConfigurations", ours.Id, new() { ["description"] = "by hand" });
        var gone = ImportedCertificate.IdOf(user, TestTenant.Thumbprint(77));
        tenant.Sim.Delete("userPfxCertificates", gone).ShouldBeTrue();
        var change = await tenant.Intune.RefreshAsync(Token);
        change.ObjectIds.ShouldBe([theirs, ours.Id], ignoreOrder: true);
        change.UserKeys.ShouldBe([ImportedCertificate.UserKeyOf(user)]);
        change.SharedChanged.ShouldBeFalse();
        change.Current.Find(TenantCollection.DeviceConfigurations, theirs)!.DisplayName.ShouldBe("renamed");
    }

    [Fact]
    public async Task Lists_that_lag_behind_our_writes_do_not_undo_them()
    {
        await using var tenant = await TestTenant.StartAsync();
        var profile = tenant.SeedProfile("old");
        var app = tenant.Sim.AddStoreApp();
        await tenant.Intune.RefreshAsync(Token);
        tenant.Sim.AddFault(new FaultRule { Method = "GET", StaleList = true });
        var made = (await tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("new", app), RequestLane.Create, Token)).Value;
        await tenant.Intune.DeleteAsync(TenantCollection.DeviceConfigurations, profile, RequestLane.Delete, Token);
        var change = await tenant.Intune.RefreshAsync(Token);
        change.ObjectIds.ShouldBeEmpty();
        change.Current.Find(TenantCollection.AppConfigurations, made.Id).ShouldNotBeNull();
        change.Current.Find(TenantCollection.DeviceConfigurations, profile).ShouldBeNull();
    }

    [Fact]
    public async Task A_deletion_that_the_service_forgot_is_seen_after_the_grace()
    {
        await using var tenant = await TestTenant.StartAsync(configure: o => o.ConsistencyGrace = TimeSpan.Zero);
        tenant.Seed(2, 1);
        var id = (await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token)).CertificatesByUser.Values.Single()[0].Id;
        tenant.Sim.AddFault(new FaultRule { Method = "DELETE", IgnoreWrite = true });
        await tenant.Intune.DeleteImportAsync(id, RequestLane.Delete, Token);
        tenant.Intune.Current!.CertificateCount.ShouldBe(1);
        (await tenant.Intune.RefreshAsync(Token)).Current.CertificateCount.ShouldBe(2);
    }
}
