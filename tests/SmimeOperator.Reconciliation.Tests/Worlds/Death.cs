namespace SmimeOperator.Reconciliation.Tests.Worlds;

/// <summary>Where between two requests a process dies.</summary>
internal enum DeathMoment
{
    /// <summary>The n-th request, whatever it is, is not sent any more.</summary>
    BeforeRequest,

    /// <summary>The n-th request that changes something is answered, and nobody is left to read the answer.</summary>
    AfterWrite,
}

/// <summary>The end of a process as the tenant sees it: from a moment on nothing is sent, and no answer arrives.</summary>
internal sealed class Death(DeathMoment moment, int nth) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private int _seen;

    /// <summary>Completes when the process is dead.</summary>
    public Task Came => _came.Task;

    /// <summary>Cancelled when nobody is left who would notice that connections break.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Breaks the connections of the dead.</summary>
    public void Bury() => _over.Cancel();

    public void Dispose() => _over.Dispose();

    /// <summary>Whether a request is not sent any more.</summary>
    public bool StopsRequest() => Stops(moment == DeathMoment.BeforeRequest);

    /// <summary>Whether an answer finds nobody.</summary>
    public bool StopsAnswer(string method, string path) =>
        Stops(moment == DeathMoment.AfterWrite && method != "GET" && !path.EndsWith("/$batch", StringComparison.Ordinal) && !path.EndsWith("/getByIds", StringComparison.Ordinal));

    private bool Stops(bool counts)
    {
        lock (_gate)
        {
            if (!_came.Task.IsCompleted && counts && ++_seen == nth)
            {
                _came.SetResult();
            }

            return _came.Task.IsCompleted;
        }
    }
}
