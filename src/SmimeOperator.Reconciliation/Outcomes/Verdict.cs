using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>How a reconciliation ended, as conditions tell it.</summary>
internal enum VerdictKind
{
    /// <summary>Ready=True.</summary>
    Ready,

    /// <summary>Ready=False, Reconciling=True: it passes by itself.</summary>
    Waiting,

    /// <summary>Ready=False, Stalled=True: a person must act.</summary>
    Stalled,
}

/// <summary>The end of a reconciliation.</summary>
/// <param name="Kind">Ready, waiting or stalled.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">For a person.</param>
/// <param name="RetryAfter">When to look again; null leaves it to the caller.</param>
internal sealed record Verdict(VerdictKind Kind, string Reason, string Message, TimeSpan? RetryAfter = null)
{
    // What a person grants outside of the cluster is told by nobody: it is looked for.
    private static readonly TimeSpan UntilGranted = TimeSpan.FromMinutes(10);

    public static Verdict Ready(string message) => new(VerdictKind.Ready, Reasons.InSync, message);

    public static Verdict Waiting(string reason, string message, TimeSpan? retryAfter = null) => new(VerdictKind.Waiting, reason, message, retryAfter);

    public static Verdict Stalled(string reason, string message) => new(VerdictKind.Stalled, reason, message);

    /// <summary>What a fault of the service means for the resource: waiting helps, or a person must act.</summary>
    public static Verdict Of(TenantException fault) => fault.Kind switch
    {
        FaultKind.Throttled => Waiting(Reasons.Throttled, fault.Message, fault.RetryAfter),
        FaultKind.Unavailable or FaultKind.OutcomeUnknown or FaultKind.Malformed =>
            Waiting(Reasons.ServiceUnavailable, fault.Message, fault.RetryAfter),
        FaultKind.CredentialsInvalid => Stalled(Reasons.CredentialsInvalid, fault.Message) with { RetryAfter = UntilGranted },
        FaultKind.WrongTenant => Stalled(Reasons.WrongTenant, fault.Message),
        FaultKind.PermissionMissing => Stalled(Reasons.PermissionMissing, fault.Message) with { RetryAfter = UntilGranted },
        // Something vanished, or appeared, between our read and our write: the next read tells the truth.
        FaultKind.NotFound or FaultKind.Conflict => Waiting(Reasons.Progressing, fault.Message),
        _ => Stalled(Reasons.Rejected, fault.Message),
    };
}

/// <summary>Ends a reconciliation early with a verdict. Never leaves this assembly.</summary>
internal sealed class VerdictException(Verdict verdict) : Exception(verdict.Message)
{
    public Verdict Verdict { get; } = verdict;

    public static VerdictException Waiting(string reason, string message) => new(Verdict.Waiting(reason, message));

    public static VerdictException Stalled(string reason, string message) => new(Verdict.Stalled(reason, message));
}
