using System.Collections.Concurrent;
using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Imports;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Faults;

/// <summary>
/// SIGKILL between any two requests. Each piece of work is done in a process that dies before its first request, before its second, and so on,
/// and after each write that was answered and not yet noted anywhere. A new process with the statuses as last kept must end where one that nobody
/// killed ends: nothing missing, nothing twice, nothing left to write.
/// </summary>
public sealed class CrashTests(Pki pki)
{
    /// <summary>More requests than any work here needs: one that sends more does not come to an end.</summary>
    private const int MostRequests = 200;

    /// <summary>How long the service may take to show what it made.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Names => [.. CrashedWork.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Killed_before_any_request_or_after_any_write_the_next_process_ends_where_an_undisturbed_one_ends(string name)
    {
        var work = CrashedWork.All[name];
        var undisturbed = await UndisturbedAsync(work);
        undisturbed.Picture.Count.ShouldBe(work.Objects);
        var deaths = new ConcurrentBag<(DeathMoment Moment, int Nth)>();
        foreach (var moment in Enum.GetValues<DeathMoment>())
        {
            for (var (first, over) = (1, false); !over; first += 4)
            {
                first.ShouldBeLessThan(MostRequests, $"{moment}: the work does not come to an end");
                var survived = await Task.WhenAll(Enumerable.Range(first, 4).Select(nth => KillAsync(work, moment, nth, undisturbed, deaths)));
                over = survived.Any(s => s);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {deaths.Count(d => d.Moment == DeathMoment.BeforeRequest)} deaths before a request, {deaths.Count(d => d.Moment == DeathMoment.AfterWrite)} after a write");
        deaths.Count(d => d.Moment == DeathMoment.AfterWrite).ShouldBeGreaterThan(2);
        deaths.Count(d => d.Moment == DeathMoment.BeforeRequest).ShouldBeGreaterThan(deaths.Count(d => d.Moment == DeathMoment.AfterWrite));
    }

    [Theory]
    [InlineData("creation")]
    [InlineData("drift")]
    [InlineData("adoption")]
    [InlineData("replacement")]
    public async Task Killed_after_any_write_that_no_list_shows_yet_the_next_process_waits_and_makes_nothing_twice(string name)
    {
        var work = CrashedWork.All[name];
        var undisturbed = await UndisturbedAsync(work);
        var deaths = 0;
        while (true)
        {
            deaths.ShouldBeLessThan(MostRequests, "the work does not come to an end");
            await using var world = await TenantWorld.StartAsync(pki, grace: Lag);
            await work.Prepare(world);
            await world.RestartAsync();
            FreezeLists(world);
            if (!await world.KillDuringAsync(DeathMoment.AfterWrite, deaths + 1, () => work.Run(world)))
            {
                break;
            }

            deaths++;
            var made = CrashedWork.CreationsIn(world);
            await CrashedWork.ReconcileAsync(world);
            await CrashedWork.ReconcileAsync(world);
            CrashedWork.CreationsIn(world).ShouldBe(made, $"after write {deaths}, while lists lag");

            world.Sim.ClearFaults();
            var end = await work.EndAsync(world);
            end.Picture.ShouldBe(undisturbed.Picture, $"after write {deaths}");
            end.Creations.ShouldBe(undisturbed.Creations, $"after write {deaths}");
        }

        deaths.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task What_a_killed_process_had_begun_is_waited_for_status_says_until_when_and_then_it_is_made()
    {
        await using var world = await TenantWorld.StartAsync(pki, grace: Lag);
        var policy = world.AddPolicy();
        // Everything is read before anything is made.
        for (var nth = 1; policy.Status?.Creating is null; nth++)
        {
            (await world.KillDuringAsync(DeathMoment.BeforeRequest, nth, () => world.ReconcileAsync(policy))).ShouldBeTrue();
        }

        CrashedWork.CreationsIn(world).ShouldBe(0);
        policy.Status!.Creating.ShouldBe([Roles.App, Roles.AppPolicy]);

        var until = world.Clock.GetUtcNow() + Lag;
        var outcome = await world.ReconcileAsync(policy);
        var told = policy.Status.ShouldWait(Reasons.Progressing);
        told.ShouldContain($"{Roles.App}, {Roles.AppPolicy}");
        Enumerable.Range(0, 10).Select(late => string.Create(CultureInfo.InvariantCulture, $"until {until.AddSeconds(late):HH:mm:ss} UTC")).ShouldContain(text => told.Contains(text, StringComparison.Ordinal), told);
        outcome.Retry.ShouldBeTrue();
        outcome.RequeueAfter.ShouldNotBeNull().ShouldBeLessThan(Lag);

        // It says the same until then: nothing is written while it waits.
        world.Clock.Forward(TimeSpan.FromSeconds(20));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldWait(Reasons.Progressing).ShouldBe(told);
        CrashedWork.CreationsIn(world).ShouldBe(0);

        world.Clock.Forward(TimeSpan.FromSeconds(10));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        policy.Status.Creating.ShouldBeNull();
        CrashedWork.CreationsIn(world).ShouldBe(2);
    }

    [Fact]
    public async Task What_this_process_made_and_somebody_deletes_is_made_again_at_once()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Interval = "10s");
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);
        world.Sim.Delete("mobileAppConfigurations", (string)world.Sim.List("mobileAppConfigurations").Single()["id"]!);

        // The tenant is read again, and the process is not half a minute old.
        world.Clock.Forward(TimeSpan.FromSeconds(16));
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Sim.Count("mobileAppConfigurations").ShouldBe(1);
    }

