using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One thing that an Assignment wants: whom, and how the app reaches them.</summary>
/// <param name="Target">Whom.</param>
/// <param name="Intent">The app's intent in Graph's words; null leaves the app alone.</param>
/// <param name="Label">The target as people know it.</param>
internal sealed record WantedTarget(AssignmentTarget Target, string? Intent, string Label);

/// <summary>An Assignment with its names resolved to ids.</summary>
/// <param name="Assignment">The resource.</param>
/// <param name="Targets">What it wants.</param>
/// <param name="Resolved">The names and ids, for status.</param>
internal sealed record ResolvedAssignment(Assignment Assignment, IReadOnlyList<WantedTarget> Targets, List<ResolvedTarget> Resolved);

/// <summary>Resolves groups and filters to ids. A name is resolved once; from then on the id in status is what counts.</summary>
internal sealed class TargetResolver(TenantSession session)
{
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
        var intent = spec.App.Intent switch { AppIntent.Required => "required", AppIntent.Available => "available", _ => null };
        var targets = new List<WantedTarget>();
        foreach (var include in spec.Include)
        {
            var (filterId, filterType) = FilterOf(include.Filter, assignment, resolved);
            if (include.Group is { } group)
            {
                targets.Add(new WantedTarget(new AssignmentTarget(TargetKind.Group, groups[KeyOf(group)], filterId, filterType), intent, "group " + KeyOf(group)));
            }
            else if (include.AllUsers == true)
            {
                resolved.Add(new ResolvedTarget { Kind = AllUsers, Id = AllUsers });
                targets.Add(new WantedTarget(new AssignmentTarget(TargetKind.AllLicensedUsers, null, filterId, filterType), intent, "all users"));
            }
            else
            {
                resolved.Add(new ResolvedTarget { Kind = AllDevices, Id = AllDevices });
                targets.Add(new WantedTarget(new AssignmentTarget(TargetKind.AllDevices, null, filterId, filterType), intent, "all devices"));
            }
        }

        targets.AddRange((spec.Exclude ?? []).Select(e =>
            new WantedTarget(new AssignmentTarget(TargetKind.ExclusionGroup, groups[KeyOf(e.Group)]), intent, "without group " + KeyOf(e.Group))));
        return new ResolvedAssignment(assignment, targets, [.. resolved.DistinctBy(r => (r.Kind, r.DisplayName, r.Id))]);
    }

    private async Task<IReadOnlyDictionary<string, string>> GroupsAsync(
        Assignment assignment, List<ResolvedTarget> resolved, CancellationToken cancellationToken)
    {
        var references = assignment.Spec.Include.Select(i => i.Group).OfType<GroupReference>()
            .Concat((assignment.Spec.Exclude ?? []).Select(e => e.Group)).DistinctBy(KeyOf).ToList();
        var remembered = (assignment.Status?.Targets ?? []).Where(t => t is { Kind: Group, DisplayName: not null })
            .GroupBy(t => t.DisplayName!, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Id, StringComparer.OrdinalIgnoreCase);
        var ids = references.Select(r => r.Id?.ToLowerInvariant() ?? remembered.GetValueOrDefault(r.DisplayName!)).OfType<string>().Distinct().ToList();
        var known = ids.Count == 0
            ? new Dictionary<string, DirectoryGroup>()
            : await session.Connection.FindGroupsByIdAsync(ids, cancellationToken);

        // A remembered id whose group is gone is forgotten: the name may mean a new group now.
        var names = references.Where(r => r.Id is null && !(remembered.TryGetValue(r.DisplayName!, out var id) && known.ContainsKey(id)))
            .Select(r => r.DisplayName!).ToList();
        var found = names.Count == 0 ? null : await session.Connection.FindGroupsByNameAsync(names, cancellationToken);
        var groups = new Dictionary<string, string>();
        foreach (var reference in references)
        {
            var id = reference.Id is not null
                ? ById(reference.Id.ToLowerInvariant(), known)
                : remembered.TryGetValue(reference.DisplayName!, out var before) && known.ContainsKey(before)
                    ? before
                    : ByName(reference.DisplayName!, found!);
            groups[KeyOf(reference)] = id;
            resolved.Add(new ResolvedTarget { Kind = Group, DisplayName = reference.DisplayName, Id = id });
        }

        return groups;
    }

    private (string? Id, FilterType Type) FilterOf(FilterReference? reference, Assignment assignment, List<ResolvedTarget> resolved)
    {
        if (reference is null)
        {
            return (null, FilterType.None);
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
        resolved.Add(new ResolvedTarget { Kind = Filter, DisplayName = reference.DisplayName, Id = filter.Id });
        return (filter.Id, reference.Mode == FilterMode.Exclude ? FilterType.Exclude : FilterType.Include);
    }

    private static string ById(string id, IReadOnlyDictionary<string, DirectoryGroup> known) => known.ContainsKey(id)
        ? id
        : throw VerdictException.Waiting(Reasons.NotFoundInTenant, $"there is no group with the id {id} in the directory");

    private static string ByName(string name, ILookup<string, DirectoryGroup> found) =>
        Single([.. found[name]], g => g.Id, "group", name).Id;

    private static T Single<T>(List<T> matches, Func<T, string> id, string what, string name) => matches.Count switch
    {
        1 => matches[0],
        0 => throw VerdictException.Waiting(Reasons.NotFoundInTenant, $"there is no {what} '{name}' in the tenant"),
        _ => throw VerdictException.Stalled(Reasons.AmbiguousMatch,
            $"{matches.Count} {what}s are named '{name}': {string.Join(", ", matches.Select(id).Order(StringComparer.Ordinal))}; name the one you mean by id"),
    };

    private static string KeyOf(GroupReference group) => group.Id?.ToLowerInvariant() ?? group.DisplayName!;
}
