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
            Reach = Reach(report.Reach.Whole),
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
                Changes = r.Recording.Made.Select(c => Change(c, report.Reach)),
                HeldUp = r.Recording.Due.Select(c => Change(c, report.Reach)),
                DriftLeftAlone = r.Recording.Held.Select(h => new { h.Reason, Change = Change(h.Change, report.Reach) }),
                r.Users,
                Secrets = r.Secrets.Select(s => new { Name = s.Name.ToString(), State = s.IsEncrypted ? "encrypted" : "absent" }),
            }),
        },
        Pretty));

    private static object? Reach(Reach? reach) => reach is null ? null : new
    {
        Users = reach.Users.All,
        UsersWhoGain = reach.Users.Gains,
        UsersWhoLose = reach.Users.Loses,
        Devices = reach.Devices.All,
        DevicesThatGain = reach.Devices.Gains,
        DevicesThatLose = reach.Devices.Loses,
        reach.AllDevices,
        NotKnown = reach.Faults,
    };

    private static object Change(PlannedChange change, PlanReach reach) => new
    {
        change.Action,
        change.Cause,
        change.Type,
        change.Role,
        change.Name,
        Id = change.Action == ChangeAction.Create ? null : change.Id,
        change.OnlyMarks,
        change.Disruption,
        Reach = Reach(reach.Changes.GetValueOrDefault(change)),
        Differences = change.Differences.Select(d => new { d.Path, d.Expected, d.Observed }),
    };
}
