using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The planner for what is no longer wanted: deleted, left to others, or deleted once another object has taken its place. Pure.</summary>
internal static class RemovalPlanner
{
    /// <summary>Plans what becomes of objects that are no longer wanted.</summary>
    public static void Plan(
        PlanningInput input, IEnumerable<OwnedObject> leaving, IReadOnlyDictionary<string, TenantObject> located, List<PlannedChange> changes, List<HeldChange> held)
    {
        var replaced = new List<(PlannedChange Deletion, TenantObject Old, IReadOnlyList<DesiredObject> Successors)>();
        foreach (var owned in leaving.DistinctBy(o => o.Id, StringComparer.OrdinalIgnoreCase))
        {
            if (ObjectShapes.Of(owned.Kind) is not { } shape || input.Snapshot.Find(shape.Collection, owned.Id) is not { } current)
            {
                continue;
            }

            // What the operator did not make it never deletes; what others still use it leaves to them.
            var delete = owned.Created && input.WhenUnwanted == DeletionPolicy.Delete && !input.InUse.Contains(owned.Id);
            var removal = new PlannedChange
            {
                Action = delete ? ChangeAction.Delete : ChangeAction.Orphan,
                Cause = input.Deleting ? ChangeCause.Deletion : ChangeCause.Spec,
                Stage = Roles.StageOf(owned.Role),
                Type = owned.Kind,
                Role = owned.Role,
                Name = current.DisplayName ?? owned.Name ?? owned.Id,
                Id = owned.Id,
                Disruption = delete ? shape.DeletionEffect : null,
                Audience = delete ? Audience.Leaving(current) : null,
                Removals = delete ? 1 : 0,
                Step = delete ? new ChangeStep.DeleteObject(shape.Collection, owned.Id) : null,
            };
            var successors = input.Desired.Where(d => d.TakesPlaceOf(owned.Role) || Roles.Replaced(d.Role) == owned.Role).ToList();
            if (delete && successors.Count > 0)
            {
                replaced.Add((removal, current, successors));
            }
            else
            {
                changes.Add(removal);
            }
        }

        Replacement.Plan(replaced, located, changes, held);
    }
}
