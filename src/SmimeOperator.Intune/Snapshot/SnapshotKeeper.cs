using Microsoft.Extensions.Logging;

namespace SmimeOperator.Intune;

/// <summary>Decides when the tenant is read: shared by all who ask at the same time, and not cut short when one of them leaves.</summary>
internal sealed class SnapshotKeeper : IDisposable
{
    private static readonly SnapshotPart[] AllParts = Enum.GetValues<SnapshotPart>();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly SnapshotReader _reader;
    private readonly SnapshotStore _store;
    private readonly IntuneOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _tenantId;
    private readonly SharedFlight _whole;
    private readonly SharedFlight _faulty;
    private readonly Dictionary<SnapshotPart, SharedFlight> _parts;
    private long _lastTried;

    /// <summary>A keeper over a reader and its store.</summary>
    public SnapshotKeeper(SnapshotReader reader, SnapshotStore store, IntuneOptions options, TimeProvider time, ILogger logger, string tenantId)
    {
        (_reader, _store, _options, _time, _logger, _tenantId) = (reader, store, options, time, logger, tenantId);
        _whole = new SharedFlight(ReadWholeAsync);
        _faulty = new SharedFlight(ReadFaultyAsync);
        _parts = AllParts.ToDictionary(p => p, p => new SharedFlight(() => ReadPartsAsync([p])));
    }

    /// <summary>The snapshot if young enough, otherwise a new one.</summary>
    public async Task<TenantSnapshot> GetAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (_store.Current is not { } current || _time.GetUtcNow() - current.ReadAt > maxAge)
        {
            await _whole.JoinAsync().WaitAsync(cancellationToken);
        }
        else if (current.Faults.Values.Any(f => f.IsTransient) && _time.GetElapsedTime(Interlocked.Read(ref _lastTried)) >= _options.FaultyPartRetry)
        {
            await _faulty.JoinAsync().WaitAsync(cancellationToken);
        }

        return _store.Current!;
    }

    /// <summary>Reads the tenant whole and says what changed.</summary>
    public async Task<SnapshotChange> RefreshAsync(CancellationToken cancellationToken)
    {
        await _whole.JoinAsync().WaitAsync(cancellationToken);
        return _store.TakeChange(_store.Current!);
    }

    /// <summary>Reads one part anew; the read begins after now.</summary>
    public async Task<TenantSnapshot> RereadAsync(SnapshotPart part, CancellationToken cancellationToken)
    {
        if (_store.Current is null)
        {
            await _whole.JoinAsync().WaitAsync(cancellationToken);
        }
        else
        {
            await _parts[part].NextAsync().WaitAsync(cancellationToken);
        }

        return _store.Current!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private async Task ReadWholeAsync()
    {
        var began = _time.GetTimestamp();
        var readAt = _time.GetUtcNow();
        await ReadPartsAsync(AllParts);
        _store.ReadWhole(readAt);
        var snapshot = _store.Current!;
        Log.SnapshotRead(
            _logger,
            _tenantId,
            (long)_time.GetElapsedTime(began).TotalMilliseconds,
            snapshot.Objects.Values.Sum(o => o.Count),
            snapshot.CertificateCount,
            snapshot.Faults.Count);
    }

    private Task ReadFaultyAsync() =>
        ReadPartsAsync([.. _store.Current!.Faults.Where(f => f.Value.IsTransient).Select(f => f.Key)]);

    private async Task ReadPartsAsync(SnapshotPart[] parts)
    {
        Interlocked.Exchange(ref _lastTried, _time.GetTimestamp());
        await Task.WhenAll(parts.Select(async part =>
        {
            if (await _reader.ReadAsync(part, _lifetime.Token) is { } fault)
            {
                Log.PartFailed(_logger, part, _tenantId, fault.Kind, fault.Message);
            }
        }));
    }
}
