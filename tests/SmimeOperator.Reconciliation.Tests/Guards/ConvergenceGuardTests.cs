using Microsoft.Extensions.Time.Testing;

namespace SmimeOperator.Reconciliation.Tests;

public sealed class ConvergenceGuardTests
{
    private const string Owner = "SmimePolicy/ns/p";

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
    public void The_same_correction_three_reads_in_a_row_is_refused_until_the_resource_is_forgotten()
    {
        var guard = new ConvergenceGuard(_time);
        for (var read = 0; read < 3; read++)
        {
            guard.IsExhausted(Owner, Correction, Interval).ShouldBeFalse();
            guard.Accepted(Owner, Correction, Interval);
            _time.Advance(Interval);
        }

        guard.IsExhausted(Owner, Correction, Interval).ShouldBeTrue();
        _time.Advance(TimeSpan.FromDays(30));
        guard.IsExhausted(Owner, Correction, Interval).ShouldBeTrue("a refusal stands until a person acts");
        guard.Forget(Owner);
        guard.IsExhausted(Owner, Correction, Interval).ShouldBeFalse();
    }

    [Fact]
    public void Corrections_that_held_for_a_while_in_between_are_never_refused()
    {
        var guard = new ConvergenceGuard(_time);
        for (var edit = 0; edit < 10; edit++)
        {
            guard.IsExhausted(Owner, Correction, Interval).ShouldBeFalse();
            guard.Accepted(Owner, Correction, Interval);
            _time.Advance(Interval * 5);
        }
    }

    [Fact]
    public void Another_difference_of_the_same_object_counts_anew()
    {
        var guard = new ConvergenceGuard(_time);
        var other = Correction with { Differences = [new FieldDifference("/description", "ours", "theirs")] };
        guard.Accepted(Owner, Correction, Interval);
        guard.Accepted(Owner, Correction, Interval);
        guard.Accepted(Owner, other, Interval);
        guard.Accepted(Owner, Correction, Interval);
        guard.IsExhausted(Owner, Correction, Interval).ShouldBeFalse();
    }
}
