namespace SmimeOperator.Runtime.Events;

/// <summary>How much may be said about one object: a burst, then little. Pure arithmetic of a token bucket per object.</summary>
internal sealed class EventBudget(int burst, TimeSpan refill, TimeProvider time, int maxObjects = 4096)
{
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = new(StringComparer.Ordinal);

    public bool TrySpend(string uid)
    {
        var now = time.GetTimestamp();
        var (tokens, at) = _buckets.TryGetValue(uid, out var known) ? known : (burst, now);
        tokens = Math.Min(burst, tokens + (time.GetElapsedTime(at, now) / refill));
        var allowed = tokens >= 1;
        if (_buckets.Count >= maxObjects && !_buckets.ContainsKey(uid))
        {
            // Starting anew lets some objects speak too much once; keeping all would never forget an object.
            _buckets.Clear();
        }

        _buckets[uid] = (allowed ? tokens - 1 : tokens, now);
        return allowed;
    }
}
