using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What the planner holds against each other: all of it data, none of it read while planning.</summary>
internal sealed record PlanningInput
{
    /// <summary>What the resource wants.</summary>
    public required IReadOnlyList<DesiredObject> Desired { get; init; }

    /// <summary>What it owned when its status was written.</summary>
    public required IReadOnlyList<OwnedObject> Owned { get; init; }

    /// <summary>The tenant.</summary>
    public required TenantSnapshot Snapshot { get; init; }

    /// <summary>How drift is dealt with.</summary>
    public required DriftSpec Drift { get; init; }

    /// <summary>What happens to owned objects that are no longer wanted.</summary>
    public DeletionPolicy WhenUnwanted { get; init; } = DeletionPolicy.Delete;

    /// <summary>What happens to owned objects that somebody deleted in the tenant.</summary>
    public ExternalDeletion OnExternalDelete { get; init; } = ExternalDeletion.Recreate;

    /// <summary>Whether the resource is being deleted.</summary>
    public bool Deleting { get; init; }

    /// <summary>Ids that must not be deleted because others use them.</summary>
    public IReadOnlySet<string> InUse { get; init; } = new HashSet<string>();
}

/// <summary>What planning brought: the plan, and how each object stands.</summary>
/// <param name="Plan">What is to be done.</param>
/// <param name="Located">The wanted objects that exist, by role.</param>
/// <param name="Drift">What was found different from what was last applied.</param>
/// <param name="Adopted">Roles that a not yet recorded object of ours already plays.</param>
internal sealed record PlanningResult(
    Plan Plan,
    IReadOnlyDictionary<string, TenantObject> Located,
    IReadOnlyList<DriftEntry> Drift,
    IReadOnlySet<string> Adopted);

/// <summary>
/// The planner for policies, profiles and apps: a pure function of what is wanted and what is there. Names never identify;
/// ids and marks do. More than one match ends planning with the ids named.
/// </summary>
internal static class ObjectPlanner
{
    public static PlanningResult Plan(PlanningInput input)
    {
        var changes = new List<PlannedChange>();
        var held = new List<HeldChange>();
        var drift = new List<DriftEntry>();
        var located = new Dictionary<string, TenantObject>();
        var adopted = new HashSet<string>();
        var leaving = new List<OwnedObject>();
        foreach (var wanted in input.Desired)
        {
            // Later objects refer to earlier ones, never the other way round.
            var desired = wanted with
            {
                References = [.. wanted.References.Select(r => r.IsOutside ? r : r with { Id = located.GetValueOrDefault(r.Role)?.Id })],
            };
            var owned = input.Owned.FirstOrDefault(o => o.Role == desired.Role);
            var (current, adopting) = Adoption.Verify(desired, Locate(desired, owned, input.Snapshot));
            if (current is null)
            {
                PlanCreation(desired, owned, input, changes, held, drift);
                continue;
            }

            located[desired.Role] = current;
            if (owned is null)
            {
                adopted.Add(desired.Role);
            }

            var isReplaced = PlanReplacement(desired, owned, current, input.Drift, changes, held, drift, leaving);
            if (!isReplaced)
            {
                PlanUpdate(desired, owned, current, adopting, input.Drift, changes, held, drift);
            }

            // A run before this one made the object that takes its place, and was killed.
            if (owned is not null && owned.Id != current.Id && input.Snapshot.Find(desired.Shape.Collection, owned.Id) is { } old)
            {
                leaving.Add(Replacement.Leaving(old, desired.Role, owned.Created));
            }
        }

        leaving.AddRange(input.Owned.Where(o => input.Desired.All(d => d.Role != o.Role)));
        RemovalPlanner.Plan(input, leaving, located, changes, held);
        return new PlanningResult(
            new Plan { Changes = [.. changes.OrderBy(c => c.Stage)], Held = held }, located, drift, adopted);
    }

