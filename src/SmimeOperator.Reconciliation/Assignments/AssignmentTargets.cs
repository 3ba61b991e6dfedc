using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>What Assignments remember of whom they brought.</summary>
public static class AssignmentTargets
{
    /// <summary>Whether another status remembers other targets.</summary>
    public static bool Differ(AssignmentStatus? before, AssignmentStatus? after) => !Of(before).ToHashSet().SetEquals(Of(after));

    /// <summary>Whether two of them remember a target in common.</summary>
    public static bool Overlap(AssignmentStatus? one, AssignmentStatus? other) => Of(one).Select(t => t.Id).Intersect(Of(other).Select(t => t.Id)).Any();

    private static IEnumerable<(string Kind, string Id, string? AppIntent)> Of(AssignmentStatus? status) =>
        (status?.Targets ?? []).Select(t => (t.Kind, t.Id, t.AppIntent));
}
