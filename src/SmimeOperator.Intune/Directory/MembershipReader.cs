using System.Text.Json;
using Microsoft.Graph.Users.Item.CheckMemberGroups;
using Microsoft.Kiota.Abstractions;

namespace SmimeOperator.Intune;

/// <summary>
/// Asks whether one user is in groups, members of groups in them included: twenty groups a request, however large they are. Where the user is not, devices may be
/// what such a group is for, so those are counted.
/// </summary>
internal sealed class MembershipReader(GraphSender sender, GraphRequests requests, MemberDirectory members)
{
    private const string Attempt = "Asking which groups a user is in";
    private const int MostGroups = 20;

    /// <summary>Whether the user is in the groups, by group.</summary>
    /// <param name="userId">The user's object id.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="permissions">What the token carries; null where that is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, Membership>> ReadAsync(
        string userId, IReadOnlyCollection<DirectoryGroup> groups, IReadOnlySet<string>? permissions, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Membership>(StringComparer.OrdinalIgnoreCase);
        var open = new List<DirectoryGroup>();
        foreach (var group in groups)
        {
            // The service leaves a group out of its answer that the caller may not look into: as if the user were not in it.
            if (MemberDirectory.Hidden(group, permissions) is { } hidden)
            {
                found[group.Id] = Membership.Unknown(hidden);
            }
            else
            {
                open.Add(group);
            }
        }

        var answers = await Task.WhenAll(open.Chunk(MostGroups).Select(some => AskAsync(userId, some, cancellationToken)));
        var others = new List<DirectoryGroup>();
        foreach (var (some, mine, fault) in answers)
        {
            foreach (var group in some)
            {
                if (fault is not null)
                {
                    found[group.Id] = Membership.Unknown(fault);
                }
                else if (mine.Contains(group.Id))
                {
                    found[group.Id] = Membership.Member;
                }
                else
                {
                    others.Add(group);
                }
            }
        }

        foreach (var (id, (devices, fault)) in await members.CountDevicesAsync(others, cancellationToken))
        {
            found[id] = new Membership(false, devices, fault);
        }

        return found;
    }

    private async Task<(DirectoryGroup[] Groups, HashSet<string> Mine, string? Fault)> AskAsync(string userId, DirectoryGroup[] groups, CancellationToken cancellationToken)
    {
        // A POST that changes nothing: it counts, and may be repeated, like any read.
        var body = GraphBody.Serialize(new CheckMemberGroupsPostRequestBody { GroupIds = [.. groups.Select(g => g.Id)] });
        var address = $"{requests.V1}/users/{Uri.EscapeDataString(userId)}/checkMemberGroups";
        try
        {
            var mine = await sender.SendAsync(
                GraphCall.Read("check-member-groups", Attempt), () => GraphRequests.WithBody(Method.POST, address, body), ReadAsync, cancellationToken);
            return (groups, mine, null);
        }
        catch (TenantException fault)
        {
            return (groups, [], fault.Message);
        }
    }

    private static async ValueTask<HashSet<string>> ReadAsync(Stream body, CancellationToken cancellationToken) =>
        GraphJson.Items(await GraphJson.ReadAsync(body, cancellationToken))
            .Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : throw new JsonException("The answer is no list of ids."))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
