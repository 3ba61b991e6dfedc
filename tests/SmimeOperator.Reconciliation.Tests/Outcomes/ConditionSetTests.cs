using CsCheck;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation.Tests;

public sealed class ConditionSetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Verdict> AnyVerdict = Gen.OneOf(
        Gen.Const(Verdict.Ready("as the spec says")),
        Gen.OneOf(Reasons.Throttled, Reasons.ReferenceNotFound, Reasons.Progressing).Select(r => Verdict.Waiting(r, "waits")),
        Gen.OneOf(Reasons.InvalidSpec, Reasons.GuardTripped, Reasons.Conflict).Select(r => Verdict.Stalled(r, "stuck")),
        Gen.Enum<FaultKind>().Select(kind => Verdict.Of(new TenantException(kind, "fault"))));

    [Fact]
    public void Whatever_happens_in_whatever_order_every_status_obeys_kstatus_and_the_rules_of_Flux()
    {
        // Each step: did the spec change before it, and how did the reconciliation end.
        Gen.Select(Gen.Bool, AnyVerdict).Array[1, 12].Sample(steps =>
        {
            var generation = 1L;
            CertificateImportStatus? previous = null;
            var now = Start;
            foreach (var (changed, verdict) in steps)
            {
                generation += changed ? 1 : 0;
                now += TimeSpan.FromMinutes(1);
                var status = new CertificateImportStatus();
                StatusComposer.Compose(status, previous, generation, verdict, new ConditionSet(previous?.Conditions, generation, now));
                FluxRules.Violations(generation, status).ShouldBeEmpty();
                KStatus.Of(generation, false, status).ShouldBe(verdict.Kind switch
                {
                    VerdictKind.Ready => "Current",
                    VerdictKind.Stalled => "Failed",
                    _ => "InProgress",
                });
                previous = status;
            }
        });
    }

    [Fact]
    public void A_resource_nobody_looked_at_yet_is_in_progress_for_Flux()
    {
        KStatus.Of(1, false, new SmimePolicyStatus()).ShouldBe("InProgress");
    }

    [Fact]
    public void A_transition_time_moves_with_the_status_and_not_with_the_message()
    {
        var first = new ConditionSet(null, 1, Start).Set("Ready", false, "Throttled", "wait 3 s").ToList();
        var second = new ConditionSet(first, 1, Start.AddHours(1)).Set("Ready", false, "Throttled", "wait 9 s").ToList();
        var third = new ConditionSet(second, 1, Start.AddHours(2)).Set("Ready", true, "InSync", "done").ToList();

        second[0].LastTransitionTime.ShouldBe(Start.UtcDateTime);
        second[0].Message.ShouldBe("wait 9 s");
        third[0].LastTransitionTime.ShouldBe(Start.AddHours(2).UtcDateTime);
    }

    [Theory]
    [InlineData(FaultKind.Throttled, false)]
    [InlineData(FaultKind.Unavailable, false)]
    [InlineData(FaultKind.OutcomeUnknown, false)]
    [InlineData(FaultKind.Malformed, false)]
    [InlineData(FaultKind.NotFound, false)]
    [InlineData(FaultKind.PermissionMissing, true)]
    [InlineData(FaultKind.CredentialsInvalid, true)]
    [InlineData(FaultKind.WrongTenant, true)]
    [InlineData(FaultKind.Rejected, true)]
    public void Only_what_a_person_must_mend_stalls(FaultKind fault, bool stalls) =>
        (Verdict.Of(new TenantException(fault, "fault")).Kind == VerdictKind.Stalled).ShouldBe(stalls);
}
