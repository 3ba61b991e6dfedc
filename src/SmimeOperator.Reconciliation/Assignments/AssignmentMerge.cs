using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Merges the Assignments of one policy into one set: the service knows one set for each object.</summary>
internal static class AssignmentMerge
{
    /// <summary>What all of them want together.</summary>
    /// <exception cref="VerdictException">Two of them contradict each other.</exception>
    public static IReadOnlyList<WantedTarget> Merge(IReadOnlyList<ResolvedAssignment> assignments) =>
        [.. Enum.GetValues<DevicePlatform>().SelectMany(p => Merge(assignments, p))];

    // No object is of two platforms, so one group may have another filter on each.
    private static IEnumerable<WantedTarget> Merge(IReadOnlyList<ResolvedAssignment> assignments, DevicePlatform platform)
    {
        IReadOnlySet<DevicePlatform> here = new HashSet<DevicePlatform> { platform };
        var merged = new Dictionary<(TargetKind, string?), (WantedTarget Target, string Owner)>();
        foreach (var assignment in assignments.OrderBy(a => a.Assignment.Metadata.Name, StringComparer.Ordinal))
        {
            var owner = assignment.Assignment.Metadata.Name;
            foreach (var wanted in assignment.Targets.Where(t => t.Platforms.Contains(platform)))
            {
                // To the service a group is included or excluded, once, with one filter and, for the app, with one intent.
                var opposite = wanted.Target.Kind switch
                {
                    TargetKind.Group => TargetKind.ExclusionGroup,
                    TargetKind.ExclusionGroup => TargetKind.Group,
                    _ => TargetKind.Other,
                };
                if (merged.TryGetValue((opposite, wanted.Target.GroupId), out var contrary))
                {
                    throw VerdictException.Stalled(Reasons.Conflict,
                        $"Assignment {contrary.Owner} says '{contrary.Target.Label}' and Assignment {owner} says '{wanted.Label}'; a group is either included or excluded");
                }

                if (!merged.TryAdd((wanted.Target.Kind, wanted.Target.GroupId), (wanted, owner))
                    && merged[(wanted.Target.Kind, wanted.Target.GroupId)] is var same
                    && (same.Target.Target != wanted.Target || same.Target.Intent != wanted.Intent || same.Target.Settings != wanted.Settings))
                {
                    throw VerdictException.Stalled(Reasons.Conflict,
                        $"Assignments {same.Owner} and {owner} name '{wanted.Label}' with different filters, app intents or app settings; the service keeps one of each");
                }
            }
        }

        return merged.Values.Select(m => m.Target with { Platforms = here });
    }
}
