using System.Text.Json;
using Microsoft.Graph;
using Microsoft.Graph.DirectoryObjects.GetByIds;

namespace SmimeOperator.Intune;

/// <summary>Finds groups by name and by id, many at once.</summary>
internal sealed class GroupDirectory(
    GraphSender sender, GraphPager pager, GraphBatch batch, GraphRequests requests, GraphServiceClient client, SnapshotStore store)
{
    private const string Attempt = "Looking up groups";
    private const int MostIds = 1000;

    /// <summary>The groups of each name that exists.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<DirectoryGroup>>> FindByNameAsync(
        IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var addresses = names.Chunk(OData.MostInList)
            .Select(some => OData.Query("/groups", ("filter", OData.In("displayName", some)), ("select", "id,displayName,visibility")))
            .ToList();
        var pages = await UserDirectory.ReadPagesAsync(pager, batch, requests, "find-groups", Attempt, addresses, cancellationToken);
        return pages.SelectMany(GraphJson.Items).Select(Group)
            .DistinctBy(g => g.Id, StringComparer.Ordinal)
            .GroupBy(g => g.DisplayName, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<DirectoryGroup>)[.. g], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The groups of the ids that exist.</summary>
    public async Task<IReadOnlyDictionary<string, DirectoryGroup>> FindByIdAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DirectoryGroup>(StringComparer.OrdinalIgnoreCase);
        foreach (var some in ids.Union(Assigned(), StringComparer.OrdinalIgnoreCase).Take(Math.Max(ids.Count, MostIds)).Chunk(MostIds))
        {
            // A POST that changes nothing: it counts, and may be repeated, like any read.
            var call = GraphCall.Read("get-groups", Attempt);
            var body = GraphBody.Serialize(new GetByIdsPostRequestBody { Ids = [.. some], Types = ["group"] });
            var page = await sender.SendAsync(
                call,
                () =>
                {
                    var request = client.DirectoryObjects.GetByIds.ToPostRequestInformation(new GetByIdsPostRequestBody());
                    request.SetStreamContent(new MemoryStream(body, writable: false), "application/json");
                    return request;
                },
                ReadPageAsync,
                cancellationToken);
            foreach (var group in page.Select(Group))
            {
                found[group.Id] = group;
            }
        }

        return found;
    }

    // A request has room for a thousand ids: whoever asks for one group after a start is followed by those who ask for the others.
    private IEnumerable<string> Assigned() => store.Current is not { } current
        ? []
        : current.Objects.Values.SelectMany(c => c.Values).SelectMany(o => o.Assignments).Select(a => a.Target.GroupId).OfType<string>();

    private static async ValueTask<List<JsonElement>> ReadPageAsync(Stream body, CancellationToken cancellationToken) =>
        [.. GraphJson.Items(await GraphJson.ReadAsync(body, cancellationToken))];

    private static DirectoryGroup Group(JsonElement item) =>
        new(GraphJson.IdOf(item).ToLowerInvariant(), GraphJson.Text(item, "displayName") ?? "", GraphJson.Text(item, "visibility") == "HiddenMembership");
}
