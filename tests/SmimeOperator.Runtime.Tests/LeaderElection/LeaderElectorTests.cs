using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.LeaderElection;
using SmimeOperator.Testing;

namespace SmimeOperator.Runtime.Tests.LeaderElection;

public sealed class LeaderElectorTests(Cluster cluster)
{
    [Fact]
    public async Task Of_several_exactly_one_leads_and_the_next_follows_at_once_when_it_stops()
    {
        var ns = await cluster.NewNamespaceAsync();
        var leading = new Signals<int>();
        var (now, most) = (0, 0);
        var stops = Enumerable.Range(0, 3).Select(static _ => new CancellationTokenSource()).ToArray();
        var runs = stops.Select((stop, i) => Elector(cluster.Configuration, ns, $"e{i}", leaseSeconds: 60).RunAsync(
            async token =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                leading.Add(i);
                await UntilAsync(token);
                Interlocked.Decrement(ref now);
            },
            stop.Token)).ToArray();

        for (var round = 1; round <= 3; round++)
        {
            // With a lease of a minute the successor can only come in time when the lease is released.
            var leader = (await leading.CountAsync(round))[round - 1];
            await stops[leader].CancelAsync();
            (await runs[leader]).ShouldBe(LeadershipEnd.Stopped);
        }

        most.ShouldBe(1);
        leading.All.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_leader_that_cannot_reach_the_api_server_stops_before_another_starts()
    {
        var ns = await cluster.NewNamespaceAsync();
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var events = new Signals<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var first = Elector(proxy.Configure(cluster.Configuration), ns, "first", leaseSeconds: 3).RunAsync(Work("first"), stop.Token);
        await events.FirstAsync(static e => e == "first starts");
        var second = Elector(cluster.Configuration, ns, "second", leaseSeconds: 3).RunAsync(Work("second"), stop.Token);

        // The second renewal is only sent when the first was answered.
        await proxy.Requests.WhenAsync(static all => all.Count(static request => request.Method == "PATCH") >= 2);
        proxy.IsDown = true;

        await events.FirstAsync(static e => e == "second starts");
        events.All.ShouldBe(["first starts", "first stops", "second starts"]);
        (await first).ShouldBe(LeadershipEnd.Lost);
        await stop.CancelAsync();
        (await second).ShouldBe(LeadershipEnd.Stopped);

        Func<CancellationToken, Task> Work(string name) => async token =>
        {
            events.Add($"{name} starts");
            await UntilAsync(token);
            events.Add($"{name} stops");
        };
    }

    [Fact]
    public async Task Errors_until_the_deadline_change_nothing()
    {
        var ns = await cluster.NewNamespaceAsync();
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource<CancellationToken>();
        var run = Elector(proxy.Configure(cluster.Configuration), ns, "e", leaseSeconds: 30).RunAsync(
            token =>
            {
                started.SetResult(token);
                return UntilAsync(token);
            },
            stop.Token);
        var work = await started.Task;

        var refused = 0;
        proxy.Answer = _ => Interlocked.Increment(ref refused) <= 5 ? (HttpStatusCode.InternalServerError, "no", null) : null;
        await proxy.Requests.WhenAsync(all => refused > 7);

        work.IsCancellationRequested.ShouldBeFalse();
        await stop.CancelAsync();
        (await run).ShouldBe(LeadershipEnd.Stopped);
    }

    [Fact]
    public async Task A_lease_that_somebody_takes_ends_the_work_at_once()
    {
        var ns = await cluster.NewNamespaceAsync();
        var started = new TaskCompletionSource();
        var run = Elector(cluster.Configuration, ns, "e", leaseSeconds: 60).RunAsync(
            token =>
            {
                started.SetResult();
                return UntilAsync(token);
            },
            CancellationToken.None);
        await started.Task;

        await cluster.Client.CoordinationV1.PatchNamespacedLeaseAsync(
            new V1Patch("""{"spec":{"holderIdentity":"thief"}}""", V1Patch.PatchType.MergePatch), "lease", ns,
            cancellationToken: TestContext.Current.CancellationToken);

        (await run).ShouldBe(LeadershipEnd.Lost);
        var lease = await cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync("lease", ns, cancellationToken: TestContext.Current.CancellationToken);
        lease.Spec.HolderIdentity.ShouldBe("thief");
    }

    [Fact]
    public async Task Work_that_ignores_its_end_is_reported_when_the_lease_runs_out()
    {
        var ns = await cluster.NewNamespaceAsync();
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var run = Elector(proxy.Configure(cluster.Configuration), ns, "e", leaseSeconds: 2).RunAsync(
            _ =>
            {
                started.SetResult();
                return release.Task;
            },
            CancellationToken.None);
        await started.Task;

        proxy.IsDown = true;

        (await run).ShouldBe(LeadershipEnd.LostWhileWorking);
        release.SetResult();
    }

    [Fact]
    public async Task Two_operators_never_both_work_and_a_standby_is_ready()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        var first = await RunningOperator.StartAsync(cluster.Configuration, ns, configure: Elect);
        await first.Probe.Calls.CountAsync(1);
        await using var second = await RunningOperator.StartAsync(cluster.Configuration, ns, configure: Elect);
        await second.Get<SmimeOperator.Runtime.Watching.EntityInformer<Widget>>().Synced.WaitAsync(TestContext.Current.CancellationToken);
        second.Get<OperatorHealth>().Readiness().ShouldBe(new HealthVerdict(IsHealthy: true, "standing by"));
        second.Probe.Calls.All.ShouldBeEmpty();

        await first.DisposeAsync();

        await second.Probe.Calls.CountAsync(1);

