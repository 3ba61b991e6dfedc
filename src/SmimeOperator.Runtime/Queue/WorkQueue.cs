using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SmimeOperator.Runtime.Queue;

/// <summary>What a worker takes from the queue.</summary>
/// <param name="Key">The key.</param>
/// <param name="Priority">Whom the pass serves.</param>
/// <param name="Failures">How many passes in a row failed before.</param>
/// <param name="Waited">How long it waited for a worker since it was due.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WorkItem(NamespacedName Key, QueuePriority Priority, int Failures, TimeSpan Waited = default);

/// <summary>
/// A queue of keys. A key is worked on by one worker at a time; a key that is added meanwhile is run once more afterwards;
/// a key never gets lost, and waiting for a time takes no worker.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue.")]
internal sealed class WorkQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly Func<double> _random;
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _available = new(0);
    private readonly Queue<NamespacedName> _immediate = new();
    private readonly Queue<NamespacedName> _background = new();
    private readonly Dictionary<NamespacedName, QueuePriority> _dirty = [];
    private readonly Dictionary<NamespacedName, long> _dueSince = [];
    private readonly HashSet<NamespacedName> _processing = [];
    private readonly Dictionary<NamespacedName, int> _failures = [];
    private readonly DueTimes _scheduled = new();
    private readonly long _origin;
    private int _ready;
    private bool _disposed;

    public WorkQueue(TimeProvider time, Backoff backoff, Func<double> random)
    {
        _time = time;
        _backoff = backoff;
        _random = random;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((WorkQueue)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many keys wait for a worker.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_gate)
            {
                return _ready;
            }
        }
    }

    /// <summary>How many keys wait for their time.</summary>
    public int ScheduledCount
    {
        get
        {
            lock (_gate)
            {
                return _scheduled.Count;
            }
        }
    }

    /// <summary>Adds a key now. Returns false when it was waiting already with the same or a better priority.</summary>
    public bool Add(NamespacedName key, QueuePriority priority)
    {
        lock (_gate)
        {
            return AddLocked(key, priority);
        }
    }

    /// <summary>Adds a key later. Of several times for one key the earliest wins, of several priorities the better one.</summary>
    public void AddAfter(NamespacedName key, TimeSpan delay, QueuePriority priority)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key, priority);
                return;
            }

            _scheduled.Add(key, NowLocked() + delay.Ticks, priority);
            ArmLocked();
        }
    }

    /// <summary>Waits for a key and marks it as in work; the caller must call <see cref="Done"/>.</summary>
    public async ValueTask<WorkItem> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _available.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                if (TryTakeLocked(out var item))
                {
                    return item;
                }
            }
        }
    }

    /// <summary>The worker is finished with the key, whatever came of it.</summary>
    public void Done(NamespacedName key)
    {
        lock (_gate)
        {
            _processing.Remove(key);
            if (_dirty.TryGetValue(key, out var priority))
            {
                PushLocked(key, priority);
            }
        }
    }

    /// <summary>Schedules another try with a growing delay, and returns the delay.</summary>
    public TimeSpan Retry(NamespacedName key, QueuePriority priority)
    {
        int failures;
        lock (_gate)
        {
            failures = _failures.GetValueOrDefault(key) + 1;
            _failures[key] = failures;
        }

        var delay = _backoff.Delay(failures, _random());
        AddAfter(key, delay, priority);
        return delay;
    }

    /// <summary>Forgets the failures of a key.</summary>
    public void Forget(NamespacedName key)
    {
        lock (_gate)
        {
            _failures.Remove(key);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _available.Dispose();
    }

    private bool AddLocked(NamespacedName key, QueuePriority priority)
    {
        if (_disposed)
        {
            return false;
        }

        if (_dirty.TryGetValue(key, out var known))
        {
            if (known <= priority)
            {
                return false;
            }

            _dirty[key] = priority;
            if (!_processing.Contains(key))
            {
                // Its place in the background line stays behind; it is recognised as outdated when it comes up.
                _immediate.Enqueue(key);
                _available.Release();
            }

            return true;
        }

        _dirty[key] = priority;
        if (!_processing.Contains(key))
        {
            PushLocked(key, priority);
        }

        return true;
    }

    private void PushLocked(NamespacedName key, QueuePriority priority)
    {
        (priority == QueuePriority.Immediate ? _immediate : _background).Enqueue(key);
        _dueSince[key] = _time.GetTimestamp();
        _ready++;
        _available.Release();
    }

    private bool TryTakeLocked(out WorkItem item)
    {
        while (_immediate.TryDequeue(out var key))
        {
            if (StartLocked(key, QueuePriority.Immediate, out item))
            {
                return true;
            }
        }

        while (_background.TryDequeue(out var key))
        {
            if (StartLocked(key, QueuePriority.Background, out item))
            {
                return true;
            }
        }

        item = default;
        return false;
    }

    private bool StartLocked(NamespacedName key, QueuePriority line, out WorkItem item)
    {
        item = default;
        if (!_dirty.TryGetValue(key, out var priority) || priority != line || _processing.Contains(key))
        {
            return false;
        }

        _dirty.Remove(key);
        _processing.Add(key);
        _ready--;
        _dueSince.Remove(key, out var since);
        item = new WorkItem(key, priority, _failures.GetValueOrDefault(key), _time.GetElapsedTime(since));
        return true;
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            var now = NowLocked();
            while (_scheduled.TryTakeDue(now, out var key, out var priority))
            {
                AddLocked(key, priority);
            }

            ArmLocked();
        }
    }

    private void ArmLocked()
    {
        if (_scheduled.Earliest is not { } due)
        {
            return;
        }

        // Rounded up to a millisecond: timers count whole ones, and a timer that fires early would only be armed again.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (due - NowLocked()) / (double)TimeSpan.TicksPerMillisecond)));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private long NowLocked() => _time.GetElapsedTime(_origin).Ticks;
}
