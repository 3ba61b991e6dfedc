using Microsoft.Extensions.Time.Testing;

namespace SmimeOperator.Reconciliation.Tests;

public sealed class ConvergenceGuardTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private static readonly PlannedChange Correction = new()
    {
        Action = ChangeAction.Update,
        Cause = ChangeCause.Drift,
        Stage = ChangeStage.AppPolicy,
        Type = "iosMobileAppConfiguration",
        Role = "app-policy",
        Name = "Outlook",
        Differences = [new FieldDifference("/displayName", "ours", "theirs")],
    };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_same_correction_three_reads_in_a_row_is_refused_by_a_successor_too_until_a_person_acts()
    {
        var guard = new ConvergenceGuard(null, _time);
        for (var read = 0; read < 3; read++)
        {
            guard.IsExhausted(Correction, Interval).ShouldBeFalse();
            guard.Accepted(Correction, Interval);
            _time.Advance(Interval);

            // Another process goes on from the status.
            guard = new ConvergenceGuard(guard.ToStatus(), _time);
        }

        guard.IsExhausted(Correction, Interval).ShouldBeTrue();
        _time.Advance(TimeSpan.FromDays(30));
        guard.IsExhausted(Correction, Interval).ShouldBeTrue("a refusal stands until a person acts");
        new ConvergenceGuard(null, _time).IsExhausted(Correction, Interval).ShouldBeFalse();
    }

    [Fact]
    public void Corrections_that_held_for_a_while_in_between_are_never_refused()
    {
        var guard = new ConvergenceGuard(null, _time);
        for (var edit = 0; edit < 10; edit++)
        {
            guard.IsExhausted(Correction, Interval).ShouldBeFalse();
            guard.Accepted(Correction, Interval);
            _time.Advance(Interval * 5);
        }
    }

    [Fact]
    public void Another_difference_of_the_same_object_counts_anew()
    {
        var guard = new ConvergenceGuard(null, _time);
        var other = Correction with { Differences = [new FieldDifference("/description", "ours", "theirs")] };
        guard.Accepted(Correction, Interval);
        guard.Accepted(Correction, Interval);
        guard.Accepted(other, Interval);
        guard.Accepted(Correction, Interval);
        guard.IsExhausted(Correction, Interval).ShouldBeFalse();
    }
}
