namespace SmimeOperator.TenantSimulator.Objects;

/// <summary>Who is in a group. Call it under the tenant's lock.</summary>
internal static class GroupMembers
{
    private static readonly CollectionKind[] Kinds = [.. CollectionKind.All.Where(c => c.Name is "users" or "groups" or "devices")];

    /// <summary>The members of a group that still exist; with those of groups in it, each once, if they are wanted too.</summary>
    public static List<(CollectionKind Kind, TenantObject Item)> Of(TenantStore store, TenantObject group, bool transitive)
    {
        var found = new List<(CollectionKind, TenantObject)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { group.Id };
        var open = new Queue<TenantObject>([group]);
        while (open.TryDequeue(out var next))
        {
            foreach (var id in next.Members)
            {
                if (Find(store, id) is not var (kind, item) || !store.IsVisible(item) || !seen.Add(item.Id))
                {
                    continue;
                }

                found.Add((kind, item));
                if (transitive && kind.Name == "groups")
                {
                    open.Enqueue(item);
                }
            }
        }

        return found;
    }

    /// <summary>What can be a member: by object id, a user also by the principal name.</summary>
    public static (CollectionKind Kind, TenantObject Item)? FindMember(TenantStore store, string name) => Find(store, name)
        ?? (store["users"].Candidates("userPrincipalName", [name])!.FirstOrDefault() is { } user ? (CollectionKind.Find("users")!, user) : null);

    private static (CollectionKind Kind, TenantObject Item)? Find(TenantStore store, string id)
    {
        foreach (var kind in Kinds)
        {
            if (store[kind].Find(id) is { } item)
            {
                return (kind, item);
            }
        }

        return null;
    }
}
