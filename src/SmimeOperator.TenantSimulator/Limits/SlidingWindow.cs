namespace SmimeOperator.TenantSimulator.Limits;

/// <summary>Counts what came in during the last so many seconds.</summary>
internal sealed class SlidingWindow(int limit, TimeSpan length, TimeProvider time)
{
    private readonly Queue<(long At, int Cost)> _stamps = new();
    private long _sum;

    /// <summary>How long until one more fits; zero when it fits now.</summary>
    public TimeSpan WaitFor(int cost)
    {
        var now = time.GetTimestamp();
        Forget(now);
        if (_sum + cost <= limit)
        {
            return TimeSpan.Zero;
        }

        var surplus = _sum + cost - limit;
        foreach (var (at, stampCost) in _stamps)
        {
            surplus -= stampCost;
            if (surplus <= 0)
            {
                return length - time.GetElapsedTime(at, now);
            }
        }

        return length;
    }

    public void Add(int cost)
    {
        _stamps.Enqueue((time.GetTimestamp(), cost));
        _sum += cost;
    }

    public void Clear()
    {
        _stamps.Clear();
        _sum = 0;
    }

    private void Forget(long now)
    {
        while (_stamps.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) >= length)
        {
            _sum -= _stamps.Dequeue().Cost;
        }
    }
}