    [Fact]
    public async Task Whatever_is_made_status_names_it_before_the_request_and_one_write_is_enough_for_a_plan()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });
        var made = new ConcurrentQueue<(string Role, SmimePolicyStatus? Status)>();
        var interrupt = () => Task.CompletedTask;
        world.Proxy.Passing = async sent =>
        {
            if (sent.Method == "POST" && OwnershipMark.Find(sent.Body) is { } mark)
            {
                made.Enqueue((mark.Role, policy.Status));
                await Interlocked.Exchange(ref interrupt, () => Task.CompletedTask)();
            }
        };

        await world.ReconcileAsync(policy);
        made.Select(m => m.Role).ShouldBe([Roles.App, Roles.EncryptionProfile, Roles.AppPolicy]);
        made.ShouldAllBe(m => m.Status!.Creating!.Contains(m.Role));
        made.DistinctBy(m => m.Status).Count().ShouldBe(1);

        // Somebody takes an object away while another one is made: it was not in the plan that status told of.
        made.Clear();
        TenantWorld.Edit(policy, s => s.Signing = new SigningSpec { Source = SigningSource.ImportedPkcs });
        interrupt = async () =>
        {
            world.Sim.Delete("mobileAppConfigurations", (string)world.Sim.List("mobileAppConfigurations").Single()["id"]!);
            await world.SweepAsync();
        };
        await world.ReconcileAsync(policy);
        made.Select(m => m.Role).ShouldBe([Roles.SigningProfile, Roles.AppPolicy]);
        made.ShouldAllBe(m => m.Status!.Creating!.Contains(m.Role));
        policy.Status!.Creating.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_app_that_a_killed_process_made_for_one_policy_is_not_made_again_for_another(bool hasStatus)
    {
        await using var world = await TenantWorld.StartAsync(pki, grace: Lag);
        var first = world.AddPolicy("first");
        var second = world.AddPolicy("second");
        FreezeLists(world);
        if (hasStatus)
        {
            await world.ReconcileAsync(first);
            await world.RestartAsync();
        }
        else
        {
            (await world.KillDuringAsync(DeathMoment.AfterWrite, 1, () => world.ReconcileAsync(first))).ShouldBeTrue();
        }

        await world.ReconcileAsync(second);
        second.Status.ShouldWait(Reasons.Progressing).ShouldContain("app of SmimePolicy/team-a/first");

        world.Sim.ClearFaults();
        await world.ReconcileAsync(second);
        await world.ReconcileAsync(first);
        world.Clock.Forward(Lag);
        await world.ReconcileAsync(first);
        first.Status.ShouldBeInSync();
        second.Status.ShouldBeInSync();
        world.Sim.Count("mobileApps").ShouldBe(1);
        world.Sim.Count("mobileAppConfigurations").ShouldBe(2);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Killed_after_any_creation_a_process_that_only_knows_of_the_deletion_leaves_nothing_behind(bool appOfOthers, bool hidden)
    {
        for (var (nth, over) = (1, false); !over; nth++)
        {
            nth.ShouldBeLessThan(MostRequests, "the work does not come to an end");
            await using var world = await TenantWorld.StartAsync(pki, grace: Lag);
            if (appOfOthers)
            {
                world.Sim.AddStoreApp();
            }

            var before = CrashedWork.Picture(world);
            await CrashedWork.AddEverythingAsync(world);
            if (hidden)
            {
                FreezeLists(world);
            }

            over = !await world.KillDuringAsync(DeathMoment.AfterWrite, nth, () => CrashedWork.ReconcileAsync(world));

            await CrashedWork.All["deletion"].Run(world);
            world.Sim.ClearFaults();
            world.Clock.Forward(Lag);
            await CrashedWork.All["deletion"].Run(world);

            CrashedWork.Picture(world).ShouldBe(before, $"after write {nth}");
            (world.Catalog.Policies.Count, world.Catalog.Imports.Count, world.Catalog.Assignments.Count).ShouldBe((0, 0, 0));
        }
    }

    [Fact]
    public async Task Killed_in_a_batch_an_import_of_many_that_is_deleted_leaves_nothing_behind()
    {
        for (var (nth, over) = (1, false); !over; nth++)
        {
            nth.ShouldBeLessThan(MostRequests, "the work does not come to an end");
            await using var world = await TenantWorld.StartAsync(pki);
            world.Sim.AddUser("bob@contoso.com");
            Escrow.PutTls(world, "alice-1", TenantWorld.User, 1);
            var import = Escrow.AddImport(world, change: s => s.DeletionPolicy = DeletionPolicy.Delete);
            await world.ReconcileAsync(import);
            import.Status.ShouldBeInSync();
            Escrow.PutTls(world, "alice-2", TenantWorld.User, 2);
            Escrow.PutTls(world, "bob-1", "bob@contoso.com", 1);
            world.Clock.Forward(TimeSpan.FromSeconds(15));
            over = !await world.KillDuringAsync(DeathMoment.AfterWrite, nth, () => world.ReconcileAsync(import));
            world.Sim.Count("userPfxCertificates").ShouldBeGreaterThan(1);

            (await world.DeleteAsync(import)).Released.ShouldBeTrue();

            world.Sim.Count("userPfxCertificates").ShouldBe(0, $"after write {nth}");
        }
    }

    private async Task<bool> KillAsync(CrashedWork work, DeathMoment moment, int nth, End undisturbed, ConcurrentBag<(DeathMoment, int)> deaths)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        await work.Prepare(world);
        await world.RestartAsync();
        if (!await world.KillDuringAsync(moment, nth, () => work.Run(world)))
        {
            return true;
        }

        deaths.Add((moment, nth));
        var end = await work.EndAsync(world);
        end.Picture.ShouldBe(undisturbed.Picture, $"{moment} {nth}");
        if (work.UploadsOnce)
        {
            end.Uploads.ShouldBe(undisturbed.Uploads, $"{moment} {nth}");
        }

        return false;
    }

    // From now on lists show what is there now, and nothing that is made.
    private static void FreezeLists(TenantWorld world) =>
        world.Sim.AddFault(new FaultRule { Method = "GET", Path = "/(mobileApps|mobileAppConfigurations|deviceConfigurations)", StaleList = true });

    private async Task<End> UndisturbedAsync(CrashedWork work)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        await work.Prepare(world);
        return await work.EndAsync(world);
    }
}
