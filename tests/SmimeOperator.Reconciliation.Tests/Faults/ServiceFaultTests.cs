using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Secrets;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Faults;

/// <summary>
/// Everything that a service, a proxy or a network may answer instead of what was asked for. Whatever it is: nobody is told to act, nothing is
/// lost or made twice, nothing secret is shown, status tells it, and when it is over everything ends well by itself.
/// </summary>
public sealed class ServiceFaultTests(Pki pki)
{
    private const string Writes = "POST|PATCH";
    private const string Objects = "mobileApp|deviceConfigurations|userPfxCertificates";

    private static readonly Dictionary<string, FaultRule> Faults = new()
    {
        ["429 with Retry-After in seconds"] = Throttled("Retry-After", "30"),
        ["429 with Retry-After as a date"] = Throttled("Retry-After", "DATE"),
        ["429 with x-ms-retry-after-ms"] = Throttled("x-ms-retry-after-ms", "30000"),
        ["429 without a word"] = new() { Status = 429 },
        ["429 with Retry-After zero"] = Throttled("Retry-After", "0"),
        ["500"] = new() { Status = 500 },
        ["502"] = new() { Status = 502 },
        ["503"] = new() { Status = 503 },
        ["503 with Retry-After"] = new() { Status = 503, Headers = Header("Retry-After", "30") },
        ["504"] = new() { Status = 504 },
        ["504 after the change"] = new() { Status = 504, Commit = true },
        ["reset before the change"] = new() { Drop = DropMoment.BeforeCommit },
        ["reset after the change"] = new() { Drop = DropMoment.AfterCommit },
        ["time-out before the change"] = new() { Silence = DropMoment.BeforeCommit },
        ["time-out after the change"] = new() { Silence = DropMoment.AfterCommit },
        ["reset within the body"] = new() { TruncateAfter = 10 },
        ["time-out within the body"] = new() { TruncateAfter = 10, Silence = DropMoment.AfterCommit },
        ["malformed JSON"] = new() { MalformedJson = true },
        ["a proxy's page with 502"] = new() { HtmlPage = true, Status = 502 },
        ["a proxy's page with 200"] = new() { HtmlPage = true },
        ["a login page with 200 and the type of JSON"] = new() { HtmlPage = true, ContentType = "application/json" },
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    public static TheoryData<string> Throttlings => [.. Faults.Keys.Where(k => k.StartsWith("429", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Once_on_any_write_it_is_sat_out_or_looked_up_and_nothing_is_made_twice(string name)
    {
        for (var nth = 1; nth <= 9; nth += 2)
        {
            await using var world = await StartAsync();
            world.Clock.TimesOut = Faults[name].Silence != DropMoment.Never;
            world.Sim.AddFault(Prepared(name) with { Method = Writes, Path = Objects, Nth = nth });

            await ReconcileAsync(world);
            world.Clock.TimesOut = false;
            world.Clock.Forward(TimeSpan.FromSeconds(31));
            await ReconcileAsync(world);

            await InOrderAsync(world);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task For_as_long_as_writes_meet_it_status_says_so_and_when_it_is_over_everything_is_made_once(string name)
    {
        await using var world = await StartAsync();
        world.Clock.TimesOut = Faults[name].Silence != DropMoment.Never;
        world.Sim.AddFault(Prepared(name) with { Method = Writes, Path = Objects });

        for (var i = 0; i < 3; i++)
        {
            await ReconcileAsync(world);
            NobodyMustAct(world);
        }

        // What is made in spite of its answer is found; everything else waits, and says what for.
        var policy = world.Catalog.Policies[0];
        if (world.Sim.Count("mobileApps") == 0)
        {
            policy.Status.ShouldWait(name.StartsWith("429", StringComparison.Ordinal) ? Reasons.Throttled : Reasons.ServiceUnavailable);
        }

        world.Sim.ClearFaults();
        world.Clock.TimesOut = false;
        world.Clock.Forward(TimeSpan.FromMinutes(1));
        await ReconcileAsync(world);
        await InOrderAsync(world);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task While_reads_meet_it_nothing_is_taken_for_absent_and_nothing_is_changed(string name)
    {
        await using var world = await StartAsync();
        await ReconcileAsync(world);
        await InOrderAsync(world);
        TenantWorld.Edit(world.Catalog.Policies[0], s => s.Outlook.LdapUrl = "ldap.contoso.com");
        world.Clock.TimesOut = Faults[name].Silence != DropMoment.Never;
        world.Sim.AddFault(Prepared(name) with { Method = "GET", Path = Objects });
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await ReconcileAsync(world);

        NobodyMustAct(world);
        world.Tenant.Status.ShouldWait(Reasons.TenantReadIncomplete);
        world.Catalog.Policies[0].Status.ShouldWait(Reasons.TenantReadIncomplete);
        world.Catalog.Policies[0].Status!.Objects!.Count.ShouldBe(4);
        world.Catalog.Imports[0].Status!.Certificates!.ShouldHaveSingleItem().State.ShouldBe(CertificateState.Imported);
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldBeEmpty();

        world.Sim.ClearFaults();
        world.Clock.TimesOut = false;
        await world.SweepAsync();
        await ReconcileAsync(world);
        await InOrderAsync(world);
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldHaveSingleItem().Method.ShouldBe("PATCH");
    }

    [Theory]
    [MemberData(nameof(Throttlings))]
    public async Task What_the_service_asks_to_wait_is_kept_by_everybody_also_by_a_clock_that_goes_wrong(string name)
    {
        foreach (var wrong in (double[])[0, 3600, -3600])
        {
            await using var world = await StartAsync();
            world.Clock.Forward(TimeSpan.FromSeconds(wrong));
            world.Sim.AddFault(Prepared(name) with { Method = Writes, Path = Objects });

            var outcome = await world.ReconcileAsync(world.Catalog.Policies[0]);

            world.Catalog.Policies[0].Status.ShouldWait(Reasons.Throttled);
            var asked = Faults[name].Headers is { } headers && headers.Values.All(v => v != "0");
            // A date has whole seconds, and so has the answer's own, which it is held against: together up to a second more.
            outcome.RequeueAfter.ShouldNotBeNull().TotalSeconds.ShouldBeInRange(asked ? 20 : 0.01, asked ? 31 : 2, $"clock off by {wrong} s");
            if (asked)
            {
                // Whoever comes next sends no write before it is over.
                world.Sim.Log.Clear();
                var other = world.AddPolicy("other");
                await world.ReconcileAsync(other);
                other.Status.ShouldWait(Reasons.Throttled);
                world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldBeEmpty();
            }
        }
    }

    private static FaultRule Prepared(string name) => Faults[name].Headers is { } headers && headers.Values.Contains("DATE")
        ? Faults[name] with { Headers = Header("Retry-After", TimeProvider.System.GetUtcNow().AddSeconds(30).ToString("R", CultureInfo.InvariantCulture)) }
        : Faults[name];

    private static FaultRule Throttled(string header, string value) => new() { Status = 429, Headers = Header(header, value) };

    private static Dictionary<string, string> Header(string name, string value) => new() { [name] = value };

    // App, root, profile and app policy; the people; one certificate.
    private async Task<TenantWorld> StartAsync()
    {
        var world = await TenantWorld.StartAsync(pki);
        world.AddPolicy(change: s =>
        {
            s.TrustedCertificates = [new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } }];
            s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        });
        world.AddAssignment("all", s => s.Include = [new IncludeTarget { AllUsers = true }]);
        world.AddImport(change: s => s.Sources = [world.Pkcs12("current", "current")]);
        return world;
    }

    private static async Task ReconcileAsync(TenantWorld world)
    {
        await world.ReconcileAsync(world.Tenant);
        await world.ReconcileAsync(world.Catalog.Policies[0]);
        await world.ReconcileAsync(world.Catalog.Assignments[0]);
        await world.ReconcileAsync(world.Catalog.Imports[0]);
    }

    private static IEnumerable<ResourceStatus?> Statuses(TenantWorld world) =>
        [world.Tenant.Status, world.Catalog.Policies[0].Status, world.Catalog.Assignments[0].Status, world.Catalog.Imports[0].Status];

    private static void NobodyMustAct(TenantWorld world)
    {
        foreach (var status in Statuses(world))
        {
            status.Condition(ConditionTypes.Stalled).ShouldBeNull(status.Condition(ConditionTypes.Ready)?.Message);
        }
    }

    private static async Task InOrderAsync(TenantWorld world)
    {
        foreach (var status in Statuses(world))
        {
            status.ShouldBeInSync();
        }

        (world.Sim.Count("mobileApps"), world.Sim.Count("mobileAppConfigurations"), world.Sim.Count("deviceConfigurations"), world.Sim.Count("userPfxCertificates")).ShouldBe((1, 1, 2, 1));
        world.Sim.List("mobileAppConfigurations").Concat(world.Sim.List("deviceConfigurations")).ShouldAllBe(o => o["assignments"]!.AsArray().Count == 1);
        var upload = world.Sim.StoredPfx(await world.IdOfAsync("current"))!;
        upload.DecryptPassword().ShouldNotBeEmpty();
        foreach (var (name, value) in CanaryTests.Secrets(world))
        {
            world.Texts.ShouldNotContain(t => t.Contains(value, StringComparison.OrdinalIgnoreCase), name);
        }
    }
}
