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
