using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>The deletions and unassignments of one Tenant within its guard's window. Lock it while you use it.</summary>
internal sealed class RecentRemovals(IEnumerable<RemovalCount>? recorded)
{
    // Removals of one hundredth of the window count as one entry: the status stays small, and the window exact enough.
    private const int Slots = 100;

    private readonly List<(DateTimeOffset At, int Count)> _entries =
        [.. (recorded ?? []).Where(r => r.At is not null).Select(r => (new DateTimeOffset(r.At!.Value.ToUniversalTime()), r.Count)).OrderBy(e => e.Item1)];

    /// <summary>Serialises the writes of the record.</summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    /// <summary>Counts up with each removal.</summary>
    public long Version { get; private set; }

    /// <summary>The version that was written last.</summary>
    public long Written { get; set; }

    /// <summary>How many removals the window holds.</summary>
    public int Count(DateTimeOffset now, TimeSpan window)
    {
        _entries.RemoveAll(e => e.At <= now - window);
        return _entries.Sum(e => e.Count);
    }

    public void Add(int count, DateTimeOffset now, TimeSpan window)
    {
        var width = Math.Max(TimeSpan.TicksPerSecond, window.Ticks / Slots / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
        var at = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % width), TimeSpan.Zero);
        var before = _entries.Count > 0 && _entries[^1].At == at ? _entries[^1].Count : 0;
        if (before > 0)
        {
            _entries.RemoveAt(_entries.Count - 1);
        }

        _entries.Add((at, before + count));
        Version++;
    }

    public void Remove(int count)
    {
        while (count > 0 && _entries.Count > 0)
        {
            var (at, there) = _entries[^1];
            _entries.RemoveAt(_entries.Count - 1);
            if (there > count)
            {
                _entries.Add((at, there - count));
            }

            count -= there;
        }
    }

    public List<RemovalCount> ToStatus() => [.. _entries.Select(e => new RemovalCount { At = e.At.UtcDateTime, Count = e.Count })];
}
