using System.Globalization;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>One pass over an import for many users: its status in the making.</summary>
internal sealed class BulkRun(CertificateImport import, BulkMemory memory, TimeProvider time)
    : ReconcileRun<CertificateImportStatus>(import.Metadata, CertificateImport.KubeKind, import.Status, time)
{
    private const int Told = 10;

    // What passes by itself, so that nobody has to act for it.
    private static readonly HashSet<string> Passing = [Reasons.UserNotFound, Reasons.UserDeleted, Reasons.ReferenceNotFound];

    /// <summary>What there is to say; null until it was looked at.</summary>
    public BulkReport? Report { get; set; }

    /// <summary>A fault that concerns everybody and ended the pass.</summary>
    public Verdict? Interrupted { get; set; }

    /// <summary>Whether the pass ended because its time was over, and the next one goes on.</summary>
    public bool IsUnfinished { get; set; }

    /// <summary>Failures that nobody was told of yet.</summary>
    public IReadOnlyList<ImportFailure> News { get; private set; } = [];

    protected override int MostDrift => 20;

    /// <summary>The outcome, and when to look again.</summary>
    public Outcome<CertificateImportStatus> Close(Arrival arrival, bool planOnly)
    {
        News = [.. Report!.Failures.Where(f => memory.Told.Add(f.Message))];
        memory.Told.IntersectWith(Report.Failures.Select(f => f.Message));
        var outcome = Arrived(arrival, planOnly, null);
        if (IsUnfinished && Interrupted is null)
        {
            return outcome with { Retry = false, RequeueAfter = TimeSpan.FromMilliseconds(1) };
        }

        // A timer holds days, not years; a look in between costs nothing.
        return Report.NextExpiry is { } next
            ? outcome with { RequeueAfter = outcome.RequeueAfter ?? TimeSpan.FromTicks(Math.Min(next.Ticks, TimeSpan.FromDays(7).Ticks)) }
            : outcome;
    }

    protected override CertificateImportStatus NewStatus() => new()
    {
        Counts = Report?.Counts ?? Previous?.Counts,
        Users = Report?.Users ?? Previous?.Users,
        History = Report?.History ?? Previous?.History,
        Failures = Report is null ? Previous?.Failures : Report.FirstFailures,
        Keys = memory.Ledger.ToStatus(),
    };

    protected override List<OwnedObject>? OwnedForStatus() => null;

    protected override IEnumerable<ResourceEvent> Happened(Arrival arrival)
    {
        var made = arrival.Applied.Where(a => a.Failure is null).Select(a => a.Change).ToList();
        if (made.Count(c => c.Action == ChangeAction.Import) is > 0 and var imported)
        {
            yield return new ResourceEvent(false, Reasons.Imported, Say($"imported {imported} certificates; {Standing()}"));
        }

        if (made.Count(c => c.Action == ChangeAction.Delete) is > 0 and var deleted)
        {
            yield return new ResourceEvent(false, Reasons.Deleted, Say($"deleted {deleted} imported certificates that no Secret holds any more: {Arrival.Describe([.. made.Where(c => c.Action == ChangeAction.Delete)])}"));
        }

        foreach (var failure in News.Take(Told))
        {
            yield return new ResourceEvent(true, failure.Reason, failure.Message);
        }

        if (arrival.First.Drift.Count > 0)
        {
            yield return new ResourceEvent(true, made.Exists(c => c.Cause == ChangeCause.Drift) ? Reasons.DriftCorrected : Reasons.DriftDetected, DriftReport.Text(arrival.First.Drift));
        }
    }

    protected override Verdict Judge(Arrival arrival, bool planOnly)
    {
        if (Interrupted is { } fault)
        {
            return fault with { Message = $"{fault.Message}; {Standing()}" };
        }

        if (IsUnfinished)
        {
            return Verdict.Waiting(Reasons.Progressing, Standing());
        }

        if (planOnly && !arrival.First.Plan.IsEmpty)
        {
            return base.Judge(arrival, planOnly);
        }

        if (arrival.Last.Plan.Held.FirstOrDefault(h => h.Reason == Reasons.NotConverging) is { } stuck)
        {
            return Verdict.Stalled(Reasons.NotConverging, $"the service accepted the same correction of {stuck.Change.Name} three times without effect: {string.Join(", ", stuck.Change.Differences.Select(d => d.Path))}");
        }

        var failures = Report!.Failures;
        if (failures.Count == 0)
        {
            return base.Judge(arrival with { Applied = [] }, planOnly);
        }

        var worst = failures.FirstOrDefault(f => !Passing.Contains(f.Reason));
        var shown = (worst is null ? failures : [worst, .. failures.Where(f => f != worst)]).Take(3).Select(f => f.Message).ToList();
        var message = Say($"{failures.Count} of {Report.Counts.Desired} are not imported: {string.Join("; ", shown)}{(failures.Count > shown.Count ? $"; and {failures.Count - shown.Count} more" : "")}");
        return worst is null ? Verdict.Waiting(failures[0].Reason, message) : Verdict.Stalled(worst.Reason, message);
    }

    protected override void AddConditions()
    {
        if (Report is not { } report)
        {
            Conditions.Keep(ConditionTypes.HistoryComplete).Keep(ConditionTypes.ExpiringSoon);
            return;
        }

        var lacking = report.Counts.Pending + report.Counts.Failed;
        var unsourced = report.History.Unsourced == 0 ? "" : $"; the tenant holds {report.History.Unsourced} more of these users that no Secret holds";
        Conditions.Set(ConditionTypes.HistoryComplete, lacking == 0, lacking == 0 ? Reasons.Complete : Reasons.Incomplete, lacking == 0
            ? Say($"{Standing()}{unsourced}")
            : Say($"{Standing()}: {report.Counts.Pending} pending, {report.Counts.Failed} failed, of which {report.Missing} are gone from the tenant without a source{unsourced}"));
        if (report.Users.Total > 0)
        {
            var soon = report.Users.Expiring > 0;
            Conditions.Set(ConditionTypes.ExpiringSoon, soon, soon ? Reasons.Expiring : Reasons.NotExpiring,
                Say($"the newest certificate of {report.Users.Expiring} of {report.Users.Total} users ends within thirty days"));
        }
    }

    private string Standing() => Report is { } r
        ? Say($"{r.Counts.Imported} of {r.Counts.Desired} certificates of {r.Users.Total} users are in the tenant")
        : "work is in hand";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
