using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Whether somebody belongs to a target.</summary>
internal enum Belonging
{
    No,

    /// <summary>A filter decides, a licence, or members that are not known.</summary>
    Maybe,
    Yes,
}

/// <summary>What was read of a tenant's directory about those whom a plan speaks of: its users, or its devices.</summary>
/// <param name="Groups">The groups and their members.</param>
/// <param name="MembersOf">The members that count here.</param>
/// <param name="Everybody">The target that means all of them.</param>
/// <param name="Number">How many there are in the tenant; null where that is not known.</param>
internal sealed record Population(
    IReadOnlyDictionary<string, GroupMembers> Groups, Func<GroupMembers, MemberSet> MembersOf, TargetKind Everybody, int? Number)
{
    /// <summary>Whether somebody belongs to a target; null asks for one who is in no group whose members were read.</summary>
    public Belonging Belongs(string? id, AssignmentTarget target) => target.Kind switch
    {
        TargetKind.Group or TargetKind.ExclusionGroup => Filtered(IsMember(id, target.GroupId), target),
        // Who has no licence is left out, and nobody here knows who has one.
        TargetKind.AllLicensedUsers when Everybody == target.Kind => Belonging.Maybe,
        TargetKind.AllDevices when Everybody == target.Kind => Filtered(Belonging.Yes, target),
        TargetKind.Other => Belonging.Maybe,
        _ => Belonging.No,
    };

    /// <summary>Whether a target leaves nobody out who could have anything at all.</summary>
    public bool IsEverybody(AssignmentTarget target) => target.Kind == Everybody && target.FilterId is null;

    /// <summary>Everybody who is told by id in the groups of targets.</summary>
    public HashSet<string> Named(IEnumerable<AssignmentTarget> targets) => targets
        .SelectMany(t => Find(t.GroupId) is { Fault: null } group ? MembersOf(group).Ids ?? [] : []).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds those who may belong to a target and are told nowhere by id.</summary>
    public void AddUnnamed(Crowd crowd, AssignmentTarget target, IEnumerable<string> spared)
    {
        if (target.Kind == Everybody)
        {
            crowd.AddEverybody(spared);
        }
        else if (target.GroupId is { } id && Find(id) is { Fault: null } group)
        {
            if (MembersOf(group) is { Ids: null } large)
            {
                crowd.AddCounted(id, large.Count);
            }
        }
        else if (target.GroupId is not null || target.Kind == TargetKind.Other)
        {
            crowd.AddUnknown();
        }
    }

    /// <summary>The groups of targets whose members are not known.</summary>
    public IEnumerable<string> Faults(IEnumerable<AssignmentTarget> targets) => targets.Select(t => Find(t.GroupId)?.Fault).OfType<string>();

    private static Belonging Filtered(Belonging belonging, AssignmentTarget target) =>
        belonging == Belonging.Yes && target is { FilterId: not null, FilterType: not FilterType.None } ? Belonging.Maybe : belonging;

    private GroupMembers? Find(string? id) => id is null ? null : Groups.GetValueOrDefault(id);

    private Belonging IsMember(string? id, string? group) => Find(group) is { Fault: null } found && MembersOf(found).Ids is { } ids
        ? id is not null && ids.Contains(id) ? Belonging.Yes : Belonging.No
        : Belonging.Maybe;
}
