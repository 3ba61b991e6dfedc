using System.Runtime.InteropServices;

namespace SmimeOperator.Runtime.Queue;

/// <summary>Which key is due when: one time per key, the earliest that was asked for. Pure: the time is the caller's.</summary>
internal sealed class DueTimes
{
    private readonly Dictionary<NamespacedName, Entry> _entries = [];

    // May hold times that an earlier one has outdated; they are recognised when they come up.
    private readonly PriorityQueue<(NamespacedName Key, long Due), long> _heap = new();

    public int Count => _entries.Count;

    public long? Earliest => _heap.TryPeek(out _, out var due) ? due : null;

    /// <summary>Of several times for one key the earliest wins, of several priorities the better one.</summary>
    public void Add(NamespacedName key, long due, QueuePriority priority)
    {
        if (_entries.TryGetValue(key, out var known))
        {
            priority = known.Priority < priority ? known.Priority : priority;
            if (known.Due <= due)
            {
                _entries[key] = known with { Priority = priority };
                return;
            }
        }

        _entries[key] = new Entry(due, priority);
        _heap.Enqueue((key, due), due);
        Compact();
    }

    /// <summary>Takes one key whose time has come.</summary>
    public bool TryTakeDue(long now, out NamespacedName key, out QueuePriority priority)
    {
        while (_heap.TryPeek(out var entry, out var due) && due <= now)
        {
            _heap.Dequeue();
            if (_entries.TryGetValue(entry.Key, out var known) && known.Due == entry.Due)
            {
                _entries.Remove(entry.Key);
                (key, priority) = (entry.Key, known.Priority);
                return true;
            }
        }

        (key, priority) = (default, default);
        return false;
    }

    /// <summary>Drops outdated times once they outnumber the valid ones, so that rescheduling cannot grow the heap for ever.</summary>
    private void Compact()
    {
        if (_heap.Count < 64 || _heap.Count < 2 * _entries.Count)
        {
            return;
        }

        _heap.Clear();
        foreach (var (key, entry) in _entries)
        {
            _heap.Enqueue((key, entry.Due), entry.Due);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(long Due, QueuePriority Priority);
}
