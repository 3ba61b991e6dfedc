namespace SmimeOperator.Hosting;

/// <summary>
/// Gives memory back when work is done. The runtime collects when something is allocated, and an operator at rest allocates nothing: what the
/// first lists and the last sweep left behind would stay resident for hours.
/// </summary>
internal sealed class HeapTrimmer(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = new HeapRest();
        using var looks = new PeriodicTimer(Period, time);
        while (await looks.WaitForNextTickAsync(stoppingToken))
        {
            if (rest.IsWorthwhile(GC.GetTotalAllocatedBytes()))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }
}

/// <summary>Tells from what was ever allocated when work has come to rest, once for each time that it does.</summary>
internal sealed class HeapRest
{
    /// <summary>Bytes between two looks that scrapes, leases and bookmarks allocate anyway.</summary>
    public const long Idle = 4 * 1024 * 1024;

    /// <summary>Bytes that are worth the tenth of a second which a whole collection takes.</summary>
    public const long Work = 32 * 1024 * 1024;

    private long _collected;
    private long _seen;

    /// <summary>Looks again.</summary>
    /// <param name="allocated">Bytes allocated since the process began.</param>
    public bool IsWorthwhile(long allocated)
    {
        var isAtRest = allocated - _seen < Idle;
        _seen = allocated;
        if (!isAtRest || allocated - _collected < Work)
        {
            return false;
        }

        _collected = allocated;
        return true;
    }
}