    private static (TenantObject? Current, bool Adopting) Locate(DesiredObject desired, OwnedObject? owned, TenantSnapshot snapshot)
    {
        var shape = desired.Shape;
        if (owned is not null && snapshot.Find(shape.Collection, owned.Id) is { } known)
        {
            if (Replacement.FixedDifferences(desired, known).Count > 0 && Marked().Where(m => m.Id != known.Id && IsFit(m)).ToList() is { Count: > 0 } successors)
            {
                return (Single(successors, desired, "bear this resource's mark"), false);
            }

            return Marks.Of(known) is { } mark && !mark.SameOwner(desired.Mark)
                ? throw VerdictException.Stalled(Reasons.Conflict,
                    $"{known.Type} {known.Id} ({known.DisplayName}) is claimed by {mark.Owner} of cluster {mark.ClusterId}; delete one of the two resources, or remove the mark from the object's {known.MarkerField}")
                : (known, false);
        }

        var marked = Marked().ToList();
        if (marked.Count > 0)
        {
            return (Single(marked, desired, "bear this resource's mark"), false);
        }

        if (desired.AdoptId is not null)
        {
            return (Unclaimed(Adoption.Find(desired, snapshot)), true);
        }

        if (desired.AdoptIfUnique)
        {
            var unowned = OfType().Where(o => o.DisplayName == desired.Name && Marks.Of(o) is null && IsFit(o)).ToList();
            if (unowned.Count > 0)
            {
                return (Single(unowned, desired, $"are named '{desired.Name}'"), true);
            }
        }

        return (null, false);

        IEnumerable<TenantObject> OfType() => snapshot.All(shape.Collection).Where(o => o.Type == shape.Type);
        IEnumerable<TenantObject> Marked() => OfType().Where(o => desired.Mark.SameObject(Marks.Of(o)));
        bool IsFit(TenantObject candidate) => Replacement.FixedDifferences(desired, candidate).Count == 0;
    }

    private static TenantObject Single(List<TenantObject> matches, DesiredObject desired, string what) => matches.Count == 1
        ? matches[0]
        : throw VerdictException.Stalled(Reasons.AmbiguousMatch,
            $"{matches.Count} objects of type {desired.Shape.Type} {what}: {string.Join(", ", matches.Select(m => m.Id).Order(StringComparer.Ordinal))}; delete all but one, or name one in spec.adoption.id");

    private static TenantObject Unclaimed(TenantObject chosen) => Marks.Of(chosen) is { } mark
        ? throw VerdictException.Stalled(Reasons.Conflict, $"{chosen.Type} {chosen.Id} belongs to {mark.Owner} of cluster {mark.ClusterId} already")
        : chosen;

    private static void PlanCreation(
        DesiredObject desired, OwnedObject? owned, PlanningInput input, List<PlannedChange> changes, List<HeldChange> held, List<DriftEntry> drift)
    {
        var change = new PlannedChange
        {
            Action = ChangeAction.Create,
            Cause = owned?.AppliedHash == desired.Hash ? ChangeCause.Drift : ChangeCause.Spec,
            Stage = desired.Stage,
            Type = desired.Shape.Type,
            Role = desired.Role,
            Name = desired.Name,
            Missing = owned?.Id,
            Step = new ChangeStep.CreateObject(desired),
        };
        if (change.Cause == ChangeCause.Drift)
        {
            if (input.Drift.Mode == DriftMode.Off)
            {
                return;
            }

            drift.Add(new DriftEntry { Object = Label(desired), Id = owned!.Id, Path = "", Expected = "present", Observed = "absent" });
            if (input.Drift.Mode == DriftMode.Detect || input.OnExternalDelete == ExternalDeletion.Report)
            {
                held.Add(new HeldChange(change, Reasons.DriftDetected));
                return;
            }
        }

        // What it refers to is missing and not about to be made: made now, it would refer to nothing for good.
        if (desired.References.Any(r => r.Id is null && changes.All(c => c.Role != r.Role)))
        {
            held.Add(new HeldChange(change, Reasons.DriftDetected));
            return;
        }

        changes.Add(change);
    }

    // Whether another object takes the place of this one. Where that is held back, the rest of its fields are still looked after.
    private static bool PlanReplacement(
        DesiredObject desired, OwnedObject? owned, TenantObject current, DriftSpec settings,
        List<PlannedChange> changes, List<HeldChange> held, List<DriftEntry> drift, List<OwnedObject> leaving)
    {
        var differences = Replacement.FixedDifferences(desired, current).Where(d => !FieldComparison.IsIgnored(d.Path, settings.Ignore)).ToList();
        var isDrift = owned is null || owned.AppliedHash == desired.Hash;
        if (differences.Count == 0 || (isDrift && settings.Mode == DriftMode.Off))
        {
            return false;
        }

        var created = owned?.Created ?? Marks.Of(current) is { Adopted: false };
        var change = Replacement.Creation(desired, current, differences, isDrift ? ChangeCause.Drift : ChangeCause.Spec, !created);
        if (isDrift)
        {
            drift.AddRange(Entries(desired, current, differences));
        }

        if (!created || (isDrift && (settings.Mode == DriftMode.Detect || !settings.AllowDisruptive)))
        {
            held.Add(new HeldChange(change, isDrift && settings.Mode == DriftMode.Detect ? Reasons.DriftDetected : Reasons.DisruptiveChangeHeld));
            return false;
        }

        changes.Add(change);
        leaving.Add(Replacement.Leaving(current, desired.Role, created));
        return true;
    }

