using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Whom encryption profiles are assigned to, group by group. Pure.</summary>
internal static class IntendedRules
{
    private const int MostNamed = 3;

    public static IntendedUsers Of(IReadOnlyList<DeliveryRoute> routes, IReadOnlyDictionary<string, GroupMembers> groups, TargetWords words)
    {
        var users = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var notes = new List<(string Reason, string What)>();
        foreach (var route in routes)
        {
            var (excluded, included) = (route.Targets.Where(t => t.Kind == TargetKind.ExclusionGroup).ToList(), route.Targets.Where(t => t.Kind != TargetKind.ExclusionGroup).ToList());
            var without = excluded.Where(t => Ids(t) is null).ToList();
            var spared = excluded.SelectMany(t => Ids(t) ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
            notes.AddRange(without.Select(t => (Why(t), $"excluded {words.Who(t)}")));
            foreach (var target in included)
            {
                if (target.Kind != TargetKind.Group)
                {
                    notes.Add((target.Kind == TargetKind.AllDevices ? "it means devices, and whose they are is not read" : "it is of a kind that is not understood", words.Who(target)));
                }
                else if (Ids(target) is not { } ids)
                {
                    notes.Add((Why(target), words.Who(target)));
                }
                else if (without.Count == 0)
                {
                    // Who may be excluded is not said to be meant.
                    ids.Where(id => !spared.Contains(id)).ToList().ForEach(id => users[ImportedCertificate.UserKeyOf(id)] = null);
                }

                if (target.Kind == TargetKind.Group && Find(target).Devices.Count > 0)
                {
                    notes.Add(("there are devices among its members, and whose they are is not read", words.Who(target)));
                }
            }
        }

        return new IntendedUsers
        {
            Users = users,
            IsComplete = notes.Count == 0,
            Notes = [.. notes.Distinct().GroupBy(n => n.Reason, n => n.What, StringComparer.Ordinal).Select(g => $"Who is meant by {Named([.. g])} is not known in full, and nothing is concluded from it: {g.Key}.")],
        };

        GroupMembers Find(AssignmentTarget target) => groups.GetValueOrDefault(target.GroupId ?? "", GroupMembers.Nobody);

        IReadOnlyCollection<string>? Ids(AssignmentTarget target) => Find(target) is { Fault: null } group ? group.Users.Ids : null;

        string Why(AssignmentTarget target) => Find(target) is { Fault: { } fault } ? fault.TrimEnd('.') : $"its {Numbers.Of(Find(target).Users.Count, "user")} are too many to be told one by one";
    }

    private static string Named(List<string> names) => names.Count > MostNamed + 1
        ? $"{string.Join(", ", names.Take(MostNamed))} and {Numbers.Of(names.Count - MostNamed)} more"
        : string.Join(" and ", names);
}
