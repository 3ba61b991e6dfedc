using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SmimeOperator.Runtime.Queue;

namespace SmimeOperator.Runtime.Tests.Queue;

public sealed class WorkQueueTests
{
    private static readonly NamespacedName A = new("ns", "a");
    private static readonly NamespacedName B = new("ns", "b");

    private readonly FakeTimeProvider _time = new();

    private WorkQueue CreateSut() => new(_time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), static () => 1);

    [Fact]
    public void Whatever_happens_no_key_runs_twice_at_once_and_none_is_lost()
    {
        // Against a model that knows only what must be true, under any order of adds, takes, ends and passing time.
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4], Gen.Int[0, 30]).Array[1, 200].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            using var sut = new WorkQueue(time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)), static () => 1);
            var owed = new HashSet<NamespacedName>();
            var later = new Dictionary<NamespacedName, DateTimeOffset>();
            var running = new HashSet<NamespacedName>();

            foreach (var (action, number, seconds) in steps)
            {
                var key = new NamespacedName("ns", $"{number}");
                switch (action)
                {
                    case 0 or 1:
                        sut.Add(key, action == 0 ? QueuePriority.Immediate : QueuePriority.Background);
                        owed.Add(key);
                        break;
                    case 2:
                        sut.AddAfter(key, TimeSpan.FromSeconds(seconds + 1), QueuePriority.Background);
                        var due = time.GetUtcNow() + TimeSpan.FromSeconds(seconds + 1);
                        later[key] = later.TryGetValue(key, out var known) && known < due ? known : due;
                        break;
                    case 3:
                        time.Advance(TimeSpan.FromSeconds(seconds));
                        Settle();
                        break;
                    case 4 or 5:
                        if (Take(sut) is { } item)
                        {
                            running.Add(item.Key).ShouldBeTrue("a key was handed out while it was in work");
                            owed.Remove(item.Key).ShouldBeTrue("a key was handed out that nobody asked for");
                        }
                        else
                        {
                            owed.ShouldBeSubsetOf(running);
                        }

                        break;
                    default:
                        if (running.Remove(key))
                        {
                            sut.Done(key);
                        }

                        break;
                }
            }

            time.Advance(TimeSpan.FromDays(1));
            Settle();
            foreach (var key in running)
            {
                sut.Done(key);
            }

            while (Take(sut) is { } item)
            {
                owed.Remove(item.Key).ShouldBeTrue();
                sut.Done(item.Key);
            }

            owed.ShouldBeEmpty();

            void Settle()
            {
                foreach (var (key, due) in later.Where(entry => entry.Value <= time.GetUtcNow()).ToList())
                {
                    later.Remove(key);
                    owed.Add(key);
                }
            }
        });
    }

    [Fact]
    public void A_key_that_changes_while_it_is_worked_on_runs_once_more()
    {
        using var sut = CreateSut();
        sut.Add(A, QueuePriority.Immediate);
        Take(sut)!.Value.Key.ShouldBe(A);
        sut.Add(A, QueuePriority.Immediate);
        sut.Add(A, QueuePriority.Background);
        Take(sut).ShouldBeNull();

        sut.Done(A);
        Take(sut)!.Value.Key.ShouldBe(A);
        sut.Done(A);

        Take(sut).ShouldBeNull();
    }

    [Fact]
    public void A_persons_change_goes_first_even_for_a_key_that_waits_already()
    {
        using var sut = CreateSut();
        sut.Add(A, QueuePriority.Background);
        sut.Add(B, QueuePriority.Background);
        sut.Add(B, QueuePriority.Immediate);

        sut.ReadyCount.ShouldBe(2);
        Take(sut).ShouldBe(new WorkItem(B, QueuePriority.Immediate, 0));
        Take(sut)!.Value.Key.ShouldBe(A);
        Take(sut).ShouldBeNull();
    }

    [Fact]
    public void Of_two_times_the_earlier_wins()
    {
        using var sut = CreateSut();
        sut.AddAfter(A, TimeSpan.FromMinutes(10), QueuePriority.Background);
        sut.AddAfter(A, TimeSpan.FromMinutes(1), QueuePriority.Background);
        sut.AddAfter(A, TimeSpan.FromMinutes(5), QueuePriority.Background);
        sut.ScheduledCount.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(59));
        Take(sut).ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        Take(sut)!.Value.Key.ShouldBe(A);
        sut.Done(A);
        _time.Advance(TimeSpan.FromHours(1));
        Take(sut).ShouldBeNull();
    }

    [Fact]
    public void Failures_grow_the_delay_to_a_ceiling_and_never_drop_the_key()
    {
        using var sut = CreateSut();
        var delays = new List<double>();
        sut.Add(A, QueuePriority.Immediate);
        for (var i = 0; i < 100; i++)
        {
            Take(sut)!.Value.Failures.ShouldBe(i);
            var delay = sut.Retry(A, QueuePriority.Background);
            delays.Add(delay.TotalSeconds);
            sut.Done(A);
            _time.Advance(delay);
        }

        delays.Take(4).ShouldBe([1, 2, 4, 8]);
        delays[99].ShouldBe(300);
        sut.Forget(A);
        Take(sut)!.Value.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_waits_gets_the_key_as_soon_as_there_is_one()
    {
        using var sut = CreateSut();
        var waiting = sut.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        sut.Add(A, QueuePriority.Background);

        (await waiting).Key.ShouldBe(A);
    }

    [Fact]
    public void A_delay_is_between_half_and_all_of_its_step_and_never_above_the_ceiling()
    {
        Gen.Select(Gen.Int[1, 5000], Gen.Double[0, 1]).Sample((failures, random) =>
        {
            var delay = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)).Delay(failures, random).TotalSeconds;
            var step = Math.Min(300, Math.Pow(2, Math.Min(failures - 1, 20)));
            delay.ShouldBeInRange(step / 2 - 0.001, step + 0.001);
        });
    }

    private static WorkItem? Take(WorkQueue queue)
    {
        // A queue without a key to give never completes the call, which a token that is cancelled already turns into an answer.
        using var now = new CancellationTokenSource();
        var taking = queue.TakeAsync(now.Token);
        if (taking.IsCompleted)
        {
            return taking.GetAwaiter().GetResult();
        }

        now.Cancel();
        try
        {
            return taking.AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
