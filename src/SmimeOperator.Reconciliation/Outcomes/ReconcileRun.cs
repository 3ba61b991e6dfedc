using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One reconciliation of one resource: its status in the making, and the ways it can end.</summary>
internal abstract class ReconcileRun<TStatus>
    where TStatus : ResourceStatus
{
    private readonly long _generation;
    private readonly string? _requestedAt;

    protected ReconcileRun(V1ObjectMeta metadata, string kind, TStatus? previous, TimeProvider time)
    {
        Previous = previous;
        Owner = $"{kind}/{metadata.NamespaceProperty}/{metadata.Name}";
        Objects = new OwnedObjects(previous?.Objects);
        Now = time.GetUtcNow();
        Conditions = new ConditionSet(previous?.Conditions, metadata.Generation ?? 0, Now);
        _generation = metadata.Generation ?? 0;
        _requestedAt = metadata.Annotations is { } annotations && annotations.TryGetValue(Annotations.ReconcileRequestedAt, out var value) ? value : null;
        Tries = new ConvergenceGuard(IsNewRequest ? null : previous?.Corrections, time);
    }

    /// <summary>The resource, as Kind/namespace/name.</summary>
    public string Owner { get; }

    /// <summary>What it owns.</summary>
    public OwnedObjects Objects { get; }

    /// <summary>Whether the spec changed, or a person asked for a reconciliation, since the last one ended.</summary>
    public bool IsNewRequest => Previous?.ObservedGeneration != _generation || (_requestedAt is not null && _requestedAt != Previous?.LastHandledReconcileAt);

    /// <summary>The corrections that the service accepted.</summary>
    public ConvergenceGuard Tries { get; }

    /// <summary>When the reconciliation began.</summary>
    protected DateTimeOffset Now { get; }

    protected TStatus? Previous { get; }

    protected ConditionSet Conditions { get; }

    /// <summary>A status of the kind, with the kind's own fields filled in.</summary>
    protected abstract TStatus NewStatus();

    /// <summary>What the resource owns, for the status.</summary>
    protected virtual List<OwnedObject>? OwnedForStatus() => Objects.ToStatus();

    /// <summary>How many entries of drift status shows.</summary>
    protected virtual int MostDrift => 256;

    /// <summary>What happened in the tenant, one event a change.</summary>
    protected virtual IEnumerable<ResourceEvent> Happened(Arrival arrival) => ChangeEvents.Of(arrival);

    /// <summary>The kind's own conditions.</summary>
    protected virtual void AddConditions()
    {
    }

    /// <summary>Does the work. A verdict or a fault of the tenant ends it early, and the status says which.</summary>
    public async Task<Outcome<TStatus>> WorkAsync(Func<Task<Outcome<TStatus>>> work)
    {
        try
        {
            return await work();
        }
        catch (VerdictException ended)
        {
            return Ended(ended.Verdict);
        }
        catch (TenantException fault)
        {
            return Ended(Verdict.Of(fault));
        }
    }

    /// <summary>The work was done as far as it could be.</summary>
    public Outcome<TStatus> Arrived(Arrival arrival, bool planOnly, (bool? Met, string Message)? prerequisites)
    {
        if (prerequisites is { } found)
        {
            Conditions.Set(ConditionTypes.PrerequisitesMet, found.Met, found.Met switch { true => Reasons.Met, false => Reasons.NotMet, null => Reasons.Unknown }, found.Message);
        }

        var verdict = Judge(arrival, planOnly);
        var corrected = !planOnly && arrival.Applied.Any(a => a.Failure is null && a.Change.Cause == ChangeCause.Drift);
        var drift = DriftReport.Merge(Previous?.Drift, Previous?.ObservedGeneration == _generation, arrival.First.Drift, corrected, Now, MostDrift);
        DriftReport.Describe(Conditions, drift);
        var news = Happened(arrival).Where(e => e.Reason != Reasons.DriftDetected || IsNews(drift)).ToList();
        return Finish(verdict, drift) with { Events = [.. news, .. Announcement(verdict)], Plan = arrival.First.Plan };
    }

    /// <summary>The work ended before it began, or in the middle.</summary>
    public Outcome<TStatus> Ended(Verdict verdict)
    {
        Conditions.Keep(ConditionTypes.Drifted).Keep(ConditionTypes.PrerequisitesMet);
        return Finish(verdict, Previous?.Drift) with { Events = Announcement(verdict) };
    }

    /// <summary>A suspended resource: nothing was looked at.</summary>
    public Outcome<TStatus> Suspended()
    {
        Conditions.Keep(ConditionTypes.Drifted).Keep(ConditionTypes.PrerequisitesMet);
        return Finish(new Verdict(VerdictKind.Ready, Reasons.Suspended, "suspended by spec.suspend: nothing is read or changed"), Previous?.Drift);
    }

    /// <summary>The resource may go.</summary>
    public Outcome<TStatus> Released(IReadOnlyList<ResourceEvent> events) =>
        Finish(Verdict.Waiting(Reasons.Deleting, "everything is cleared up"), Previous?.Drift) with { Events = events, Released = true, Retry = false };

    /// <summary>The status while work is in hand.</summary>
    public TStatus Progress(PlanningResult plan)
    {
        var conditions = new ConditionSet(Previous?.Conditions, _generation, Now);
        var drift = DriftReport.Merge(Previous?.Drift, Previous?.ObservedGeneration == _generation, plan.Drift, corrected: false, Now, MostDrift);
        DriftReport.Describe(conditions, drift);
        return Compose(Verdict.Waiting(Reasons.Progressing, Arrival.Describe(plan.Plan.Changes)), drift, conditions);
    }

    /// <summary>The status before work begins.</summary>
    public TStatus Progress(string intent) =>
        Compose(Verdict.Waiting(Reasons.Progressing, intent), Previous?.Drift, new ConditionSet(Previous?.Conditions, _generation, Now).Keep(ConditionTypes.Drifted));

    protected virtual Verdict Judge(Arrival arrival, bool planOnly) =>
        arrival.Verdict(planOnly, arrival.Last.Plan.Held.Count > 0
            ? $"as last applied but for drift, which the spec leaves alone: {Arrival.Describe([.. arrival.Last.Plan.Held.Select(h => h.Change)])}"
            : "the tenant is as the spec says");

    private Outcome<TStatus> Finish(Verdict verdict, List<DriftEntry>? drift)
    {
        AddConditions();
        return new Outcome<TStatus>
        {
            Status = Compose(verdict, drift, Conditions),
            RequeueAfter = verdict.RetryAfter,
            Retry = verdict.Kind == VerdictKind.Waiting && verdict.Reason != Reasons.ReadOnly,
        };
    }

    private TStatus Compose(Verdict verdict, List<DriftEntry>? drift, ConditionSet conditions)
    {
        var status = NewStatus();
        status.Objects = OwnedForStatus();
        status.Drift = drift;
        status.Corrections = Tries.ToStatus();
        status.LastHandledReconcileAt = _requestedAt ?? Previous?.LastHandledReconcileAt;
        StatusComposer.Compose(status, Previous, _generation, verdict, conditions);
        return status;
    }

    // A verdict is news once: when its reason or message is another than the status says already.
    private IReadOnlyList<ResourceEvent> Announcement(Verdict verdict)
    {
        var before = Previous?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);
        return before?.Reason == verdict.Reason && before.Message == verdict.Message || verdict.Reason is Reasons.InSync or Reasons.Progressing
            ? []
            : [new ResourceEvent(verdict.Kind == VerdictKind.Stalled, verdict.Reason, verdict.Message)];
    }

    private bool IsNews(IReadOnlyList<DriftEntry>? drift) =>
        (drift ?? []).Any(d => (Previous?.Drift ?? []).All(p => p.Id != d.Id || p.Path != d.Path || p.Observed != d.Observed));
}
