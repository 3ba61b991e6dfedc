namespace Smimectl;

/// <summary>When a sync ends by itself.</summary>
internal enum RunUntil
{
    /// <summary>Never: it watches.</summary>
    Stopped,

    /// <summary>When nothing more happens without a person.</summary>
    Settled,

    /// <summary>When everything is ready.</summary>
    Ready,
}

/// <summary>Runs a sync with a view until it should end, and says how it ended.</summary>
internal static class SyncRunner
{
    /// <returns>0: ready, or stopped by a person while watching; 1: something is not ready or cannot be read.</returns>
    public static async Task<int> RunAsync(
        FolderSync sync, ISyncView view, RunUntil until, TimeSpan? timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var limit = timeout is { } span ? new CancellationTokenSource(span, time) : new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var showing = view.ShowAsync(sync.Board, stop.Token);
        var running = sync.RunAsync(stop.Token);
        var arriving = sync.Board.WaitAsync(Arrived(until), end.Token);
        await Task.WhenAny(arriving, running);
        await stop.CancelAsync();
        await Task.WhenAll(running, showing);
        var last = sync.Board.View;
        var isSuccess = last.IsReady && last.Problems.Count == 0;
        var isDone = isSuccess || (until == RunUntil.Stopped && cancellationToken.IsCancellationRequested);
        view.Finish(last, isDone);
        return isDone ? 0 : 1;
    }

    private static Func<BoardView, bool> Arrived(RunUntil until) => until switch
    {
        RunUntil.Settled => v => v.IsSettled,
        RunUntil.Ready => v => v is { IsIdle: true, IsReady: true, Problems.Count: 0, Records.Count: > 0 },
        _ => _ => false,
    };
}
