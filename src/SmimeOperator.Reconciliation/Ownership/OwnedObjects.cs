using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The list of what a resource owns, kept up to date while changes are made.</summary>
internal sealed class OwnedObjects(IEnumerable<OwnedObject>? recorded)
{
    private readonly List<OwnedObject> _objects = [.. recorded ?? []];
    private readonly HashSet<string> _released = [];

    public IReadOnlyList<OwnedObject> All => _objects;

    public List<OwnedObject>? ToStatus() => _objects.Count == 0 ? null : [.. _objects.OrderBy(o => o.Role, StringComparer.Ordinal)];

    /// <summary>Whether an object was deleted or left to others in this run: its mark may still be there.</summary>
    public bool HasReleased(string id) => _released.Contains(id);

    /// <summary>Takes note of a change that was made.</summary>
    public void Record(AppliedChange applied)
    {
        switch (applied.Change.Step)
        {
            case ChangeStep.CreateObject create:
                Put(create.Desired, applied.Result!, created: true);
                break;
            case ChangeStep.UpdateObject update:
                Put(update.Desired, applied.Result!, created: !update.Desired.Mark.Adopted);
                break;
            default:
                if (applied.Change.Action is ChangeAction.Delete or ChangeAction.Orphan)
                {
                    _objects.RemoveAll(o => o.Id == applied.Change.Id);
                    _released.Add(applied.Change.Id ?? "");
                }

                break;
        }
    }

    /// <summary>Takes note of objects that are there and as they should be: found again by their mark, or equal to a spec that only changed its wording.</summary>
    public void Settle(PlanningResult result, IEnumerable<DesiredObject> desired)
    {
        var pending = result.Plan.Changes.Concat(result.Plan.Held.Select(h => h.Change)).Select(c => c.Role).ToHashSet();
        foreach (var wanted in desired.Where(d => !pending.Contains(d.Role)))
        {
            if (result.Located.TryGetValue(wanted.Role, out var current))
            {
                var adopted = _objects.FirstOrDefault(o => o.Role == wanted.Role) is { } owned
                    ? !owned.Created
                    : OwnershipMark.Find(current.MarkedText) is not { Adopted: false };
                Put(wanted with { Mark = wanted.Mark with { Adopted = adopted } }, current, !adopted);
            }
        }
    }

    /// <summary>Forgets what is gone from the tenant and no longer wanted.</summary>
    public void Forget(Func<OwnedObject, bool> gone) => _objects.RemoveAll(o => gone(o));

    private void Put(DesiredObject desired, TenantObject current, bool created)
    {
        // Another object took its place: the record of the old one stays until it is gone.
        var before = _objects.Find(o => o.Role == desired.Role);
        _objects.RemoveAll(o => o.Role == desired.Role);
        if (before is { Created: true } && !string.Equals(before.Id, current.Id, StringComparison.OrdinalIgnoreCase))
        {
            _objects.Add(new OwnedObject { Kind = before.Kind, Id = before.Id, Name = before.Name, Role = Roles.Replaced(before.Role), Created = true });
        }

        _objects.Add(new OwnedObject
        {
            Kind = desired.Shape.Type,
            Id = current.Id,
            Name = desired.Adopted is null ? desired.Name : current.DisplayName,
            Role = desired.Role,
            AppliedHash = desired.Hash,
            Created = created,
            Keys = desired.Keys.Count == 0 ? null : [.. desired.Keys],
        });
    }
}
