using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Replaces what cannot be changed in place: the new object is made, takes over the people of the old one, and only when the service shows
/// it with them does the old one go. Each step follows from the tenant as it stands, so a run that is killed is taken up by the next one. Pure.
/// </summary>
internal static class Replacement
{
    /// <summary>The fields that are fixed at creation and differ.</summary>
    public static IReadOnlyList<FieldDifference> FixedDifferences(DesiredObject desired, TenantObject current) => desired.Shape.Fixed.Count == 0
        ? []
        : [.. FieldComparison.Compare(desired.Shape, BodyJson.Of(desired.Body), current.Properties).Where(d => IsFixed(desired.Shape, d))];

    /// <summary>Whether a difference is one of a field that is fixed at creation.</summary>
    public static bool IsFixed(ObjectShape shape, FieldDifference difference) => shape.Fixed.Contains(difference.Path.TrimStart('/'));

    /// <summary>The creation that takes the place of an object.</summary>
    public static PlannedChange Creation(DesiredObject desired, TenantObject current, IReadOnlyList<FieldDifference> differences, ChangeCause cause, bool isAdopted) => new()
    {
        Action = ChangeAction.Create,
        Cause = cause,
        Stage = desired.Stage,
        Type = desired.Shape.Type,
        Role = desired.Role,
        Name = desired.Name,
        Differences = differences,
        Disruption = $"{string.Join(", ", differences.Select(d => d.Path))} of {current.Id} is fixed at creation, so another object takes its place" + (isAdopted
            ? "; the operator did not make it and does not delete it: delete it yourself"
            : desired.Shape.DeletionEffect is { } effect ? $": for a while {effect}" : ""),
        Audience = Audience.Of(current),
        Step = new ChangeStep.CreateObject(desired),
    };

    /// <summary>The record of an object that is to go because another one takes its place.</summary>
    public static OwnedObject Leaving(TenantObject current, string role, bool created) => new()
    {
        Kind = current.Type,
        Id = current.Id,
        Name = current.DisplayName,
        Role = Roles.Replaced(role),
        Created = created,
    };

    /// <summary>
    /// Plans the deletion of objects that others take the place of: their people are moved first, and a deletion waits for its successors.
    /// </summary>
    public static void Plan(
        IReadOnlyList<(PlannedChange Deletion, TenantObject Old, IReadOnlyList<DesiredObject> Successors)> leaving,
        IReadOnlyDictionary<string, TenantObject> located, List<PlannedChange> changes, List<HeldChange> held)
    {
        var moves = new Dictionary<string, (TenantObject To, List<TenantAssignment> People)>();
        foreach (var (deletion, old, successors) in leaving)
        {
            var there = successors.Where(s => located.TryGetValue(s.Role, out var found) && found.Id != old.Id).ToList();
            if (successors.FirstOrDefault(s => !there.Contains(s) && changes.All(c => c.Role != s.Role)) is not null)
            {
                // What is to take its place is not there and is not made either: drift that is left alone.
                held.Add(new HeldChange(deletion, Reasons.DriftDetected));
                continue;
            }

            foreach (var successor in there.Select(s => (s.Role, To: located[s.Role])).Where(s => People(s.To).Count == 0 && People(old).Count > 0))
            {
                var move = moves.TryGetValue(successor.Role, out var begun) ? begun : moves[successor.Role] = (successor.To, []);
                move.People.AddRange(People(old).Where(p => move.People.All(m => m.Target != p.Target)));
            }

            changes.Add(deletion with { Successors = [.. there.Select(s => located[s.Role].Id)] });
        }

        changes.AddRange(moves.Select(m => Move(m.Key, m.Value.To, m.Value.People)));
    }

    private static PlannedChange Move(string role, TenantObject to, IReadOnlyList<TenantAssignment> people) => new()
    {
        Action = ChangeAction.Assign,
        Cause = ChangeCause.Spec,
        Stage = Roles.StageOf(role),
        Type = to.Type,
        Role = role,
        Name = to.DisplayName ?? to.Id,
        Id = to.Id,
        Differences = [.. people.Select(p => new FieldDifference("/assignments/" + AssignmentPlanner.Describe(p.Target), "assigned", null))],
        Audience = new Audience(AssignedTarget.Of(to.Assignments), AssignedTarget.Of(people), []),
        Step = new ChangeStep.AssignObject(to, people),
    };

    // What a policy set assigned is not ours to send; it follows the set.
    private static List<TenantAssignment> People(TenantObject value) => [.. value.Assignments.Where(a => !a.FromPolicySet)];
}
