namespace SmimeOperator.TenantSimulator.Persistence;

/// <summary>Saves the state a moment after it changed, however often it changes.</summary>
internal sealed class StateSaver : IAsyncDisposable
{
    // Waits by the real clock: the simulated one may stand still.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly StateFile _file;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public StateSaver(StateFile file, ILogger logger)
    {
        _file = file;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _file.Save();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                TrySave();
            }
        }
        catch (OperationCanceledException)
        {
            // The last state is written by whoever stops the simulator.
        }
    }

    private void TrySave()
    {
        try
        {
            _file.Save();
        }
        catch (IOException exception)
        {
            // A full disk must not end the tenant; the next round tries again.
            Log.StateNotSaved(_logger, exception);
        }
    }
}
