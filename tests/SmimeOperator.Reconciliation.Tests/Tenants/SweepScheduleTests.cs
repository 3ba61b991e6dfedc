using CsCheck;

namespace SmimeOperator.Reconciliation.Tests.Tenants;

public sealed class SweepScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_restart_between_two_sweeps_does_not_move_the_next_one() =>
        Gen.Select(Gen.Guid, Gen.Int[1, 120], Gen.Double[0, 1]).Sample((uid, minutes, when) =>
        {
            var interval = TimeSpan.FromMinutes(minutes);
            var sweep = SweepSchedule.After(Start, uid.ToString(), interval);
            var next = SweepSchedule.After(sweep, uid.ToString(), interval);
            // Up to half an interval after the sweep; a restart just before the next sweep has read the tenant and takes its place.
            var restart = sweep + (interval * 0.5 * when);
            SweepSchedule.After(restart, uid.ToString(), interval).ShouldBe(next);
        });

    [Fact]
    public void Sweeps_follow_one_another_at_the_interval_and_never_later_than_a_reconciliation_would_read_for_itself() =>
        Gen.Select(Gen.Guid, Gen.Int[1, 7200], Gen.Long[0, TimeSpan.TicksPerDay]).Sample((uid, seconds, ticks) =>
        {
            var interval = TimeSpan.FromSeconds(seconds);
            var read = Start.AddTicks(ticks);
            var first = SweepSchedule.After(read, uid.ToString(), interval);
            (first - read).ShouldBeInRange(interval * 0.25, interval * 1.5);
            var second = SweepSchedule.After(first, uid.ToString(), interval);
            (second - first).ShouldBeInRange(interval * 0.8, interval * 1.2);
        });

    [Fact]
    public void Tenants_that_were_set_up_together_are_spread_over_the_interval()
    {
        var interval = TimeSpan.FromMinutes(10);
        var dues = Enumerable.Range(0, 200).Select(i => SweepSchedule.After(Start, new Guid(i, 0, 0, new byte[8]).ToString(), interval));
        dues.GroupBy(d => (int)((d - Start) / TimeSpan.FromMinutes(1))).Max(minute => minute.Count()).ShouldBeLessThan(60);
    }
}
