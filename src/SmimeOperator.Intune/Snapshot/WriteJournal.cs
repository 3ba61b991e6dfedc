namespace SmimeOperator.Intune;

/// <summary>
/// Our own writes, laid over lists that do not show them yet: because the list was begun before the write, or because the service
/// lags behind itself for a while. Pure; times are ticks of one clock.
/// </summary>
/// <param name="grace">How long a list may lag behind a write.</param>
/// <param name="same">Whether two versions of an object say the same.</param>
internal sealed class WriteJournal<T>(TimeSpan grace, Func<T, T, bool> same)
    where T : class
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many writes are remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>What was made or changed and no list has shown like that yet.</summary>
    public IEnumerable<string> Unseen => _entries.Where(e => e.Value is { Value: not null, IsSeen: false }).Select(e => e.Key);

    /// <summary>An object was made or changed.</summary>
    public void Put(string id, T value, T? before, TimeSpan at)
    {
        var known = _entries.GetValueOrDefault(id);
        List<T> earlier = known?.Earlier ?? [];
        if (before is not null)
        {
            earlier.Add(before);
        }

        _entries[id] = new Entry(value, earlier, before is null || known is { MayBeMissing: true } or { Value: null }, at);
    }

    /// <summary>An object was deleted.</summary>
    public void Remove(string id, TimeSpan at) => _entries[id] = new Entry(null, _entries.GetValueOrDefault(id)?.Earlier ?? [], true, at);

    /// <summary>Lays the writes over a list that was begun at a time, and forgets those that the list is to be believed about.</summary>
    public void Overlay(Dictionary<string, T> list, TimeSpan begun)
    {
        foreach (var (id, entry) in _entries.ToArray())
        {
            if (begun > entry.At + grace)
            {
                _entries.Remove(id);
                continue;
            }

            var shown = list.GetValueOrDefault(id);
            if (entry.Value is null)
            {
                list.Remove(id);
            }
            else if (begun <= entry.At || (shown is null ? entry.MayBeMissing : entry.Earlier.Exists(e => same(e, shown))))
            {
                list[id] = entry.Value;
            }
            else
            {
                entry.IsSeen = true;
            }
        }
    }

    private sealed record Entry(T? Value, List<T> Earlier, bool MayBeMissing, TimeSpan At)
    {
        /// <summary>Whether a list has shown the write since, or a later one of somebody else.</summary>
        public bool IsSeen { get; set; }
    }
}
