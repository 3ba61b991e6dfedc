using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Faults;

public sealed class FaultTests(Pki pki)
{
    private const string Records = "userPfxCertificates";
    private static readonly string[] Collections = ["mobileApps", "mobileAppConfigurations", "deviceConfigurations"];

    [Fact]
    public async Task A_short_throttling_is_sat_out()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddFault(new FaultRule { Method = "POST", Status = 429, Count = 2 });
        var policy = AddPolicy(world);

        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        Counts(world).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task A_throttling_that_does_not_end_waits_and_never_stalls()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddFault(new FaultRule { Method = "POST", Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "30" } });
        var policy = AddPolicy(world);

        var outcome = await world.ReconcileAsync(policy);

        policy.Status.ShouldWait(Reasons.Throttled);
        outcome.RequeueAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_burst_of_503_on_reads_is_sat_out()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddFault(new FaultRule { Method = "GET", Path = "deviceConfigurations", Status = 503, Count = 3 });
        var policy = AddPolicy(world);

        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task An_outage_of_writes_waits_and_the_next_pass_makes_everything_once()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddFault(new FaultRule { Method = "POST", Status = 503 });
        var policy = AddPolicy(world);

        var outcome = await world.ReconcileAsync(policy);
        policy.Status.ShouldWait(Reasons.ServiceUnavailable);
        outcome.Retry.ShouldBeTrue();
        Counts(world).ShouldBe((0, 0, 0));

        world.Sim.ClearFaults();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        Counts(world).ShouldBe((1, 1, 1));
    }

    [Theory]
    [InlineData(DropMoment.AfterCommit)]
    [InlineData(DropMoment.BeforeCommit)]
    public async Task A_lost_answer_to_any_creation_makes_nothing_twice(DropMoment moment)
    {
        for (var nth = 1; nth <= 3; nth++)
        {
            await using var world = await TenantWorld.StartAsync(pki);
            world.Sim.AddFault(new FaultRule { Method = "POST", Drop = moment, Nth = nth });
            var policy = AddPolicy(world);

            await world.ReconcileAsync(policy);
            await world.ReconcileAsync(policy);

            policy.Status.ShouldBeInSync();
            Counts(world).ShouldBe((1, 1, 1), $"{moment} {nth}");
            policy.Status!.Objects!.Count.ShouldBe(3);
        }
    }

    [Theory]
    [InlineData(DropMoment.AfterCommit)]
    [InlineData(DropMoment.BeforeCommit)]
    public async Task A_lost_answer_to_an_import_imports_nothing_twice(DropMoment moment)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddFault(new FaultRule { Method = "POST", Path = Records, Drop = moment, Nth = 1 });
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);

        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        world.Sim.Count(Records).ShouldBe(1);
        // What arrived is found, and neither sent again nor replaced.
        world.Writes.Count(w => w.Path.Contains(Records, StringComparison.Ordinal)).ShouldBe(moment == DropMoment.AfterCommit ? 1 : 2);
        var upload = world.Sim.StoredPfx(await world.IdOfAsync("current"))!;
        (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword)).ShouldBe(await pki.ThumbprintAsync("current"));
    }

    [Theory]
    [InlineData("mobileApps", 500)]
    [InlineData("mobileAppConfigurations", 500)]
    [InlineData("deviceConfigurations", 503)]
    [InlineData("deviceConfigurations", 504)]
    public async Task A_list_that_could_not_be_read_never_means_absent(string collection, int status)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = AddPolicy(world);
        await world.ReconcileAsync(policy);
        var objects = policy.Status!.Objects!.Select(o => o.Id).ToList();
        world.Sim.AddFault(new FaultRule { Method = "GET", Path = collection, Status = status });
        world.Sim.Log.Clear();

        var sweep = await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.ShouldWait(Reasons.TenantReadIncomplete);
        world.Tenant.Status.ShouldWait(Reasons.TenantReadIncomplete);
        policy.Status!.Objects!.Select(o => o.Id).ShouldBe(objects);
        world.Writes.ShouldBeEmpty();

        // The Tenant looks again long before its next sweep, and reads nothing but what it lacks.
        world.Sim.ClearFaults();
        sweep.RequeueAfter.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(15));
        world.Sim.Log.Clear();
        await world.ReconcileAsync(world.Tenant);
        world.Tenant.Status.ShouldBeInSync();
        world.Sim.Log.Entries.ShouldNotBeEmpty();
        world.Sim.Log.Entries.Where(e => e.Method == "GET").ShouldAllBe(e => e.Path.EndsWith("/" + collection, StringComparison.Ordinal));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("status")]
    [InlineData("malformed")]
    [InlineData("html")]
    [InlineData("truncated")]
    public async Task A_second_page_that_fails_leaves_the_tenant_alone(string fault)
    {
        await using var world = await TenantWorld.StartAsync(pki, new SimulatorOptions { PageSize = 2 });
        var policy = AddPolicy(world);
        for (var i = 0; i < 5; i++)
        {
            world.Sim.Add("deviceConfigurations", new() { ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile", ["displayName"] = $"P{i}", ["intendedPurpose"] = "unassigned" });
        }

        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Sim.AddFault(new FaultRule
        {
            Method = "GET",
            Path = "deviceConfigurations",
            Page = 2,
            Status = fault == "status" ? 500 : null,
            MalformedJson = fault == "malformed",
            HtmlPage = fault == "html",
            TruncateAfter = fault == "truncated" ? 100 : null,
        });
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.Condition(ConditionTypes.Reconciling)!.Reason.ShouldBe(Reasons.TenantReadIncomplete);
        world.Writes.ShouldBeEmpty();
        world.Sim.ClearFaults();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Certificates_that_could_not_be_listed_are_not_imported_again()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.Sources = [world.Tls("current", "current")]; s.History = HistoryPolicy.Prune; });
        await world.ReconcileAsync(import);
        world.Sim.AddFault(new FaultRule { Method = "GET", Path = Records, Status = 500 });
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldWait(Reasons.TenantReadIncomplete);
        import.Status!.Certificates!.ShouldHaveSingleItem().State.ShouldBe(CertificateState.Imported);
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_malformed_answer_to_a_creation_is_looked_up_and_nothing_is_made_twice()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddFault(new FaultRule { Method = "POST", Path = "mobileAppConfigurations", TruncateAfter = 20, Count = 1 });
        var policy = AddPolicy(world);

        await world.ReconcileAsync(policy);
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        Counts(world).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task A_refusal_stalls_with_the_services_words_and_the_request_id()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddFault(new FaultRule { Method = "POST", Path = "mobileAppConfigurations", Status = 400 });
        var policy = AddPolicy(world);

        var outcome = await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(Reasons.Rejected);
        var failed = outcome.Events.First(e => e.IsWarning);
        world.Writes.ShouldContain(w => failed.Message.Contains(w.ClientRequestId!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kill_after_any_status_write_makes_nothing_twice()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = AddPolicy(world);
        world.Sim.AddFault(new FaultRule { Method = "POST", Path = "mobileAppConfigurations", Status = 503 });
        await world.ReconcileAsync(policy);
        world.Sim.ClearFaults();

        // The app and the profile are made; the process that made them left no status behind.
        policy.Status = null;
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        Counts(world).ShouldBe((1, 1, 1));
    }

    private static SmimePolicy AddPolicy(TenantWorld world) =>
        world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });

    // Profiles that the test put there itself do not count.
    private static (int, int, int) Counts(TenantWorld world) =>
        (world.Sim.Count(Collections[0]), world.Sim.Count(Collections[1]), world.Sim.Count(Collections[2]));
}
