using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One thing that an Assignment wants: whom, and how the app reaches them.</summary>
/// <param name="Target">Whom.</param>
/// <param name="Intent">The app's intent in Graph's words; null leaves the app alone.</param>
/// <param name="Label">The target as people know it.</param>
internal sealed record WantedTarget(AssignmentTarget Target, string? Intent, string Label)
{
    /// <summary>The platforms that it reaches.</summary>
    public required IReadOnlySet<DevicePlatform> Platforms { get; init; }

    /// <summary>The filter's platform in Graph's words; null without a filter.</summary>
    public string? FilterPlatform { get; init; }

    /// <summary>How the app behaves there; null leaves it alone.</summary>
    public AppSettings? Settings { get; init; }

    /// <summary>Whether objects of a Graph type are assigned to it.</summary>
    public bool Reaches(string type) => Platforms.Contains(PlatformShapes.PlatformOf(type)) && FilterReach.Fits(FilterPlatform, type);
}

/// <summary>An Assignment with its names resolved to ids.</summary>
/// <param name="Assignment">The resource.</param>
/// <param name="Targets">What it wants.</param>
/// <param name="Resolved">The names and ids, for status.</param>
internal sealed record ResolvedAssignment(Assignment Assignment, IReadOnlyList<WantedTarget> Targets, List<ResolvedTarget> Resolved)
{
    /// <summary>What people should know of it: entries that reach fewer platforms than the policy serves.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Resolves groups and filters to ids. A name is resolved once; from then on the id in status is what counts. What the directory said it is asked once.</summary>
internal sealed class TargetResolver(TenantSession session, IReadOnlySet<DevicePlatform> served, Func<IEnumerable<Assignment>>? others = null)
{
    private readonly Dictionary<string, DirectoryGroup?> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<DirectoryGroup>> _byName = new(StringComparer.OrdinalIgnoreCase);

    private const string Group = "Group";
    private const string Filter = "Filter";
    public const string AllUsers = "AllUsers";
    public const string AllDevices = "AllDevices";

    /// <summary>Resolves an Assignment.</summary>
    /// <exception cref="VerdictException">A group or filter is missing or ambiguous, or the Assignment contradicts itself.</exception>
    public async Task<ResolvedAssignment> ResolveAsync(Assignment assignment, CancellationToken cancellationToken)
    {
        var spec = assignment.Spec;
        var resolved = new List<ResolvedTarget>();
        var groups = await GroupsAsync(assignment, resolved, cancellationToken);
        var intent = IntentOf(spec);
        var targets = new List<WantedTarget>();
        var notes = new List<string>();
        foreach (var include in spec.Include)
        {
            var filter = FilterOf(include.Filter, assignment, resolved);
            var filterType = filter is null ? FilterType.None : include.Filter!.Mode == FilterMode.Exclude ? FilterType.Exclude : FilterType.Include;
            var (kind, groupId, label) = include switch
            {
                { Group: { } group } => (TargetKind.Group, groups[KeyOf(group)], "group " + KeyOf(group)),
                { AllUsers: true } => (TargetKind.AllLicensedUsers, (string?)null, "all users"),
                _ => (TargetKind.AllDevices, (string?)null, "all devices"),
            };
            if (kind != TargetKind.Group)
            {
                var everybody = kind == TargetKind.AllLicensedUsers ? AllUsers : AllDevices;
                resolved.Add(new ResolvedTarget { Kind = everybody, Id = everybody, AppIntent = intent });
            }

            var (platforms, note) = FilterReach.Of(include, filter, label, served);
            notes.AddRange(note is null ? [] : [note]);
            targets.Add(new WantedTarget(new AssignmentTarget(kind, groupId, filter?.Id, filterType), intent, label)
            {
                Platforms = platforms,
                FilterPlatform = filter?.Platform,
                Settings = spec.App.Settings,
            });
        }

        targets.AddRange((spec.Exclude ?? []).Select(e =>
            new WantedTarget(new AssignmentTarget(TargetKind.ExclusionGroup, groups[KeyOf(e.Group)]), intent, "without group " + KeyOf(e.Group)) { Platforms = served }));
        return new ResolvedAssignment(assignment, targets, [.. resolved.DistinctBy(r => (r.Kind, r.DisplayName, r.Id))]) { Notes = notes };
    }

    private static string? IntentOf(AssignmentSpec spec) => spec.App.Intent switch { AppIntent.Required => "required", AppIntent.Available => "available", _ => null };

