using SmimeOperator.Runtime.Queue;

namespace SmimeOperator.Runtime.Watching;

/// <summary>How lists and watches are made.</summary>
internal sealed record WatchSettings
{
    /// <summary>How many objects one page of a list holds.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>The server is asked to end a watch after a random time from here on...</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>...up to here, so that not all watches of a cluster end together.</summary>
    public TimeSpan LongestWatch { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A watch that says nothing for so long is dead: servers send a bookmark about every minute.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The delays before another try.</summary>
    public Backoff Reconnect { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
}

/// <summary>The part of the cluster that one reader looks at: everything of a kind, a namespace, or one object by name.</summary>
internal sealed record WatchScope(string CollectionPath, string? Namespace, string? Name = null)
{
    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    public bool Owns(NamespacedName key) => (Namespace is null || key.Namespace == Namespace) && (Name is null || key.Name == Name);

    public string Query(string parameters)
    {
        var field = Name is null ? FieldSelector : $"metadata.name={Name}" + (FieldSelector is null ? "" : $",{FieldSelector}");
        var query = $"{CollectionPath}?{parameters}";
        query += LabelSelector is null ? "" : $"&labelSelector={Uri.EscapeDataString(LabelSelector)}";
        query += field is null ? "" : $"&fieldSelector={Uri.EscapeDataString(field)}";
        return query;
    }

    public override string ToString() => Name is null ? CollectionPath : $"{CollectionPath}/{Name}";
}
