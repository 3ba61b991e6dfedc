using System.Text.Json;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>A plan for programs.</summary>
internal sealed class PlanJson : IPlanWriter
{
    private static readonly JsonSerializerOptions Pretty = new(KindModel.Json) { WriteIndented = true };

    public void Write(PlanReport report, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            Empty = report.IsEmpty,
            Faulty = report.IsFaulty,
            Summary = report.Summary(),
            report.Users,
            report.TakenOver,
            Frozen = report.Frozen,
            report.Notes,
            Problems = report.Problems.Select(p => new { p.File, p.Line, p.Message }),
            Resources = report.Resources.Select(r => new
            {
                r.Key.Kind,
                r.Key.Namespace,
                r.Key.Name,
                r.File,
                r.State,
                r.Reason,
                r.Message,
                Changes = r.Recording.Made.Select(Change),
                HeldUp = r.Recording.Due.Select(Change),
                DriftLeftAlone = r.Recording.Held.Select(h => new { h.Reason, Change = Change(h.Change) }),
                r.Users,
                Secrets = r.Secrets.Select(s => new { Name = s.Name.ToString(), State = s.IsEncrypted ? "encrypted" : "absent" }),
            }),
        },
        Pretty));

    private static object Change(PlannedChange change) => new
    {
        change.Action,
        change.Cause,
        change.Type,
        change.Role,
        change.Name,
        Id = change.Action == ChangeAction.Create ? null : change.Id,
        change.OnlyMarks,
        change.Disruption,
        Differences = change.Differences.Select(d => new { d.Path, d.Expected, d.Observed }),
    };
}