    private static IEnumerable<DriftEntry> Entries(DesiredObject desired, TenantObject current, IEnumerable<FieldDifference> differences) =>
        differences.Select(d => new DriftEntry { Object = Label(desired), Id = current.Id, Path = d.Path, Expected = d.Expected, Observed = d.Observed });

    private static void PlanUpdate(
        DesiredObject desired, OwnedObject? owned, TenantObject current, bool adopting, DriftSpec settings,
        List<PlannedChange> changes, List<HeldChange> held, List<DriftEntry> drift)
    {
        // An adopted object says so in its mark, so that it is still known as somebody else's work when status is lost.
        var isAdopted = adopting || owned is { Created: false } || (owned is null && Marks.Of(current) is { Adopted: true });
        desired = desired with { Mark = desired.Mark with { Adopted = isAdopted }, Adopted = desired.Adopted is { } asFound ? asFound with { Found = current } : null };
        var isDrift = owned is not null && owned.AppliedHash == desired.Hash;
        if (isDrift && settings.Mode == DriftMode.Off)
        {
            return;
        }

        var ours = desired with { ReservedKeys = desired.ReservedKeys.Concat(owned?.Keys ?? []).ToHashSet() };
        var differences = FieldComparison.Compare(desired.Shape, BodyJson.Of(Compared(desired, current)), current.Properties, ours)
            .Concat(FieldComparison.Compare(desired.References, current.References))
            .Where(d => !FieldComparison.IsIgnored(d.Path, settings.Ignore) && !Replacement.IsFixed(desired.Shape, d)).ToList();
        if (differences.Count == 0)
        {
            return;
        }

        var onlyMarks = ours.Adopted is not null && differences.TrueForAll(d => d.Path == "/" + current.MarkerField);
        var change = new PlannedChange
        {
            Action = adopting ? ChangeAction.Adopt : ChangeAction.Update,
            Cause = isDrift ? ChangeCause.Drift : ChangeCause.Spec,
            Stage = desired.Stage,
            Type = desired.Shape.Type,
            Role = desired.Role,
            Name = (ours.Adopted is null ? null : current.DisplayName) ?? desired.Name,
            Id = current.Id,
            Differences = differences,
            Disruption = Disruption(desired.Shape, differences),
            Audience = onlyMarks ? null : Audience.Of(current),
            OnlyMarks = onlyMarks,
            Step = new ChangeStep.UpdateObject(ours.Adopted is { } found ? ours with { Adopted = found with { OnlyMarks = onlyMarks } } : ours, current),
        };
        if (isDrift)
        {
            drift.AddRange(Entries(desired, current, differences));
            if (settings.Mode == DriftMode.Detect)
            {
                held.Add(new HeldChange(change, Reasons.DriftDetected));
                return;
            }

            if (change.Disruption is not null && !settings.AllowDisruptive)
            {
                held.Add(new HeldChange(change, Reasons.DisruptiveChangeHeld));
                return;
            }
        }

        changes.Add(change);
    }

    // A re-created resource has another uid, and that alone is worth no change that takes something from people: the uid there counts as ours.
    private static Microsoft.Graph.Models.Entity Compared(DesiredObject desired, TenantObject current) =>
        desired.Shape.Disruptions.ContainsKey(current.MarkerField) && Marks.Of(current) is { } there && desired.Mark.SameObject(there)
            ? (desired with { Mark = desired.Mark with { Uid = there.Uid } }).Body
            : desired.Body;

    private static string? Disruption(ObjectShape shape, IEnumerable<FieldDifference> differences)
    {
        var effects = differences.Select(d => shape.Disruptions.GetValueOrDefault(d.Path.TrimStart('/'))).OfType<string>().Distinct().ToList();
        return effects.Count == 0 ? null : string.Join("; ", effects);
    }

    private static string Label(DesiredObject desired) => $"{desired.Shape.Type} {desired.Name}";
}
