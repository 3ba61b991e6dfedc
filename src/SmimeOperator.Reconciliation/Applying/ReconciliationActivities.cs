using System.Diagnostics;

namespace SmimeOperator.Reconciliation;

/// <summary>The spans of planning; the requests that follow have spans of their own.</summary>
internal static class ReconciliationActivities
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "SmimeOperator.Reconciliation";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Plans inside a span that tells how much there is to do, and nothing of what.</summary>
    public static PlanningResult Plan(Func<PlanningResult> plan)
    {
        using var activity = Source.StartActivity("plan");
        var result = plan();
        activity?.SetTag("smime.plan.changes", result.Plan.Changes.Count).SetTag("smime.plan.drift", result.Drift.Count);
        return result;
    }
}
