using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Targets of assignments in words: groups and filters by name.</summary>
internal sealed class TargetWords
{
    private readonly IReadOnlyDictionary<string, DirectoryGroup>? _groups;
    private readonly TenantSnapshot _snapshot;

    private TargetWords(IReadOnlyDictionary<string, DirectoryGroup>? groups, TenantSnapshot snapshot, string? fault) => (_groups, _snapshot, Fault) = (groups, snapshot, fault);

    /// <summary>Why the groups' names could not be read; they are told by id then.</summary>
    public string? Fault { get; }

    /// <summary>Looks up the groups that assignments name, all in one request.</summary>
    public static async Task<TargetWords> ReadAsync(TenantView view, IEnumerable<TenantAssignment> assignments, CancellationToken cancellationToken)
    {
        var ids = assignments.Select(a => a.Target.GroupId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        try
        {
            return new TargetWords(ids.Count == 0 ? new Dictionary<string, DirectoryGroup>() : await view.Tenant.Connection.FindGroupsByIdAsync(ids, cancellationToken), view.Snapshot, null);
        }
        catch (TenantException fault)
        {
            return new TargetWords(null, view.Snapshot, $"names of groups could not be read: {fault.Message}");
        }
    }

    /// <summary>The target whole.</summary>
    public string Of(AssignmentTarget target) => target.FilterId is not { } id
        ? Who(target)
        : $"{Who(target)} {(target.FilterType == FilterType.Exclude ? "without" : "with")} filter '{Filter(id)}'";

    /// <summary>The target without its filter.</summary>
    public string Who(AssignmentTarget target) => target.Kind switch
    {
        TargetKind.Group or TargetKind.ExclusionGroup => Group(target.GroupId ?? ""),
        TargetKind.AllLicensedUsers => "all users",
        TargetKind.AllDevices => "all devices",
        _ => "a target of another kind",
    };

    /// <summary>What the filter asks of a device; null without one.</summary>
    public string? Filter(AssignmentTarget target) => target is { FilterId: { } id, FilterType: not FilterType.None }
        ? $"that {(target.FilterType == FilterType.Exclude ? "does not match" : "passes")} filter '{Filter(id)}'"
        : null;

    private string Filter(string id) => _snapshot.AssignmentFilters.FirstOrDefault(f => f.Id == id)?.DisplayName ?? id;

    private string Group(string id) => _groups is null
        ? $"group {id}"
        : _groups.TryGetValue(id, out var group) ? $"group '{group.DisplayName}'" : $"group {id}, which the directory does not know";
}
