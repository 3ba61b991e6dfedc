namespace SmimeOperator.Intune;

/// <summary>Work that many ask for at the same time and that is done once for all of them.</summary>
internal sealed class SharedFlight(Func<Task> work)
{
    private readonly Lock _lock = new();
    private Task? _running;
    private Task? _next;

    /// <summary>Joins the work that is under way, or begins it.</summary>
    public Task JoinAsync()
    {
        lock (_lock)
        {
            return _running is { IsCompleted: false } ? _running : _running = Task.Run(work);
        }
    }

    /// <summary>Work that begins after now: what is under way may have begun too early to see what the caller wants to see.</summary>
    public Task NextAsync()
    {
        lock (_lock)
        {
            if (_next is not null)
            {
                return _next;
            }

            return _running is { IsCompleted: false } running ? _next = FollowAsync(running) : _running = Task.Run(work);
        }
    }

    private async Task FollowAsync(Task before)
    {
        await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Task mine;
        lock (_lock)
        {
            _next = null;
            mine = _running = Task.Run(work);
        }

        await mine;
    }
}
