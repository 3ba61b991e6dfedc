namespace Smimectl;

/// <summary>
/// Keys that wait for work. A key is worked on by one worker at a time; one that is added meanwhile comes round again. One timer a key
/// brings it back later.
/// </summary>
internal sealed class WorkQueue(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<ResourceKey> _ready = new();
    private readonly HashSet<ResourceKey> _waiting = [];
    private readonly HashSet<ResourceKey> _working = [];
    private readonly Dictionary<ResourceKey, ITimer> _timers = [];
    private readonly SemaphoreSlim _signal = new(0);
    private bool _isClosed;

    /// <summary>Whether nothing is waiting and nothing is being worked on; timers do not count.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0 && _working.Count == 0;
            }
        }
    }

    public void Add(ResourceKey key)
    {
        lock (_gate)
        {
            if (_waiting.Add(key) && !_working.Contains(key))
            {
                _ready.Enqueue(key);
                _signal.Release();
            }
        }
    }

    /// <summary>Adds the key later; a later call takes the place of an earlier one.</summary>
    public void AddAfter(ResourceKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            if (_timers.Remove(key, out var before))
            {
                before.Dispose();
            }

            _timers[key] = time.CreateTimer(_ => Add(key), null, delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The next key; <see cref="Done"/> must follow. Null when the queue was closed.</summary>
    public async Task<ResourceKey?> TakeAsync()
    {
        await _signal.WaitAsync();
        lock (_gate)
        {
            if (_isClosed)
            {
                // Passed on to the next one who waits.
                _signal.Release();
                return null;
            }

            var key = _ready.Dequeue();
            _waiting.Remove(key);
            _working.Add(key);
            if (_timers.Remove(key, out var timer))
            {
                timer.Dispose();
            }

            return key;
        }
    }

    /// <summary>Nothing is handed out any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _signal.Release();
        }
    }

    public void Done(ResourceKey key)
    {
        lock (_gate)
        {
            _working.Remove(key);
            if (_waiting.Contains(key))
            {
                _ready.Enqueue(key);
                _signal.Release();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }

        _signal.Dispose();
    }
}
