using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Whom each change of a plan reaches, and the plan as a whole.</summary>
/// <param name="Changes">By change; what reaches nobody through an assignment is not in it.</param>
/// <param name="Whole">All changes together, nobody counted twice.</param>
internal sealed record PlanReach(IReadOnlyDictionary<PlannedChange, Reach> Changes, Reach Whole)
{
    /// <summary>Nobody is reached, or nobody asked.</summary>
    public static PlanReach None { get; } = new ReachSummary().Result();
}

/// <summary>Reads who is in the groups that a plan speaks of, as little as that takes, and tells whom it reaches. What cannot be read is not known, and fails nothing.</summary>
internal static class ReachReader
{
    /// <summary>Reads each tenant's groups once; nothing where no change speaks of any.</summary>
    /// <param name="plans">The changes, each with the tenant that it is made in.</param>
    /// <param name="cancellationToken">Gives up; what was not read then is not known.</param>
    public static async Task<PlanReach> ReadAsync(IEnumerable<(IIntuneTenant? Tenant, PlannedChange Change)> plans, CancellationToken cancellationToken)
    {
        var summary = new ReachSummary();
        foreach (var tenant in plans.Where(p => p.Tenant is not null && !p.Change.OnlyMarks).GroupBy(p => p.Tenant!, p => p.Change))
        {
            var changes = tenant.ToList();
            var audiences = Audiences(changes);
            var targets = audiences.Values.SelectMany(Targets).Distinct().ToList();
            var (groups, number, faults) = await ReadAsync(tenant.Key, targets, cancellationToken);
            summary.Add(changes, audiences, groups, number, faults);
        }

        return summary.Result();
    }

    // What is unassigned before it is deleted takes it from those who had it.
    private static Dictionary<PlannedChange, Audience> Audiences(List<PlannedChange> changes)
    {
        var unassigned = changes.Where(c => c is { Action: ChangeAction.Assign, Id: not null, Audience: not null })
            .GroupBy(c => c.Id!, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Audience!, StringComparer.OrdinalIgnoreCase);
        return changes.Where(c => c.Audience is not null)
            .Select(c => (Change: c, Audience: c is { Action: ChangeAction.Delete, Audience.Goes.Count: 0, Id: { } id } && unassigned.TryGetValue(id, out var first)
                ? new Audience([], [], [.. first.Stays, .. first.Goes])
                : c.Audience!))
            .Where(c => Targets(c.Audience).Any())
            .ToDictionary(c => c.Change, c => c.Audience, (IEqualityComparer<PlannedChange>)ReferenceEqualityComparer.Instance);
    }

    /// <summary>Every target that a change has to do with.</summary>
    public static IEnumerable<AssignmentTarget> Targets(Audience audience) => audience.Stays.Concat(audience.Comes).Concat(audience.Goes).Select(a => a.Target);

    private static async Task<(IReadOnlyDictionary<string, GroupMembers> Groups, int? Users, IReadOnlyList<string> Faults)> ReadAsync(
        IIntuneTenant tenant, List<AssignmentTarget> targets, CancellationToken cancellationToken)
    {
        var ids = targets.Select(t => t.GroupId).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        try
        {
            var groups = ids.Count == 0 ? new Dictionary<string, GroupMembers>() : await tenant.FindMembersAsync(ids, cancellationToken);
            try
            {
                int? users = targets.Exists(t => t.Kind == TargetKind.AllLicensedUsers) ? await tenant.CountUsersAsync(cancellationToken) : null;
                return (groups, users, []);
            }
            catch (TenantException fault)
            {
                return (groups, null, [fault.Message]);
            }
        }
        catch (OperationCanceledException)
        {
            const string Late = "the members of groups were not read in time; a longer --timeout may help";
            return (ids.ToDictionary(id => id, _ => GroupMembers.Unknown(Late), StringComparer.OrdinalIgnoreCase), null, ids.Count == 0 ? [Late] : []);
        }
    }
}
