using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One reconciliation of one Assignment: its status in the making.</summary>
internal sealed class AssignmentRun(Assignment assignment, TimeProvider time)
    : ReconcileRun<AssignmentStatus>(assignment.Metadata, Assignment.KubeKind, assignment.Status, time)
{
    private ResolvedAssignment? _own;
    private IReadOnlyList<OwnedObject> _objects = [];
    private List<OwnedObject>? _assigned = assignment.Status?.Objects;
    private IReadOnlyList<OwnedObject> _formerApps = [];
    private bool _settled;

    /// <summary>What all Assignments of the policy want together.</summary>
    public IReadOnlyList<WantedTarget> Wanted { get; private set; } = [];

    /// <summary>Whether this Assignment is about to bring targets that its status does not name: after a crash nobody would know that they are ours.</summary>
    public bool HasUnrecordedTargets =>
        (_own?.Resolved ?? []).Any(t => (assignment.Status?.Targets ?? []).All(known => (known.Kind, known.Id, known.AppIntent) != (t.Kind, t.Id, t.AppIntent)));

    /// <summary>Whom this Assignment names.</summary>
    public void Begin(ResolvedAssignment? own) => _own = own;

    /// <summary>What was learned before planning.</summary>
    public void Begin(IReadOnlyList<OwnedObject> objects, IReadOnlyList<WantedTarget> wanted)
    {
        (_objects, Wanted) = (objects, wanted);
        _formerApps = [.. (assignment.Status?.Objects ?? []).Where(o => Roles.IsApp(o.Role) && objects.All(n => n.Id != o.Id))];
    }

    /// <summary>Apps that it assigned, and that the policy no longer targets.</summary>
    public IReadOnlyList<OwnedObject> FormerApps => _formerApps;

    /// <summary>Wanted targets that only siblings name, and none of them in its status yet.</summary>
    public IReadOnlySet<(TargetKind, string?)> Unrecorded(IEnumerable<Assignment> siblings)
    {
        var own = (_own?.Targets ?? []).Select(t => (t.Target.Kind, t.Target.GroupId)).ToHashSet();
        var recorded = siblings.SelectMany(KeysOf).Concat(own).ToHashSet();
        var onApp = siblings.SelectMany(AppKeysOf).Concat(own).ToHashSet();
        return Wanted.Where(w => !(w.Intent is null ? recorded : onApp).Contains((w.Target.Kind, w.Target.GroupId))).Select(w => (w.Target.Kind, w.Target.GroupId)).ToHashSet();
    }

    /// <summary>
    /// A sibling that wants what this Assignment brought and wants no more, and that has it not in its status yet: the target stays, and
    /// until somebody else remembers whose it is, this Assignment has to. Null when there is none.
    /// </summary>
    public string? Heir(IReadOnlyList<Assignment> siblings, IReadOnlyList<ResolvedAssignment> wishes)
    {
        var unclaimed = KeysOf(assignment).Intersect(Unrecorded(siblings)).ToHashSet();
        return wishes.FirstOrDefault(w => w.Targets.Any(t => unclaimed.Contains((t.Target.Kind, t.Target.GroupId))))?.Assignment.Metadata.Name;
    }

    /// <summary>The targets that the Assignments of this policy brought.</summary>
    public IReadOnlySet<(TargetKind, string?)> Ours(IEnumerable<Assignment> siblings) =>
        siblings.Append(assignment).SelectMany(KeysOf).ToHashSet();

    /// <summary>Those of them that brought the app too.</summary>
    public IReadOnlySet<(TargetKind, string?)> OursOnApp(IEnumerable<Assignment> siblings) =>
        siblings.Append(assignment).SelectMany(AppKeysOf).ToHashSet();

    /// <summary>The targets that an Assignment's status records.</summary>
    public static IEnumerable<(TargetKind, string?)> KeysOf(Assignment assignment) => KeysOf(assignment.Status?.Targets ?? []);

    private static IEnumerable<(TargetKind, string?)> AppKeysOf(Assignment assignment) =>
        KeysOf((assignment.Status?.Targets ?? []).Where(t => t.AppIntent is not null));

    private static IEnumerable<(TargetKind, string?)> KeysOf(IEnumerable<ResolvedTarget> targets) =>
        targets.SelectMany<ResolvedTarget, (TargetKind, string?)>(t => t.Kind switch
        {
            "Group" => [(TargetKind.Group, t.Id), (TargetKind.ExclusionGroup, t.Id)],
            TargetResolver.AllUsers => [(TargetKind.AllLicensedUsers, null)],
            TargetResolver.AllDevices => [(TargetKind.AllDevices, null)],
            _ => [],
        });

    /// <summary>Records what each object was assigned to.</summary>
    /// <param name="arrival">Where the work ended.</param>
    /// <param name="isComplete">Whether removals were looked at too, and whoever takes over has done so; until then nothing that was ours is forgotten.</param>
    public void Settle(Arrival arrival, bool isComplete)
    {
        var pending = arrival.Last.Plan.Changes.Concat(arrival.Last.Plan.Held.Select(h => h.Change)).Select(c => c.Role).ToHashSet();
        _settled = isComplete && pending.Count == 0;
        _assigned =
        [
            .. _objects.Where(o => arrival.Last.Located.ContainsKey(o.Role)).OrderBy(o => o.Role, StringComparer.Ordinal).Select(o => new OwnedObject
            {
                Kind = o.Kind,
                Id = o.Id,
                Name = o.Name,
                Role = o.Role,
                AppliedHash = !isComplete || pending.Contains(o.Role)
                    ? assignment.Status?.Objects?.FirstOrDefault(b => b.Role == o.Role && b.Id == o.Id)?.AppliedHash
                    : AssignmentPlanner.HashOf(Wanted, o),
            }),
            .. _settled ? [] : _formerApps,
        ];
    }

    protected override Verdict Judge(Arrival arrival, bool planOnly)
    {
        var verdict = base.Judge(arrival, planOnly);
        return verdict.Kind == VerdictKind.Ready && _own is { Notes.Count: > 0 } ? verdict with { Message = $"{verdict.Message}; {string.Join("; ", _own.Notes)}" } : verdict;
    }

    protected override AssignmentStatus NewStatus() => new() { Targets = Targets() };

    protected override List<OwnedObject>? OwnedForStatus() => _assigned is { Count: > 0 } ? _assigned : null;

    // What was assigned before stays on record until everything is as wished: it is ours to remove.
    private List<ResolvedTarget>? Targets()
    {
        var resolved = _own?.Resolved ?? [];
        var targets = _settled ? resolved : [.. resolved.Concat(assignment.Status?.Targets ?? []).DistinctBy(t => (t.Kind, t.Id, t.AppIntent))];
        return targets.Count == 0 ? null : targets;
    }
}
