namespace SmimeOperator.Intune;

/// <summary>
/// What cancels a request. A caller who leaves, such as a process that ends, takes a read along at once; a write that was sent cannot be taken
/// back, so its answer is awaited for a short while more: then it is known, and noted in the audit trail, what became of it.
/// </summary>
internal sealed class WriteGrace : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _leaving;

    /// <summary>For a call, until its caller leaves.</summary>
    public WriteGrace(GraphCall call, IntuneOptions options, TimeProvider time, CancellationToken leaving)
    {
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var end = _end;
        _leaving = leaving.UnsafeRegister(_ => end.CancelAfter(call.Write ? options.WriteGrace : TimeSpan.Zero), null);
    }

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken Token => _end.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _end.Dispose();
    }
}
