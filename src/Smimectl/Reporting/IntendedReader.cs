using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Reads who is in the groups of encryption profiles, all groups at once. What cannot be read is said, and fails nothing.</summary>
internal static class IntendedReader
{
    public static async Task<IntendedUsers> ReadAsync(TenantView view, IReadOnlyList<DeliveryRoute> routes, TargetWords words, CancellationToken cancellationToken)
    {
        if (view.Snapshot.Faults.ContainsKey(SnapshotPart.DeviceConfigurations))
        {
            return IntendedUsers.Unknown("Who is meant to have certificates is not known: the profiles could not be read.");
        }

        var encryption = routes.Where(r => r.Purpose == HistoryPurposes.Encryption && r.Reach != DeliveryReach.Nobody).ToList();
        if (encryption.Exists(r => r.Targets.Any(t => t.Kind == TargetKind.AllLicensedUsers)))
        {
            return await CountAsync(view, encryption, cancellationToken);
        }

        var ids = encryption.SelectMany(r => r.Targets).Select(t => t.GroupId).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var groups = ids.Count == 0 ? new Dictionary<string, GroupMembers>() : await view.Tenant.Connection.FindMembersAsync(ids, cancellationToken);
        return await NameAsync(IntendedRules.Of(encryption, groups, words), view, cancellationToken);
    }

    private static async Task<IntendedUsers> CountAsync(TenantView view, List<DeliveryRoute> encryption, CancellationToken cancellationToken)
    {
        var isForAll = encryption.Exists(r => r.Except.Count == 0 && r.Targets.Any(t => t.Kind == TargetKind.AllLicensedUsers));
        List<string> notes = isForAll ? [] : ["Some groups are excluded from the profile that goes to all users; their members are counted here."];
        try
        {
            var number = await view.Tenant.Connection.CountUsersAsync(cancellationToken);
            return new IntendedUsers { IsEverybody = true, IsComplete = isForAll, Number = number, Notes = notes };
        }
        catch (TenantException fault)
        {
            return new IntendedUsers { IsEverybody = true, IsComplete = isForAll, Notes = [.. notes, $"How many users there are is not known: {fault.Message}"] };
        }
    }

    // Who has a certificate is named by it already.
    private static async Task<IntendedUsers> NameAsync(IntendedUsers intended, TenantView view, CancellationToken cancellationToken)
    {
        var unnamed = intended.Users.Keys.Where(k => !view.Snapshot.CertificatesByUser.ContainsKey(k)).Select(HistoryUser.IdOf).ToList();
        if (unnamed.Count == 0 || view.Snapshot.Faults.ContainsKey(SnapshotPart.ImportedCertificates))
        {
            return intended;
        }

        try
        {
            var found = await view.Tenant.Connection.FindUsersByIdAsync(unnamed, cancellationToken);
            var names = intended.Users.ToDictionary(StringComparer.OrdinalIgnoreCase);
            foreach (var user in found.Values)
            {
                names[ImportedCertificate.UserKeyOf(user.Id)] = user.UserPrincipalName;
            }

            return intended with { Users = names };
        }
        catch (TenantException fault)
        {
            return intended with { IsComplete = false, Notes = [.. intended.Notes, $"Names of users without certificates could not be read, so they are told by object id: {fault.Message}"] };
        }
    }
}

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
