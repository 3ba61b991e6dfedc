namespace SmimeOperator.Hosting;

/// <summary>
/// Gives memory back. The runtime collects when something is allocated, and an operator at rest allocates nothing: what the first lists and the last sweep
/// left behind would stay resident for hours. And while thousands of resources are at work, it lets what they replaced, which is old, lie for long.
/// </summary>
internal sealed class HeapTrimmer(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new HeapWatch();
        using var looks = new PeriodicTimer(Period, time);
        while (await looks.WaitForNextTickAsync(stoppingToken))
        {
            if (watch.IsWorthwhile(GC.GetTotalAllocatedBytes(), GC.GetGCMemoryInfo().TotalCommittedBytes))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                watch.Collected(GC.GetGCMemoryInfo().TotalCommittedBytes);
            }
        }
    }
}

/// <summary>Tells when collecting everything is worth the tenth of a second that it takes: once for each time that work comes to rest, and in its middle when the heap has grown.</summary>
internal sealed class HeapWatch
{
    /// <summary>Bytes between two looks that scrapes, leases and bookmarks allocate anyway.</summary>
    public const long Idle = 1024 * 1024;

    /// <summary>Bytes allocated that are worth a collection at rest.</summary>
    public const long Work = 32 * 1024 * 1024;

    /// <summary>Bytes that the heap may have grown since it was collected last.</summary>
    public const long Growth = 12 * 1024 * 1024;

    private long _allocatedAtCollection;
    private long _heapAtCollection;
    private long _seen;

    /// <summary>Looks again.</summary>
    /// <param name="allocated">Bytes allocated since the process began.</param>
    /// <param name="heap">Bytes that the heap has taken from the machine.</param>
    public bool IsWorthwhile(long allocated, long heap)
    {
        var isAtRest = allocated - _seen < Idle;
        _seen = allocated;
        if (heap - _heapAtCollection < Growth && (!isAtRest || allocated - _allocatedAtCollection < Work))
        {
            return false;
        }

        _allocatedAtCollection = allocated;
        return true;
    }

    /// <summary>Everything was collected: what the heap still takes is in use.</summary>
    /// <param name="heap">Bytes that it has taken from the machine.</param>
    public void Collected(long heap) => _heapAtCollection = heap;
}
