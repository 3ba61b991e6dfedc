using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Something about an Assignment that no tenant can mend.</summary>
/// <param name="Assignment">The Assignment to change.</param>
/// <param name="Field">The field.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record StatedContradiction(Assignment Assignment, string Field, string Message);

/// <summary>
/// Finds contradictions in Assignments without asking a tenant. Only what is sure whatever the tenant holds: a group that one names by id
/// and another by name is taken for two groups, and a filter by name, or of unknown platform, is held against nothing but exclusions.
/// </summary>
public static class StatedContradictions
{
    /// <summary>The contradictions among the Assignments of one policy.</summary>
    /// <param name="policy">The policy; null where it is not known, and then platforms are not judged.</param>
    /// <param name="assignments">All Assignments that are known to refer to it.</param>
    public static IReadOnlyList<StatedContradiction> Find(SmimePolicySpec? policy, IReadOnlyList<Assignment> assignments)
    {
        var served = policy is null ? new HashSet<DevicePlatform>(Enum.GetValues<DevicePlatform>()) : FilterReach.Of(policy);
        var found = new List<StatedContradiction>();
        var before = new List<ResolvedAssignment>();
        var filtered = new List<ResolvedAssignment>();
        foreach (var assignment in assignments.OrderBy(a => a.Metadata.Name, StringComparer.Ordinal))
        {
            if (Try(() => Resolve(assignment, served), out var resolved) is { } invalid)
            {
                found.Add(new StatedContradiction(assignment, "spec.include", invalid));
                continue;
            }

            // Those that are in order among themselves come first, so what does not fit is the new one's.
            if (Try(() => AssignmentMerge.Merge([.. before, resolved!.Sure]), out _) is { } conflict)
            {
                found.Add(new StatedContradiction(assignment, "spec.include", conflict));
                continue;
            }

            before.Add(resolved!.Sure);
            filtered.AddRange(resolved.Filtered.Select(t => new ResolvedAssignment(assignment, [t], [])));
            if (filtered.Select(f => Excluded(f, before)).FirstOrDefault(c => c is not null) is { } excluded)
            {
                found.Add(new StatedContradiction(assignment, "spec.include", excluded));
            }
        }

        return found;
    }

    // An exclusion holds on every platform, so whatever the filter's is, they meet.
    private static string? Excluded(ResolvedAssignment filtered, List<ResolvedAssignment> all)
    {
        var exclusions = all.Select(a => a with { Targets = [.. a.Targets.Where(t => t.Target.Kind == TargetKind.ExclusionGroup)] });
        return Try(() => AssignmentMerge.Merge([.. exclusions, filtered]), out _);
    }

    private static Stated Resolve(Assignment assignment, IReadOnlySet<DevicePlatform> served)
    {
        var intent = assignment.Spec.App.Intent.ToString();
        var sure = new List<WantedTarget>();
        var filtered = new List<WantedTarget>();
        foreach (var include in assignment.Spec.Include)
        {
            var (kind, groupId, label) = include switch
            {
                { Group: { } group } => (TargetKind.Group, KeyOf(group), "group " + (group.DisplayName ?? group.Id)),
                { AllUsers: true } => (TargetKind.AllLicensedUsers, (string?)null, "all users"),
                _ => (TargetKind.AllDevices, (string?)null, "all devices"),
            };
            var (platforms, _) = FilterReach.Of(include, null, label, served);
            var type = include.Filter is null ? FilterType.None : include.Filter.Mode == FilterMode.Exclude ? FilterType.Exclude : FilterType.Include;
            var target = new WantedTarget(new AssignmentTarget(kind, groupId, KeyOf(include.Filter), type), intent, label)
            {
                Platforms = platforms,
                Settings = assignment.Spec.App.Settings,
            };
            (include.Filter is null || (include.Filter.Id is not null && platforms.Count == 1) ? sure : filtered).Add(target);
        }

        sure.AddRange((assignment.Spec.Exclude ?? []).Select(e =>
            new WantedTarget(new AssignmentTarget(TargetKind.ExclusionGroup, KeyOf(e.Group)), intent, "without group " + (e.Group.DisplayName ?? e.Group.Id)) { Platforms = served }));
        return new Stated(new ResolvedAssignment(assignment, sure, []), filtered);
    }

    private static string? Try<T>(Func<T> work, out T? result)
    {
        try
        {
            result = work();
            return null;
        }
        catch (VerdictException refusal)
        {
            result = default;
            return refusal.Message;
        }
    }

    // A name in its own letters: whether the directory tells two spellings apart is not ours to say.
    private static string KeyOf(GroupReference group) => group.Id?.ToLowerInvariant() ?? "name:" + group.DisplayName;

    private static string? KeyOf(FilterReference? filter) => filter is null ? null : filter.Id?.ToLowerInvariant() ?? "name:" + filter.DisplayName;

    private sealed record Stated(ResolvedAssignment Sure, IReadOnlyList<WantedTarget> Filtered);
}
