using CsCheck;

namespace SmimeOperator.Intune.Tests.Budget;

/// <summary>The laws of the request budget, held in virtual time.</summary>
public sealed class BudgetQueueTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Safety = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void No_window_of_twenty_seconds_holds_more_than_the_limit_wherever_it_begins_and_however_slow_the_network() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 200], Gen.Int[0, 3000], Gen.Int[0, int.MaxValue]).Sample((writes, more, latency, seed) =>
        {
            var requests = writes + more;
            var random = new Random(seed);
            var world = new World(writes, requests, () => TimeSpan.FromMilliseconds(random.Next(latency + 1)));
            for (var i = 0; i < 400; i++)
            {
                world.Arrive((RequestLane)random.Next(4), random.Next(2) == 0, TimeSpan.FromMilliseconds(random.Next(30_000)), random.Next(8) == 0 ? 1 + random.Next(Math.Min(20, requests)) : 1);
            }

            world.Run(TimeSpan.FromMinutes(30));
            Fits(world.Served.Where(s => s.Write).ToList(), writes, random).ShouldBeTrue("writes");
            Fits(world.Served, requests, random).ShouldBeTrue("requests");
        }, iter: 200);

    [Theory]
    [InlineData(100, 1000, 0)]
    [InlineData(100, 1000, 200)]
    [InlineData(100, 1000, 500)]
    [InlineData(50, 1000, 300)]
    public void In_steady_load_at_least_ninety_five_percent_of_the_writes_are_used(int writes, int requests, int latency)
    {
        var world = new World(writes, requests, () => TimeSpan.FromMilliseconds(latency));
        const int Windows = 40;
        for (var i = 0; i < writes * (Windows + 10); i++)
        {
            world.Arrive(RequestLane.Create, true, TimeSpan.Zero);
        }

        world.Run(Window * Windows);
        ((double)world.Served.Count / (writes * Windows)).ShouldBeGreaterThanOrEqualTo(0.95);
    }

    [Fact]
    public void Of_two_that_came_together_the_more_urgent_is_served_first() =>
        Gen.Int[0, int.MaxValue].Sample(seed =>
        {
            var random = new Random(seed);
            var world = new World(10, 1000, () => TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < 60; i++)
            {
                world.Arrive((RequestLane)random.Next(4), true, TimeSpan.Zero);
            }

            world.Run(TimeSpan.FromMinutes(30));
            world.Served.Select(s => s.Lane).ShouldBe(world.Served.Select(s => s.Lane).Order());
        }, iter: 50);

    [Fact]
    public void A_persons_change_does_not_wait_behind_bulk_work()
    {
        var world = new World(100, 1000, () => TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 3000; i++)
        {
            world.Arrive(RequestLane.Create, true, TimeSpan.Zero);
        }

        for (var i = 0; i < 20; i++)
        {
            world.Arrive(RequestLane.Change, true, TimeSpan.FromSeconds(61 + (11 * i)));
        }

        world.Run(TimeSpan.FromMinutes(6));
        var waits = world.Served.Where(s => s.Lane == RequestLane.Change).Select(s => (s.At - s.Arrived).TotalSeconds).ToList();
        waits.Count.ShouldBe(20);
        waits.Max().ShouldBeLessThan(1);
    }

    [Fact]
    public void More_changes_than_there_is_room_for_still_go_before_bulk_work_that_came_shortly_before()
    {
        var world = new World(100, 1000, () => TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 1000; i++)
        {
            world.Arrive(RequestLane.Create, true, TimeSpan.Zero);
        }

        for (var i = 0; i < 300; i++)
        {
            world.Arrive(RequestLane.Change, true, TimeSpan.FromSeconds(1));
        }

        world.Run(TimeSpan.FromMinutes(6));
        var last = world.Served.Where(s => s.Lane == RequestLane.Change).Max(s => s.At);
        last.ShouldBeGreaterThan(TimeSpan.FromSeconds(20));
        world.Served.Where(s => s.Lane == RequestLane.Create && s.At > TimeSpan.FromSeconds(1) && s.At < last).ShouldBeEmpty();
    }

    [Fact]
    public void Nobody_waits_for_ever_while_urgent_work_keeps_coming()
    {
        var world = new World(100, 100, () => TimeSpan.FromMilliseconds(100));
        world.Arrive(RequestLane.Refresh, false, TimeSpan.FromSeconds(30), 20);
        world.Arrive(RequestLane.Delete, true, TimeSpan.FromSeconds(30));

        // Twice as much as there is room for: somebody more urgent is in line at every moment of thirteen minutes.
        for (var i = 0; i < 4000; i++)
        {
            world.Arrive(RequestLane.Change, true, TimeSpan.FromMilliseconds(i * 100));
        }

        world.Run(TimeSpan.FromMinutes(20));
        world.Served.Single(s => s.Lane == RequestLane.Refresh).At.ShouldBeLessThan(TimeSpan.FromSeconds(250));
        world.Served.Single(s => s.Lane == RequestLane.Delete).At.ShouldBeLessThan(TimeSpan.FromSeconds(250));
    }

    [Fact]
    public void A_pause_for_writes_lets_reads_pass()
    {
        var world = new World(100, 1000, () => TimeSpan.Zero);
        world.Queue.WriteCorrection.Complained(TimeSpan.Zero, TimeSpan.FromSeconds(30));
        world.Arrive(RequestLane.Change, true, TimeSpan.Zero);
        world.Arrive(RequestLane.Refresh, false, TimeSpan.Zero);
        world.Run(TimeSpan.FromMinutes(1));
        world.Served.Single(s => !s.Write).At.ShouldBe(TimeSpan.Zero);
        world.Served.Single(s => s.Write).At.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_complaint_lowers_the_rate_once_and_it_recovers()
    {
        var correction = new ThrottleCorrection();
        correction.Complained(TimeSpan.Zero, TimeSpan.FromSeconds(10));
        correction.Complained(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        correction.PausedUntil.ShouldBe(TimeSpan.FromSeconds(11));
        var once = correction.FactorAt(TimeSpan.FromSeconds(12));
        once.ShouldBeInRange(0.5, 0.8);
        correction.Complained(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(3));
        correction.FactorAt(TimeSpan.FromSeconds(33)).ShouldBeLessThan(once);
        correction.FactorAt(TimeSpan.FromMinutes(4)).ShouldBeLessThan(once, "where the service complained a moment ago");
        correction.FactorAt(TimeSpan.FromMinutes(10)).ShouldBe(1);
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.5)]
    [InlineData(0.25)]
    public void A_share_of_the_limit_that_nobody_told_us_is_found_with_few_complaints_and_used(double share)
    {
        // The service allows less than is published, and says so with 429 and the time after which one more would fit.
        var allowed = new SlidingWindow((int)(100 * share), Window, TimeSpan.Zero);
        var (complaints, done) = (0, 0);
        var world = new World(100, 1000, () => TimeSpan.FromMilliseconds(150));
        world.Answer = (now, queue) =>
        {
            if (allowed.Used(now) < allowed.Limit)
            {
                allowed.Take(now, 1);
                allowed.Answered(now, 1);
                done++;
                return;
            }

            complaints += now >= queue.PausedUntil(write: true) ? 1 : 0;
            var wait = allowed.EarliestFor(now, 1, urgent: true)!.Value - now;
            queue.WriteCorrection.Complained(now, wait > TimeSpan.FromSeconds(3) ? wait : TimeSpan.FromSeconds(3));
        };
        for (var i = 0; i < 20_000; i++)
        {
            world.Arrive(RequestLane.Create, true, TimeSpan.Zero);
        }

        const int Windows = 180;
        world.Run(Window * Windows);
        complaints.ShouldBeLessThan(60, "pauses in one hour");
        (done / (share * 100 * Windows)).ShouldBeGreaterThan(0.75);
    }

    // The service may see a request at any moment between its sending and its answer.
    private static bool Fits(IReadOnlyList<Service> served, int limit, Random random)
    {
        var seen = served.SelectMany(s => Enumerable.Repeat(s.At + ((s.Answered - s.At) * random.NextDouble()), s.Places)).Order().ToList();
        for (var i = limit; i < seen.Count; i++)
        {
            if (seen[i] - seen[i - limit] < Window)
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Service(RequestLane Lane, bool Write, int Places, TimeSpan Arrived, TimeSpan At, TimeSpan Answered);

    /// <summary>Arrivals, answers and timers in virtual time.</summary>
    private sealed class World(int writes, int requests, Func<TimeSpan> latency)
    {
        private readonly PriorityQueue<Action, (TimeSpan, int)> _events = new();
        private TimeSpan _now;
        private int _order;

        public BudgetQueue<TimeSpan> Queue { get; } = new(new SlidingWindow(writes, Window, Safety), new SlidingWindow(requests, Window, Safety));

        public List<Service> Served { get; } = [];

        /// <summary>What the service makes of a request when it sees it.</summary>
        public Action<TimeSpan, BudgetQueue<TimeSpan>> Answer { get; set; } = (_, _) => { };

        public void Arrive(RequestLane lane, bool write, TimeSpan at, int places = 1) =>
            At(at, () => Queue.Enqueue(at, lane, write, write ? 1 : places, _now));

        public void Run(TimeSpan until)
        {
            while (_events.TryDequeue(out var happens, out var when) && when.Item1 <= until)
            {
                _now = when.Item1;
                happens();
                // Whatever happens at the same moment happens before anybody is served.
                if (!_events.TryPeek(out _, out var next) || next.Item1 > _now)
                {
                    Serve();
                }
            }
        }

        private void Serve()
        {
            while (true)
            {
                var (next, again) = Queue.Take(_now);
                if (next is null)
                {
                    if (again is { } at)
                    {
                        At(at, () => { });
                    }

                    return;
                }

                var answered = _now + latency();
                Served.Add(new Service(next.Lane, next.Write, next.Places, next.Item, _now, answered));
                At(answered, () =>
                {
                    Queue.Answered(next, _now);
                    Answer(_now, Queue);
                });
            }
        }

        private void At(TimeSpan at, Action happens) => _events.Enqueue(happens, (at, _order++));
    }
}
