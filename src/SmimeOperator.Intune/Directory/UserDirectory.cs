using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Finds users by principal name: a few by a filter with many names, many by reading the directory once. Finds those whose name changed by id.</summary>
internal sealed class UserDirectory(GraphPager pager, GraphBatch batch, GraphRequests requests, SnapshotStore store, IntuneOptions options)
{
    private const string Fields = "id,userPrincipalName,mail,proxyAddresses,accountEnabled,userType";
    private const string Attempt = "Looking up users";
    private static readonly Task<Listed> Nobody = Task.FromResult(new Listed(new Dictionary<string, DirectoryUser>(), false));
    private readonly Lock _lock = new();
    private int _askedByName;
    private bool _foreseen;
    private Task<Listed>? _listing;

    /// <summary>The users that exist, by principal name.</summary>
    public async Task<IReadOnlyDictionary<string, DirectoryUser>> FindAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var (listing, began) = Listing(names.Count, cancellationToken);
        var (listed, whole) = await listing;
        // Who began it takes all of it along, to be remembered; the others only whom they asked for.
        var found = new Dictionary<string, DirectoryUser>(
            began ? listed : names.Where(listed.ContainsKey).Select(n => KeyValuePair.Create(n, listed[n])), StringComparer.OrdinalIgnoreCase);
        await FilterAsync("userPrincipalName", whole ? [] : names.Where(n => !found.ContainsKey(n)), page => Keep(page, found), cancellationToken);
        return found;
    }

    /// <summary>The users that exist, by object id.</summary>
    public async Task<IReadOnlyDictionary<string, DirectoryUser>> FindByIdAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DirectoryUser>(StringComparer.OrdinalIgnoreCase);
        await FilterAsync("id", ids, page => Keep(page, found), cancellationToken);
        return found.Values.ToDictionary(u => u.Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads pages at addresses: one by itself, several in a batch.</summary>
    internal static async Task<IReadOnlyList<JsonElement>> ReadPagesAsync(
        GraphPager pager, GraphBatch batch, GraphRequests requests, string operation, string attempt, List<string> addresses, CancellationToken cancellationToken)
    {
        var pages = new List<JsonElement>();
        var links = addresses.Count == 1 ? [requests.V1 + addresses[0]] : new List<string>();
        if (addresses.Count > 1)
        {
            pages.AddRange(await batch.ReadAsync(operation, attempt, requests.V1, addresses, cancellationToken));
            if (!pages.TrueForAll(GraphJson.IsPage))
            {
                throw Fault.Malformed(GraphCall.Read(operation, attempt), "a part of the batch is no list.");
            }

            links.AddRange(pages.Select(GraphJson.NextLink).OfType<string>());
        }

        foreach (var link in links)
        {
            await pager.ReadAsync(operation, attempt, link, async (body, token) =>
            {
                var page = await GraphJson.ReadAsync(body, token);
                _ = GraphJson.Items(page);
                pages.Add(page);
                return GraphJson.NextLink(page);
            }, null, cancellationToken);
        }

        return pages;
    }

    private static void Keep(JsonElement page, Dictionary<string, DirectoryUser> found)
    {
        foreach (var item in GraphJson.Items(page))
        {
            if (GraphJson.Text(item, "userPrincipalName") is { Length: > 0 } name)
            {
                found[name] = new DirectoryUser(GraphJson.IdOf(item), name, Shared(GraphJson.Text(item, "mail"), name), Addresses(item), Enabled(item), IsGuest(item));
            }
        }
    }

    // Principal name and mail are mostly the same text; a whole directory is held for a while.
    private static string? Shared(string? text, string known) => text == known ? known : text;

    private static string[] Addresses(JsonElement item) =>
        item.TryGetProperty("proxyAddresses", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)]
            : [];

    private static bool? Enabled(JsonElement item) =>
        item.TryGetProperty("accountEnabled", out var enabled) && enabled.ValueKind is JsonValueKind.True or JsonValueKind.False ? enabled.GetBoolean() : null;

    private static bool IsGuest(JsonElement item) => string.Equals(GraphJson.Text(item, "userType"), "Guest", StringComparison.OrdinalIgnoreCase);

    private async Task FilterAsync(string field, IEnumerable<string> values, Action<JsonElement> keep, CancellationToken cancellationToken)
    {
        var addresses = values.Chunk(OData.MostInList)
            .Select(some => OData.Query("/users", ("filter", OData.In(field, some)), ("select", Fields)))
            .ToList();
        foreach (var page in await ReadAsync(addresses, cancellationToken))
        {
            keep(page);
        }
    }

    // Few at a time can be many in the end: workers that reconcile one user each add up. Who asks while the list is read waits for it.
    private (Task<Listed> Listing, bool Began) Listing(int asked, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_listing is not null)
            {
                return (_listing, false);
            }

            _askedByName += asked + Followers(asked);
            if (_askedByName <= options.DirectoryListFrom)
            {
                return (Nobody, false);
            }

            _askedByName = 0;
            return (_listing = ListAsync(cancellationToken), true);
        }
    }

    // After a start all who have certificates in the tenant are asked for: the first few are followed by the others. One alone may be all that is wanted.
    private int Followers(int asked)
    {
        if (_foreseen || asked + _askedByName <= 1 || store.Current is not { } current)
        {
            return 0;
        }

        _foreseen = true;
        return current.CertificatesByUser.Count;
    }

    private async Task<Listed> ListAsync(CancellationToken cancellationToken)
    {
        // Begun under the lock, and must leave it before anything else.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await ReadListAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                // A directory is megabytes: nobody holds it longer than it is waited for.
                _listing = null;
            }
        }
    }

    private async Task<Listed> ReadListAsync(CancellationToken cancellationToken)
    {
        var users = new Dictionary<string, DirectoryUser>(StringComparer.OrdinalIgnoreCase);
        var whole = await pager.ReadAsync(
            "list-users",
            "Reading the users of the directory",
            requests.V1 + OData.Query("/users", ("select", Fields), ("top", "999")),
            async (body, token) =>
            {
                var page = await GraphJson.ReadAsync(body, token);
                Keep(page, users);
                return GraphJson.NextLink(page);
            },
            () => users.Count < options.DirectoryListMaximum,
            cancellationToken);
        return new Listed(users, whole);
    }

    private async Task<IReadOnlyList<JsonElement>> ReadAsync(List<string> addresses, CancellationToken cancellationToken) =>
        addresses.Count == 0 ? [] : await ReadPagesAsync(pager, batch, requests, "find-users", Attempt, addresses, cancellationToken);

    private sealed record Listed(IReadOnlyDictionary<string, DirectoryUser> Users, bool Whole);
}
