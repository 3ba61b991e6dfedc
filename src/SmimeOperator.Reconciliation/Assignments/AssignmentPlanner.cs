using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What the planner of assignments holds against each other.</summary>
internal sealed record AssignmentPlanningInput
{
    /// <summary>The policy's objects, as its status records them, and the app.</summary>
    public required IReadOnlyList<OwnedObject> Objects { get; init; }

    /// <summary>Apps that were assigned and that the policy no longer targets: what is ours there goes.</summary>
    public required IReadOnlyList<OwnedObject> FormerApps { get; init; }

    /// <summary>What all Assignments of the policy want together.</summary>
    public required IReadOnlyList<WantedTarget> Wanted { get; init; }

    /// <summary>Targets that Assignments of this policy brought, now or before: what is ours to remove.</summary>
    public required IReadOnlySet<(TargetKind Kind, string? GroupId)> Ours { get; init; }

    /// <summary>The part of these that brought the app too: an Assignment that leaves the app alone takes nothing from it either.</summary>
    public required IReadOnlySet<(TargetKind Kind, string? GroupId)> OursOnApp { get; init; }

    /// <summary>Wanted targets that another Assignment of this policy brings once they stand in its status: neither brought nor taken away before.</summary>
    public required IReadOnlySet<(TargetKind Kind, string? GroupId)> Postponed { get; init; }

    /// <summary>Targets of the app that other policies want; the app is shared.</summary>
    public required IReadOnlySet<(TargetKind Kind, string? GroupId)> AppOfOthers { get; init; }

    /// <summary>Whether what someone else added goes. The app is never included: others may deliver it for reasons of their own.</summary>
    public required bool RemoveForeign { get; init; }

    /// <summary>Whether nothing may be removed, because the wishes of another Assignment are not known.</summary>
    public required bool AddOnly { get; init; }

    /// <summary>What was last applied.</summary>
    public required IReadOnlyList<OwnedObject> Owned { get; init; }

    public required TenantSnapshot Snapshot { get; init; }

    public required DriftSpec Drift { get; init; }

    public bool Deleting { get; init; }
}

/// <summary>The planner for assignments: a pure function. What a policy set assigned is never touched.</summary>
internal static class AssignmentPlanner
{
    public static PlanningResult Plan(AssignmentPlanningInput input)
    {
        var changes = new List<PlannedChange>();
        var held = new List<HeldChange>();
        var drift = new List<DriftEntry>();
        var located = new Dictionary<string, TenantObject>();
        foreach (var target in input.Objects)
        {
            if (CollectionOf(target) is not { } collection || input.Snapshot.Find(collection, target.Id) is not { } current)
            {
                continue;
            }

            located[target.Role] = current;
            if (Change(input, target, current) is { } change)
            {
                Sort(input, change, changes, held, drift);
            }
        }

        var unwanted = input with { Wanted = [] };
        changes.AddRange(input.FormerApps.Select(a => input.Snapshot.Find(TenantCollection.MobileApps, a.Id) is { } current ? Change(unwanted, a, current) : null).OfType<PlannedChange>());
        return new PlanningResult(new Plan { Changes = changes, Held = held }, located, drift, new HashSet<string>());
    }

    /// <summary>Hash of what the Assignments want of an object.</summary>
    public static string HashOf(IReadOnlyList<WantedTarget> wanted, OwnedObject target) => BodyJson.HashOf(string.Join('\n', Wanted(wanted, target)
        .Select(w => Describe(w.Target) + (Roles.IsApp(target.Role) ? $" {w.Intent}{AppSettingsJson.Describe(w.Settings)}" : "")).Order(StringComparer.Ordinal)));

    private static PlannedChange? Change(AssignmentPlanningInput input, OwnedObject target, TenantObject current)
    {
        var isApp = Roles.IsApp(target.Role);
        var wanted = Wanted(input.Wanted, target).Where(w => !input.Postponed.Contains((w.Target.Kind, w.Target.GroupId))).ToList();
        var direct = current.Assignments.Where(a => !a.FromPolicySet).ToList();
        var unwanted = direct.Where(d => wanted.All(w => !Equal(w, d, isApp) || Settings(w, d, current, isApp).Any())).ToList();
        var removed = unwanted.Where(u => IsRemoved(input, u, isApp, wanted)).ToList();
        var added = wanted.Where(w => direct.All(d => !Equal(w, d, isApp) || Settings(w, d, current, isApp).Any())).ToList();
        if (added.Count == 0 && removed.Count == 0)
        {
            return null;
        }

        var kept = direct.Except(removed).ToList();
        var coming = added.ConvertAll(a => Assignment(a, direct, current, isApp));

        // Who has it already and gets other settings loses nothing.
        var changed = added.Select(a => (Wanted: a, There: removed.Find(r => Equal(a, r, isApp)))).Where(c => c.There is not null).ToList();
        var lost = removed.Where(r => changed.All(c => c.There != r)).ToList();
        var owned = input.Owned.FirstOrDefault(o => o.Role == target.Role && o.Id == target.Id);
        return new PlannedChange
        {
            Action = ChangeAction.Assign,
            Cause = input.Deleting ? ChangeCause.Deletion : owned?.AppliedHash == HashOf(input.Wanted, target) ? ChangeCause.Drift : ChangeCause.Spec,
            Stage = ChangeStage.Assignments,
            Type = current.Type,
            Role = target.Role,
            Name = current.DisplayName ?? target.Name ?? target.Id,
            Id = current.Id,
            Differences =
            [
                .. added.Where(a => changed.All(c => c.Wanted != a)).Select(a => new FieldDifference("/assignments/" + Describe(a.Target), "assigned", null)),
                .. lost.Select(r => new FieldDifference("/assignments/" + Describe(r.Target), null, "assigned")),
                .. changed.SelectMany(c => Settings(c.Wanted, c.There!, current, isApp)),
            ],
            Disruption = lost.Count == 0 ? null : $"{lost.Count} targets no longer get it" + Effect(current.Type),
            // A target whose filter or intent changes is replaced, not taken away from anybody.
            Removals = removed.Count(r => wanted.All(w => (w.Target.Kind, w.Target.GroupId) != (r.Target.Kind, r.Target.GroupId))),
            Audience = new Audience(AssignedTarget.Of(current.Assignments.Where(a => a.FromPolicySet).Concat(kept)), AssignedTarget.Of(coming), AssignedTarget.Of(removed)),
            Step = new ChangeStep.AssignObject(current, [.. kept, .. coming]),
        };
    }

