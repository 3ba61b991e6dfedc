using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>A plan for people at a terminal.</summary>
internal sealed class PlanText(bool colour) : IPlanWriter
{
    private const string Red = "31";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Grey = "90";
    private const string Bold = "1";

    public void Write(PlanReport report, TextWriter output)
    {
        foreach (var problem in report.Problems)
        {
            output.WriteLine(Paint(Red, problem.ToString()));
        }

        foreach (var plan in report.Resources.Where(p => p.IsChange || p.TakenOver > 0 || p.Recording.Held.Count > 0 || p.State is PlanState.Waiting or PlanState.Stalled))
        {
            output.WriteLine(Paint(Bold, plan.Key.ToString()) + (plan.State == PlanState.Gone ? Paint(Grey, "  (no manifest states it any more)") : Paint(Grey, "  " + plan.File)));
            Changes(plan, report.Reach, output);
            foreach (var secret in plan.Secrets)
            {
                output.WriteLine("  " + Paint(Yellow, "? " + PlanWords.Secret(secret)));
            }

            if (PlanWords.State(plan) is { Length: > 0 } state)
            {
                output.WriteLine("  " + Paint(plan.State == PlanState.Stalled ? Red : Yellow, "! " + state));
            }

            output.WriteLine();
        }

        foreach (var tenant in report.Frozen)
        {
            output.WriteLine(Paint(Yellow, $"Tenant {tenant} is read-only (spec.mode): nothing of this is done until that is changed."));
        }

        foreach (var note in report.Notes)
        {
            output.WriteLine(Paint(Grey, note));
        }

        output.WriteLine(Paint(Bold, "Plan: ") + report.Summary());
    }

    private void Changes(ResourcePlan plan, PlanReach reach, TextWriter output)
    {
        foreach (var (change, mark) in plan.Recording.Made.Select(c => (c, "")).Concat(plan.Recording.Due.Select(c => (c, " (held up)"))))
        {
            output.WriteLine("  " + Paint(ColourOf(change.Action), $"{PlanWords.Sign(change.Action)} {PlanWords.Verb(change)} {PlanWords.Object(change)}{mark}"));
            if (!change.OnlyMarks)
            {
                Details(change, output);
            }

            if (PlanWords.Reach(change, reach) is { Length: > 0 } whom)
            {
                output.WriteLine("      " + (change.Disruption is null ? whom : Paint(Red, whom)));
            }
        }

        foreach (var held in plan.Recording.Held)
        {
            output.WriteLine("  " + Paint(Grey, $"  drift is left alone ({held.Reason}): {PlanWords.Verb(held.Change.Action)} {PlanWords.Object(held.Change)}"));
            Details(held.Change, output);
        }
    }

    private void Details(PlannedChange change, TextWriter output)
    {
        foreach (var difference in change.Differences)
        {
            output.WriteLine("      " + PlanWords.Difference(difference));
        }

        if (change.Disruption is { } disruption)
        {
            output.WriteLine("      " + Paint(Red, disruption));
        }
    }

    private static string ColourOf(ChangeAction action) => action switch
    {
        ChangeAction.Delete => Red,
        ChangeAction.Create or ChangeAction.Import => Green,
        _ => Yellow,
    };

    private string Paint(string code, string text) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
