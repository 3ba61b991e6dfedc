using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Tells what was done in the tenant, one event a change.</summary>
internal static class ChangeEvents
{
    public static IEnumerable<ResourceEvent> Of(Arrival arrival)
    {
        foreach (var applied in arrival.Applied)
        {
            var change = applied.Change;
            var id = applied.Result?.Id ?? change.Id;
            var what = $"{change.Type} '{change.Name}'{(id is null ? "" : $" ({id})")}";
            if (applied.Failure is { } failure)
            {
                yield return new ResourceEvent(true, failure.Reason, $"{change.Action} {what} failed: {failure.Message}{Request(applied)}");
                continue;
            }

            var disruption = change.Disruption is null ? "" : $"; {change.Disruption}";
            var taken = change.Action == ChangeAction.Adopt ? $"; changed {string.Join(", ", change.Differences.Select(d => d.Path))}" : "";
            yield return new ResourceEvent(false, ReasonOf(change), $"{Verb(change)} {what}{taken}{disruption}{Request(applied)}");
        }

        if (arrival.First.Drift.Count > 0)
        {
            var corrected = arrival.Applied.Any(a => a.Failure is null && a.Change.Cause == ChangeCause.Drift);
            yield return new ResourceEvent(true, corrected ? Reasons.DriftCorrected : Reasons.DriftDetected, DriftReport.Text(arrival.First.Drift));
        }
    }

    private static string Request(AppliedChange applied) => applied.RequestId is null ? "" : $"; client-request-id {applied.RequestId}";

    private static string ReasonOf(PlannedChange change) => change.Action switch
    {
        ChangeAction.Create => Reasons.Created,
        ChangeAction.Update or ChangeAction.Adopt => Reasons.Updated,
        ChangeAction.Assign => Reasons.Assigned,
        ChangeAction.Import => Reasons.Imported,
        ChangeAction.Delete => Reasons.Deleted,
        _ => Reasons.Orphaned,
    };

    private static string Verb(PlannedChange change) => change.Action switch
    {
        ChangeAction.Create => "created",
        ChangeAction.Adopt => "took over",
        ChangeAction.Update => change.Cause == ChangeCause.Drift ? "corrected" : "updated",
        ChangeAction.Assign => "assigned",
        ChangeAction.Import => "imported",
        ChangeAction.Delete => "deleted",
        _ => "left in the tenant:",
    };
}