    private async Task<IReadOnlyDictionary<string, string>> GroupsAsync(
        Assignment assignment, List<ResolvedTarget> resolved, CancellationToken cancellationToken)
    {
        var references = ReferencesOf(assignment).DistinctBy(KeyOf).ToList();
        var remembered = (assignment.Status?.Targets ?? []).Where(t => t is { Kind: Group, DisplayName: not null })
            .GroupBy(t => t.DisplayName!, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Id, StringComparer.OrdinalIgnoreCase);
        var ids = references.Select(r => r.Id?.ToLowerInvariant() ?? remembered.GetValueOrDefault(r.DisplayName!)).OfType<string>().Distinct().ToList();
        var known = await ByIdAsync(ids, cancellationToken);

        // A remembered id whose group is gone is forgotten: the name may mean a new group now.
        var names = references.Where(r => r.Id is null && !(remembered.TryGetValue(r.DisplayName!, out var id) && known.ContainsKey(id)))
            .Select(r => r.DisplayName!).ToList();
        var found = await ByNameAsync(names, cancellationToken);
        var groups = new Dictionary<string, string>();
        foreach (var reference in references)
        {
            var id = reference.Id is not null
                ? ById(reference.Id.ToLowerInvariant(), known)
                : remembered.TryGetValue(reference.DisplayName!, out var before) && known.ContainsKey(before)
                    ? before
                    : Single([.. found[reference.DisplayName!]], g => g.Id, "group", reference.DisplayName!).Id;
            groups[KeyOf(reference)] = id;
            resolved.Add(new ResolvedTarget { Kind = Group, DisplayName = reference.DisplayName, Id = id, AppIntent = IntentOf(assignment.Spec) });
        }

        return groups;
    }

    private static IEnumerable<GroupReference> ReferencesOf(Assignment assignment) =>
        assignment.Spec.Include.Select(i => i.Group).OfType<GroupReference>().Concat((assignment.Spec.Exclude ?? []).Select(e => e.Group));

    // Names whose id stands in status are not looked up any more.
    private static IEnumerable<string> NamesOf(Assignment assignment) => ReferencesOf(assignment).Select(r => r.Id is null ? r.DisplayName : null).OfType<string>()
        .Where(name => assignment.Status?.Targets?.Exists(t => t.Kind == Group && string.Equals(t.DisplayName, name, StringComparison.OrdinalIgnoreCase)) != true);

    private async Task<Dictionary<string, DirectoryGroup>> ByIdAsync(List<string> ids, CancellationToken cancellationToken)
    {
        var unasked = ids.FindAll(id => !_byId.ContainsKey(id));
        if (unasked.Count > 0)
        {
            var found = await session.Connection.FindGroupsByIdAsync(unasked, cancellationToken);
            unasked.ForEach(id => _byId[id] = found.GetValueOrDefault(id));
        }

        return ids.Where(id => _byId[id] is not null).ToDictionary(id => id, id => _byId[id]!);
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<DirectoryGroup>>> ByNameAsync(List<string> names, CancellationToken cancellationToken)
    {
        var unasked = names.FindAll(name => !_byName.ContainsKey(name));
        if (unasked.Count > 0)
        {
            var found = await session.Connection.FindGroupsByNameAsync(unasked, others is null ? null : () => others().SelectMany(NamesOf), cancellationToken);
            unasked.ForEach(name => _byName[name] = [.. found[name]]);
        }

        return _byName;
    }

    private AssignmentFilter? FilterOf(FilterReference? reference, Assignment assignment, List<ResolvedTarget> resolved)
    {
        if (reference is null)
        {
            return null;
        }

        session.Require(SnapshotPart.AssignmentFilters);
        var remembered = (assignment.Status?.Targets ?? []).FirstOrDefault(t => t.Kind == Filter && t.DisplayName is not null && t.DisplayName == reference.DisplayName)?.Id;
        var filters = session.Snapshot.AssignmentFilters;
        var matches = reference.Id is { } id
            ? filters.Where(f => string.Equals(f.Id, id, StringComparison.OrdinalIgnoreCase)).ToList()
            : filters.Where(f => f.Id == remembered).ToList() is { Count: 1 } known
                ? known
                : filters.Where(f => string.Equals(f.DisplayName, reference.DisplayName, StringComparison.OrdinalIgnoreCase)).ToList();
        var filter = Single(matches, f => f.Id, "filter", reference.Id ?? reference.DisplayName!);
        resolved.Add(new ResolvedTarget { Kind = Filter, DisplayName = reference.DisplayName, Id = filter.Id, Platform = filter.Platform });
        return filter;
    }

    private static string ById(string id, Dictionary<string, DirectoryGroup> known) => known.ContainsKey(id)
        ? id
        : throw VerdictException.Waiting(Reasons.NotFoundInTenant, $"there is no group with the id {id} in the directory");

    private static T Single<T>(List<T> matches, Func<T, string> id, string what, string name) => matches.Count switch
    {
        1 => matches[0],
        0 => throw VerdictException.Waiting(Reasons.NotFoundInTenant, $"there is no {what} '{name}' in the tenant"),
        _ => throw VerdictException.Stalled(Reasons.AmbiguousMatch,
            $"{matches.Count} {what}s are named '{name}': {string.Join(", ", matches.Select(id).Order(StringComparer.Ordinal))}; name the one you mean by id"),
    };

    private static string KeyOf(GroupReference group) => group.Id?.ToLowerInvariant() ?? group.DisplayName!;
}