        void Elect(OperatorSettings settings)
        {
            settings.LeaderElectionType = LeaderElectionType.Single;
            settings.LeaderElectionNamespace = ns;
            settings.LeaderElectionLeaseDuration = TimeSpan.FromSeconds(60);
            settings.LeaderElectionRenewDeadline = TimeSpan.FromSeconds(40);
            settings.LeaderElectionRetryPeriod = TimeSpan.FromMilliseconds(100);
        }
    }

    [Fact]
    public async Task A_leader_that_was_paused_holds_nothing_before_any_timer_tells_it_and_gives_up_when_somebody_else_led_meanwhile()
    {
        var ns = await cluster.NewNamespaceAsync();
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var clock = new PausedClock();
        using var stop = new CancellationTokenSource();
        var elector = Elector(proxy.Configure(cluster.Configuration), ns, "e", leaseSeconds: 600, clock);
        var started = new TaskCompletionSource<CancellationToken>();
        var run = elector.RunAsync(
            token =>
            {
                started.SetResult(token);
                return UntilAsync(token);
            },
            stop.Token);
        var work = await started.Task;
        elector.IsHeld.ShouldBeTrue();

        // Nothing is renewed while the process stands still, and the timers know nothing of the time that passed.
        proxy.IsDown = true;
        clock.Slept = TimeSpan.FromHours(1);
        elector.IsHeld.ShouldBeFalse();
        work.IsCancellationRequested.ShouldBeFalse();

        // Somebody else took the lease, worked and released it again.
        await cluster.Client.CoordinationV1.PatchNamespacedLeaseAsync(
            new V1Patch("""{"spec":{"holderIdentity":""}}""", V1Patch.PatchType.MergePatch), "lease", ns,
            cancellationToken: TestContext.Current.CancellationToken);
        proxy.IsDown = false;

        (await run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(LeadershipEnd.Lost);
        work.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_leader_gives_up_while_etcd_stands_still_and_another_leads_when_it_answers_again()
    {
        await using var server = new ApiServer();
        await server.InitializeAsync();
        _ = server.Address;
        var events = new Signals<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var first = Elector(Cluster.ConfigurationOf(server), "default", "first", leaseSeconds: 3).RunAsync(Work("first"), stop.Token);
        await events.FirstAsync(static e => e == "first starts");
        await using var proxy = await ApiProxy.StartAsync(server);
        var asked = new Signals<Passed>();
        proxy.Answer = request =>
        {
            asked.Add(request);
            return null;
        };
        var second = Elector(proxy.Configure(Cluster.ConfigurationOf(server)), "default", "second", leaseSeconds: 3).RunAsync(Work("second"), stop.Token);

        await server.PauseEtcdAsync();
        await events.FirstAsync(static e => e == "first stops");

        // One try of the standby was on its way when etcd stopped; the next began and failed since, for another follows it.
        await asked.CountAsync(asked.All.Count + 2);
        (await first).ShouldBe(LeadershipEnd.Lost);
        events.All.ShouldBe(["first starts", "first stops"]);
        await server.ResumeEtcdAsync();

        await events.FirstAsync(static e => e == "second starts");
        await stop.CancelAsync();
        (await second).ShouldBe(LeadershipEnd.Stopped);

        Func<CancellationToken, Task> Work(string name) => async token =>
        {
            events.Add($"{name} starts");
            await UntilAsync(token);
            events.Add($"{name} stops");
        };
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_clock_that_is_hours_wrong_takes_no_lease_that_is_renewed(int hours)
    {
        var ns = await cluster.NewNamespaceAsync();
        using var stop = new CancellationTokenSource();
        var leading = new Signals<string>();
        var first = Elector(cluster.Configuration, ns, "first", leaseSeconds: 600).RunAsync(Lead("first"), stop.Token);
        await leading.CountAsync(1);
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var wrong = new PausedClock { Slept = TimeSpan.FromHours(hours) };
        var second = Elector(proxy.Configure(cluster.Configuration), ns, "second", leaseSeconds: 600, wrong).RunAsync(Lead("second"), stop.Token);

        // It looks again and again, and the lease is never its.
        await proxy.Requests.CountAsync(4);

        leading.All.ShouldBe(["first"]);
        proxy.Requests.All.ShouldAllBe(static request => request.Method == "GET");
        await stop.CancelAsync();
        (await first).ShouldBe(LeadershipEnd.Stopped);
        (await second).ShouldBe(LeadershipEnd.Stopped);

        Func<CancellationToken, Task> Lead(string name) => token =>
        {
            leading.Add(name);
            return UntilAsync(token);
        };
    }

    /// <summary>The system's clocks, which have gone on while the process stood still; its timers have not.</summary>
    private sealed class PausedClock : TimeProvider
    {
        private long _slept;

        public TimeSpan Slept
        {
            get => TimeSpan.FromTicks(Interlocked.Read(ref _slept));
            set => Interlocked.Exchange(ref _slept, value.Ticks);
        }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Slept.Ticks;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Slept;
    }

    private static LeaderElector Elector(
        KubernetesClientConfiguration configuration, string ns, string identity, int leaseSeconds, TimeProvider? time = null) => new(
        new KubernetesApi(new Kubernetes(configuration), configuration, TimeProvider.System),
        new LeaderElectionOptions(
            new NamespacedName(ns, "lease"), identity,
            TimeSpan.FromSeconds(leaseSeconds), TimeSpan.FromSeconds(leaseSeconds * 0.6), TimeSpan.FromMilliseconds(100)),
        time ?? TimeProvider.System,
        static () => 0.5,
        NullLogger<LeaderElector>.Instance);

    private static async Task UntilAsync(CancellationToken token)
    {
        var end = new TaskCompletionSource();
        await using var registration = token.Register(end.SetResult);
        await end.Task;
    }
}