    // The wanted form takes the place of what is there for the same people; settings of the app that nobody speaks of stay.
    private static TenantAssignment Assignment(WantedTarget wanted, List<TenantAssignment> direct, TenantObject current, bool isApp)
    {
        if (!isApp)
        {
            return new TenantAssignment(wanted.Target);
        }

        var before = direct.Find(d => (d.Target.Kind, d.Target.GroupId) == (wanted.Target.Kind, wanted.Target.GroupId));
        return new TenantAssignment(wanted.Target, wanted.Intent, Raw: AppSettingsJson.Carry(wanted.Settings, current.Type, before?.Raw ?? default));
    }

    private static IEnumerable<FieldDifference> Settings(WantedTarget wanted, TenantAssignment there, TenantObject current, bool isApp) => isApp
        ? AppSettingsJson.Differences(wanted.Settings, current.Type, there.Raw)
            .Select(s => new FieldDifference($"/assignments/{Describe(wanted.Target)}/settings/{s.Name}", s.Wanted, s.Found))
        : [];

    private static bool IsRemoved(AssignmentPlanningInput input, TenantAssignment assignment, bool isApp, List<WantedTarget> wanted)
    {
        var key = (assignment.Target.Kind, assignment.Target.GroupId);
        if (wanted.Any(w => (w.Target.Kind, w.Target.GroupId) == key || IsOpposite(w.Target, assignment.Target)))
        {
            // The service keeps one assignment for a group: the wanted form takes the place of this one.
            return true;
        }

        if (assignment.Target.Kind == TargetKind.Other || input.AddOnly || input.Postponed.Contains(key) || (isApp && input.AppOfOthers.Contains(key)))
        {
            return false;
        }

        return (isApp ? input.OursOnApp : input.Ours).Contains(key) || (input.RemoveForeign && !isApp);
    }

    private static bool IsOpposite(AssignmentTarget one, AssignmentTarget other) =>
        one.GroupId is not null && one.GroupId == other.GroupId && one.Kind != other.Kind;

    private static void Sort(
        AssignmentPlanningInput input, PlannedChange change, List<PlannedChange> changes, List<HeldChange> held, List<DriftEntry> drift)
    {
        if (change.Cause != ChangeCause.Drift)
        {
            changes.Add(change);
            return;
        }

        var differences = change.Differences.Where(d => !FieldComparison.IsIgnored(d.Path, input.Drift.Ignore)).ToList();
        if (input.Drift.Mode == DriftMode.Off || differences.Count == 0)
        {
            return;
        }

        drift.AddRange(differences.Select(d => new DriftEntry
        {
            Object = $"{change.Type} {change.Name}", Id = change.Id, Path = d.Path, Expected = d.Expected ?? "absent", Observed = d.Observed ?? "absent",
        }));
        if (input.Drift.Mode == DriftMode.Detect)
        {
            held.Add(new HeldChange(change, Reasons.DriftDetected));
        }
        else if (change.Disruption is not null && !input.Drift.AllowDisruptive && ObjectShapes.Of(change.Type)?.UnassignmentEffect is not null)
        {
            held.Add(new HeldChange(change, Reasons.DisruptiveChangeHeld));
        }
        else
        {
            changes.Add(change);
        }
    }

    private static string Effect(string type) => ObjectShapes.Of(type)?.UnassignmentEffect is { } effect ? ", and " + effect : "";

    private static bool Equal(WantedTarget wanted, TenantAssignment there, bool isApp) =>
        wanted.Target == there.Target && (!isApp || string.Equals(wanted.Intent, there.Intent, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<WantedTarget> Wanted(IReadOnlyList<WantedTarget> wanted, OwnedObject target) =>
        wanted.Where(w => w.Reaches(target.Kind) && (w.Intent is not null || !Roles.IsApp(target.Role)));

    private static TenantCollection? CollectionOf(OwnedObject target) =>
        Roles.IsApp(target.Role) ? TenantCollection.MobileApps : ObjectShapes.Of(target.Kind)?.Collection;

    /// <summary>A target in a word.</summary>
    public static string Describe(AssignmentTarget target)
    {
        var who = target.Kind switch
        {
            TargetKind.Group => "group:" + target.GroupId,
            TargetKind.ExclusionGroup => "exclude:" + target.GroupId,
            TargetKind.AllLicensedUsers => "allUsers",
            TargetKind.AllDevices => "allDevices",
            _ => "other",
        };
        return target.FilterId is null ? who : $"{who},{target.FilterType.ToString().ToLowerInvariant()}:{target.FilterId}";
    }
}
