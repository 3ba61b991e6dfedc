using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Objects;

/// <summary>The objects of one collection in the order of their making, with indexes for filters. Guarded by the tenant's lock.</summary>
internal sealed class ObjectCollection
{
    private readonly List<TenantObject> _ordered = [];
    private readonly Dictionary<string, TenantObject> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Dictionary<string, List<long>>> _indexes;

    public ObjectCollection(CollectionKind kind)
    {
        Kind = kind;
        _indexes = kind.Indexed.ToDictionary(
            p => p,
            _ => new Dictionary<string, List<long>>(StringComparer.OrdinalIgnoreCase),
            StringComparer.Ordinal);
    }

    public CollectionKind Kind { get; }

    public IReadOnlyList<TenantObject> Items => _ordered;

    public TenantObject? Find(string id) => _byId.GetValueOrDefault(id);

    public void Add(TenantObject item)
    {
        _byId.Add(item.Id, item);
        _ordered.Add(item);
        foreach (var (property, index) in _indexes)
        {
            Add(index, item, property);
        }
    }

    public void Replace(TenantObject item)
    {
        var before = _byId[item.Id];
        _byId[item.Id] = item;
        _ordered[PositionOf(item.Sequence)] = item;
        foreach (var (property, index) in _indexes)
        {
            if (!string.Equals(before.Text(property), item.Text(property), StringComparison.OrdinalIgnoreCase))
            {
                Remove(index, before, property);
                Add(index, item, property);
            }
        }
    }

    public bool Remove(string id)
    {
        if (!_byId.Remove(id, out var item))
        {
            return false;
        }

        _ordered.RemoveAt(PositionOf(item.Sequence));
        foreach (var (property, index) in _indexes)
        {
            Remove(index, item, property);
        }

        return true;
    }

    /// <summary>The first position whose object was made after the given one, which may be gone by now.</summary>
    public static int PositionAfter(IReadOnlyList<TenantObject> items, long sequence)
    {
        var low = 0;
        var high = items.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (items[middle].Sequence <= sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Objects whose property has one of the values, letter case aside; null when the property has no index.</summary>
    public List<TenantObject>? Candidates(string property, IEnumerable<string> values)
    {
        if (property == "id")
        {
            return [.. values.Select(Find).OfType<TenantObject>().Distinct().OrderBy(o => o.Sequence)];
        }

        return _indexes.TryGetValue(property, out var index)
            ? [.. values.SelectMany(v => index.GetValueOrDefault(v, [])).Distinct().Order().Select(s => _ordered[PositionOf(s)])]
            : null;
    }

    public bool Any(TypeKind type) => _ordered.Exists(o => o.Type.Is(type));

    private int PositionOf(long sequence) => PositionAfter(_ordered, sequence) - 1;

    // The entries of one value are sorted, so that a value which thousands share costs no walk.
    private static void Add(Dictionary<string, List<long>> index, TenantObject item, string property)
    {
        if (item.Text(property) is not { } value)
        {
            return;
        }

        if (!index.TryGetValue(value, out var entries))
        {
            index[value] = entries = [];
        }

        var position = entries.BinarySearch(item.Sequence);
        entries.Insert(~position, item.Sequence);
    }

    private static void Remove(Dictionary<string, List<long>> index, TenantObject item, string property)
    {
        if (item.Text(property) is not { } value)
        {
            return;
        }

        var entries = index[value];
        entries.RemoveAt(entries.BinarySearch(item.Sequence));
        if (entries.Count == 0)
        {
            index.Remove(value);
        }
    }
}
