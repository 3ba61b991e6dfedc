namespace SmimeOperator.Intune;

/// <summary>
/// How long one answer is waited for. A caller who leaves, such as a process that ends, takes a read along at once; a write that was sent
/// cannot be taken back, so its answer is awaited for a short while more: then it is known, and noted in the audit trail, what became of it.
/// </summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _leaving;

    /// <summary>Begins to wait.</summary>
    public Patience(GraphCall call, IntuneOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        _end = new CancellationTokenSource(options.RequestTimeout, time);
        var end = _end;
        _leaving = cancellationToken.UnsafeRegister(_ => end.CancelAfter(call.Write ? options.WriteGrace : TimeSpan.Zero), null);
    }

    /// <summary>Cancelled when it has taken long enough.</summary>
    public CancellationToken Token => _end.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _end.Dispose();
    }
}
