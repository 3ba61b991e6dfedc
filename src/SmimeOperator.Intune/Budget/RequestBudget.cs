namespace SmimeOperator.Intune;

/// <summary>
/// The request budget of one connection: everybody who sends to the tenant asks here first. It keeps the published limits
/// by itself, so that the service has no reason for a 429, and when one comes all the same it holds everybody back together.
/// </summary>
internal sealed class RequestBudget : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    // The service's clock is not ours; this much more than its window is waited.
    private static readonly TimeSpan Safety = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly BudgetQueue<TaskCompletionSource<Place>> _queue;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longestPause;
    private readonly long _epoch;
    private readonly ITimer _timer;
    private bool _disposed;

    /// <summary>A budget of so many writes and so many requests of any kind in twenty seconds.</summary>
    public RequestBudget(int writes, int requests, TimeSpan longestPause, TimeProvider time)
    {
        _queue = new(new SlidingWindow(writes, Window, Safety), new SlidingWindow(requests, Window, Safety));
        MaximumPlaces = Math.Max(1, Math.Min(requests, 20));
        _longestPause = longestPause;
        _time = time;
        _epoch = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((RequestBudget)state!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The most parts that one batch may have.</summary>
    public int MaximumPlaces { get; }

    /// <summary>Waits for the turn to send. The place must be disposed when the answer came.</summary>
    /// <exception cref="BudgetPausedException">The service has asked for a longer pause than it makes sense to wait in line for.</exception>
    public async ValueTask<Place> AcquireAsync(RequestLane lane, bool write, int places, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource<Place>(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<BudgetQueue<TaskCompletionSource<Place>>.Waiting> node;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var now = Now();
            var pause = _queue.PausedUntil(write) - now;
            if (pause > _longestPause)
            {
                throw new BudgetPausedException(pause);
            }

            node = _queue.Enqueue(turn, lane, write, Math.Clamp(places, 1, MaximumPlaces), now);
            PumpLocked(now);
        }

        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Action<CancellationToken>)state!)(token),
            (Action<CancellationToken>)(token => Leave(node, token)));
        return await turn.Task;
    }

    /// <summary>How much is left, and how many wait.</summary>
    public BudgetLoad Load()
    {
        lock (_lock)
        {
            return _queue.Load(Now());
        }
    }

    /// <summary>The service answered 429: nobody sends a write, or anything at all, before the wait is over.</summary>
    public void Throttled(bool write, TimeSpan wait)
    {
        lock (_lock)
        {
            var now = Now();
            (write ? _queue.WriteCorrection : _queue.AllCorrection).Complained(now, wait);
            if (wait > _longestPause)
            {
                foreach (var turn in _queue.SendAway(write))
                {
                    turn.TrySetException(new BudgetPausedException(wait));
                }
            }

            PumpLocked(now);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private TimeSpan Now() => _time.GetElapsedTime(_epoch);

    private void Leave(LinkedListNode<BudgetQueue<TaskCompletionSource<Place>>.Waiting> node, CancellationToken token)
    {
        lock (_lock)
        {
            if (!BudgetQueue<TaskCompletionSource<Place>>.Remove(node))
            {
                return;
            }

            PumpLocked(Now());
        }

        node.Value.Item.TrySetCanceled(token);
    }

    private void Pump()
    {
        lock (_lock)
        {
            PumpLocked(Now());
        }
    }

    private void PumpLocked(TimeSpan now)
    {
        if (_disposed)
        {
            return;
        }

        var (next, again) = _queue.Take(now);
        while (next is not null)
        {
            next.Item.TrySetResult(new Place(this, next));
            (next, again) = _queue.Take(now);
        }

        // A timer that fires a little early would find nothing to do and spin.
        _timer.Change(again is { } at ? at - now + TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Release(BudgetQueue<TaskCompletionSource<Place>>.Waiting served)
    {
        lock (_lock)
        {
            var now = Now();
            _queue.Answered(served, now);
            PumpLocked(now);
        }
    }

    /// <summary>The right to send one request; disposed when its answer came, or when it is sure that none will.</summary>
    internal sealed class Place(RequestBudget budget, BudgetQueue<TaskCompletionSource<RequestBudget.Place>>.Waiting served) : IDisposable
    {
        private int _released;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                budget.Release(served);
            }
        }
    }
}
