namespace Smimectl;

/// <summary>
/// Since when a resource is missing from the folders. An editor may empty a file before it writes it: what is missing counts as removed when a later look
/// misses it too.
/// </summary>
internal sealed class Absences(TimeProvider time, TimeSpan removalDelay)
{
    private readonly Dictionary<ResourceKey, DateTimeOffset> _missing = [];

    /// <summary>Whether something is missing and the look that confirms it is still to come.</summary>
    public bool ArePending => _missing.Count > 0;

    /// <summary>It is there.</summary>
    public void Seen(ResourceKey key) => _missing.Remove(key);

    /// <summary>Something could not be read, so nobody knows what is missing.</summary>
    public void Forget() => _missing.Clear();

    /// <summary>Those of the absent that have been missing long enough.</summary>
    public IReadOnlyList<ResourceKey> Confirm(IReadOnlyCollection<ResourceKey> absent)
    {
        var now = time.GetUtcNow();
        foreach (var key in absent)
        {
            _missing.TryAdd(key, now);
        }

        var gone = absent.Where(k => now - _missing[k] >= removalDelay).ToList();
        gone.ForEach(k => _missing.Remove(k));
        return gone;
    }
}
