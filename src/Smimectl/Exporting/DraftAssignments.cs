using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>An Assignment in the making.</summary>
/// <param name="Spec">What it states.</param>
/// <param name="Comments">What is to be said of its targets.</param>
/// <param name="Notes">What could not be stated.</param>
internal sealed record DraftAssignment(AssignmentSpec Spec, IReadOnlyDictionary<string, string> Comments, IReadOnlyList<string> Notes);

/// <summary>States what all objects of a policy are assigned to alike. What only some of them are assigned to stays as it is, and is named. Pure.</summary>
internal sealed class DraftAssignments(TenantSnapshot snapshot, IReadOnlyDictionary<string, DirectoryGroup> groups)
{
    // An Assignment takes this many of each.
    private const int MostTargets = 100;

    private static readonly Dictionary<string, DevicePlatform> FilterPlatforms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["iOS"] = DevicePlatform.IOS,
        ["androidForWork"] = DevicePlatform.Android,
        ["macOS"] = DevicePlatform.MacOS,
        ["windows10AndLater"] = DevicePlatform.Windows,
    };

    private readonly Dictionary<string, AssignmentFilter> _filters = snapshot.AssignmentFilters.ToDictionary(f => f.Id, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<DraftAssignment> Of(PolicyDraft draft)
    {
        var objects = draft.Objects.Values.GroupBy(DraftPlatforms.PlatformOf).ToDictionary(g => g.Key, g => g.ToList());
        var shared = objects.ToDictionary(o => o.Key, o => Shared(o.Key, o.Value));
        LeaveContested(objects, shared);
        var excluded = shared.Values.Select(s => s.Where(t => t.Kind == TargetKind.ExclusionGroup)).Aggregate((one, two) => one.Intersect(two)).ToList();
        var included = shared.Values.SelectMany(s => s).Where(t => t.Kind != TargetKind.ExclusionGroup).Distinct()
            .OrderBy(t => t.Kind).ThenBy(t => t.GroupId, StringComparer.Ordinal).ThenBy(t => t.FilterId, StringComparer.Ordinal)
            .Select(t => (Target: t, Platforms: shared.Where(s => s.Value.Contains(t)).Select(s => s.Key).Order().ToList())).ToList();
        if (included.Count == 0)
        {
            return [];
        }

        var stated = objects.ToDictionary(o => o.Key, o => included.Where(i => i.Platforms.Contains(o.Key)).Select(i => i.Target).Concat(excluded).ToHashSet());
        var notes = objects.SelectMany(o => o.Value.SelectMany(v => Direct(v).Where(a => !stated[o.Key].Contains(a.Target)).Select(a => $"left as it is: {SmimeObjects.Describe(v)} is also assigned to {Describe(a)}"))).ToList();
        var foreign = objects.All(o => o.Value.TrueForAll(v => Direct(v).Where(a => a.Target.Kind != TargetKind.Other).Select(a => a.Target).ToHashSet().SetEquals(stated[o.Key])))
            ? ForeignAssignments.Remove
            : ForeignAssignments.Keep;
        var intent = Intent(draft, stated);
        if (intent == AppIntent.None)
        {
            notes.Add("the app is assigned in another way than the policy, so its own assignment is left alone (app.intent: None)");
        }

        var includes = included.Chunk(MostTargets).ToList();
        var excludes = excluded.OrderBy(t => t.GroupId, StringComparer.Ordinal).Chunk(MostTargets).ToList();
        return [.. Enumerable.Range(0, Math.Max(includes.Count, excludes.Count)).Select(i => Assignment(
            draft, includes[Math.Min(i, includes.Count - 1)], i < excludes.Count ? excludes[i] : [], objects.Count, intent, foreign, i == 0 ? notes : []))];
    }

    private DraftAssignment Assignment(
        PolicyDraft draft, (AssignmentTarget Target, List<DevicePlatform> Platforms)[] included, AssignmentTarget[] excluded, int served, AppIntent intent, ForeignAssignments foreign, List<string> notes)
    {
        var comments = included.Select((t, i) => (Path: $"/include/{i}", Text: Label(t.Target))).Concat(excluded.Select((t, i) => (Path: $"/exclude/{i}", Text: Label(t))))
            .Where(c => c.Text.Length > 0).ToDictionary(c => c.Path, c => c.Text);
        comments["/foreign"] = foreign == ForeignAssignments.Keep ? "not all objects are assigned alike; Remove would take away what this Assignment does not state" : "nothing else is assigned today";
        return new DraftAssignment(
            new AssignmentSpec
            {
                PolicyRef = new LocalReference { Name = draft.Name },
                Include = [.. included.Select(t => Include(t.Target, t.Platforms, served))],
                Exclude = excluded.Length == 0 ? null : [.. excluded.Select(t => new ExcludeTarget { Group = new GroupReference { Id = t.GroupId } })],
                App = new AppAssignment { Intent = intent },
                Foreign = foreign,
            },
            comments,
            notes);
    }

    private static IncludeTarget Include(AssignmentTarget target, List<DevicePlatform> platforms, int served) => new()
    {
        Group = target.Kind == TargetKind.Group ? new GroupReference { Id = target.GroupId } : null,
        AllUsers = target.Kind == TargetKind.AllLicensedUsers ? true : null,
        AllDevices = target.Kind == TargetKind.AllDevices ? true : null,
        Filter = target.FilterId is null ? null : new FilterReference { Id = target.FilterId, Mode = target.FilterType == FilterType.Exclude ? FilterMode.Exclude : FilterMode.Include },
        Platforms = target.FilterId is not null || platforms.Count == served ? null : platforms,
    };

    // What every object of a platform is assigned to, and nothing else for the same people.
    private HashSet<AssignmentTarget> Shared(DevicePlatform platform, List<TenantObject> objects)
    {
        var direct = objects.Select(Direct).ToList();
        return [.. direct[0].Select(a => a.Target).Where(t => IsExpressible(t, platform) && direct.TrueForAll(d => IsSole(d, t)))];
    }

    // Whom an Assignment names on one platform is its own on all: what the others assign to the same people in another way would be taken for its past.
    private static void LeaveContested(Dictionary<DevicePlatform, List<TenantObject>> objects, Dictionary<DevicePlatform, HashSet<AssignmentTarget>> shared)
    {
        bool again;
        do
        {
            // An exclusion holds on every platform, or on none.
            var excluded = shared.Values.Select(s => s.Where(t => t.Kind == TargetKind.ExclusionGroup)).Aggregate((one, two) => one.Intersect(two)).ToHashSet();
            again = shared.Values.Sum(s => s.RemoveWhere(t => t.Kind == TargetKind.ExclusionGroup && !excluded.Contains(t))) > 0;
            var named = shared.Values.SelectMany(s => s).Select(KeyOf).ToHashSet();
            var contested = objects.SelectMany(o => o.Value.SelectMany(Direct).Select(a => a.Target).Where(t => named.Contains(KeyOf(t)) && !shared[o.Key].Contains(t))).Select(KeyOf).ToHashSet();
            again |= shared.Values.Sum(s => s.RemoveWhere(t => contested.Contains(KeyOf(t)))) > 0;
        }
        while (again);
    }

    // A group is one target, included or excluded.
    private static (TargetKind, string?) KeyOf(AssignmentTarget target) => (target.GroupId is null ? target.Kind : TargetKind.Group, target.GroupId);

    private bool IsExpressible(AssignmentTarget target, DevicePlatform platform) =>
        target.Kind != TargetKind.Other
        && (target.GroupId is null || groups.ContainsKey(target.GroupId))
        && (target.FilterId is null || (target.Kind != TargetKind.ExclusionGroup && _filters.GetValueOrDefault(target.FilterId)?.Platform is { } named
            && FilterPlatforms.TryGetValue(named, out var known) && known == platform));

    private static bool IsSole(IReadOnlyList<TenantAssignment> direct, AssignmentTarget target) =>
        direct.Where(a => (a.Target.Kind, a.Target.GroupId) == (target.Kind, target.GroupId) || (target.GroupId is not null && a.Target.GroupId == target.GroupId)).ToList() is [var one]
        && one.Target == target;

    private static AppIntent Intent(PolicyDraft draft, Dictionary<DevicePlatform, HashSet<AssignmentTarget>> stated)
    {
        List<TenantObject> apps = [draft.App];
        if (draft.Has(Roles.AndroidAppPolicy) && draft.AndroidApp is { } android)
        {
            apps.Add(android);
        }

        var named = stated.Values.SelectMany(s => s).Select(KeyOf).ToHashSet();
        if (apps.Exists(app => Direct(app).Exists(a => named.Contains(KeyOf(a.Target)) && !stated[DraftPlatforms.PlatformOf(app)].Contains(a.Target))))
        {
            return AppIntent.None;
        }

        foreach (var intent in new[] { AppIntent.Required, AppIntent.Available })
        {
            if (apps.TrueForAll(app => stated[DraftPlatforms.PlatformOf(app)].All(t =>
                IsSole(Direct(app), t) && Direct(app).Any(a => a.Target == t && string.Equals(a.Intent, intent.ToString(), StringComparison.OrdinalIgnoreCase)))))
            {
                return intent;
            }
        }

        return AppIntent.None;
    }

    private static List<TenantAssignment> Direct(TenantObject value) => [.. value.Assignments.Where(a => !a.FromPolicySet)];

    private string Describe(TenantAssignment assignment) => assignment.Target.Kind switch
    {
        TargetKind.Group => $"group {assignment.Target.GroupId} ({Label(assignment.Target)})",
        TargetKind.ExclusionGroup => $"everybody but group {assignment.Target.GroupId} ({Label(assignment.Target)})",
        TargetKind.AllLicensedUsers => "all users" + Filtered(assignment.Target),
        TargetKind.AllDevices => "all devices" + Filtered(assignment.Target),
        _ => "a target of a kind that is not known here",
    };

    private string Label(AssignmentTarget target)
    {
        var group = target.GroupId is null ? "" : groups.TryGetValue(target.GroupId, out var found) ? found.DisplayName : "not in the directory any more";
        return (group + Filtered(target)).TrimStart(' ', ',');
    }

    private string Filtered(AssignmentTarget target) => target.FilterId is null ? ""
        : $", filter {(_filters.TryGetValue(target.FilterId, out var filter) ? filter.DisplayName : target.FilterId)}, {target.FilterType}";
}
