using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Metrics;
using SmimeOperator.Runtime.Stores;

namespace SmimeOperator.Runtime.Watching;

/// <summary>How a watch ended.</summary>
internal enum WatchEnd
{
    /// <summary>The server closed it, as it was asked to.</summary>
    Closed,

    /// <summary>The server no longer knows the version: only a list tells what was missed.</summary>
    Expired,

    /// <summary>Something came that could not be read: only a list tells what it was.</summary>
    Unreadable,

    /// <summary>The server was silent for too long.</summary>
    Stalled,
}

/// <summary>Keeps one scope of a store as the API server has it: list, watch, and list again when the watch has missed something.</summary>
internal sealed class Reflector<T>(
    KubernetesApi api,
    WatchScope scope,
    ResourceCodec<T> codec,
    ObjectStore<T> store,
    WatchSettings settings,
    string entityName,
    OperatorMetrics metrics,
    TimeProvider time,
    Func<double> random,
    ILogger logger)
    where T : class
{
    /// <summary>After so many refused watches in a row the version itself is under suspicion.</summary>
    private const int RefusalsBeforeList = 3;

    private readonly Lister<T> _lister = new(api, scope, codec, store, settings, time, logger);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _version;
    private string? _newest;
    private int _failures;
    private int _refusals;
    private long _lastSign = time.GetTimestamp();
    private volatile bool _connected;

    /// <summary>Completes when the first list has been read.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Whether a watch is open right now.</summary>
    public bool IsConnected => _connected;

    /// <summary>How long ago the loop did anything at all: a line, a connection, a failed try.</summary>
    public TimeSpan SinceLastSign => time.GetElapsedTime(Interlocked.Read(ref _lastSign));

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong with a connection, the answer is to try again; it is logged.")]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Sign();
            try
            {
                if (_version is null)
                {
                    _version = _newest = await _lister.ReadAsync(_newest, Sign, ReportUnreadable, cancellationToken).ConfigureAwait(false);
                    _refusals = 0;
                    _synced.TrySetResult();
                }

                var opened = time.GetTimestamp();
                var end = await WatchAsync(_version, cancellationToken).ConfigureAwait(false);
                if (end is WatchEnd.Expired or WatchEnd.Unreadable)
                {
                    _version = null;
                }

                metrics.Reconnected(entityName, end.ToString());

                // An end in good order is followed at once. A server that ends every watch at once, or always says the same
                // unreadable thing, must not be asked in a tight loop.
                var orderly = end is WatchEnd.Closed or WatchEnd.Stalled or WatchEnd.Expired;
                _failures = orderly && time.GetElapsedTime(opened) > TimeSpan.FromSeconds(1) ? 0 : _failures + 1;
                if (_failures > (end == WatchEnd.Expired ? 1 : 0))
                {
                    await Task.Delay(settings.Reconnect.Delay(_failures, random()), time, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _failures++;
                _refusals += e is KubernetesApiException ? 1 : 0;
                if (MustList(e, _refusals))
                {
                    logger.WatchExpired(scope, _version);
                    _version = null;
                }

                var delay = settings.Reconnect.Delay(_failures, random());
                logger.ReadFailed(e, scope, _failures, delay);
                metrics.Reconnected(entityName, e is KubernetesApiException refused ? refused.Reason : e.GetType().Name);
                if (!await WaitAsync(delay, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
    }

    /// <summary>
    /// A 410 as HTTP status says that the version is too old. Any other refusal but overload says something is wrong with the
    /// request, of which the version is the only part that varies. A version from before a restore from backup is refused as
    /// a server error, hence the count.
    /// </summary>
    private static bool MustList(Exception error, int refusals) => error is KubernetesApiException refused
        && (refused.StatusCode == HttpStatusCode.Gone
            || ((int)refused.StatusCode < 500 && refused.StatusCode != HttpStatusCode.TooManyRequests)
            || refusals >= RefusalsBeforeList);

    private async Task<WatchEnd> WatchAsync(string version, CancellationToken cancellationToken)
    {
        var length = settings.ShortestWatch + ((settings.LongestWatch - settings.ShortestWatch) * random());
        var query = scope.Query(string.Create(
            CultureInfo.InvariantCulture,
            $"watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}&timeoutSeconds={(int)length.TotalSeconds}"));
        using var idle = new CancellationTokenSource(settings.IdleLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        try
        {
            using var response = await api
                .OpenAsync(HttpMethod.Get, query, content: null, codec.WatchAccept, linked.Token).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            using var lines = new LineReader(stream);
            logger.WatchOpened(scope, version);
            _connected = true;
            while (true)
            {
                Sign();
                idle.CancelAfter(settings.IdleLimit);
                if (await lines.ReadLineAsync(linked.Token).ConfigureAwait(false) is not { } line)
                {
                    logger.WatchEnded(scope);
                    return WatchEnd.Closed;
                }

                if (Apply(line.Span) is { } end)
                {
                    return end;
                }
            }
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            logger.WatchStalled(scope, settings.IdleLimit);
            return WatchEnd.Stalled;
        }
        finally
        {
            _connected = false;
        }
    }

    /// <summary>Applies one line to the store; a value means that the watch is over.</summary>
    private WatchEnd? Apply(ReadOnlySpan<byte> bytes)
    {
        if (!WatchLine.TryParse(bytes, out var line))
        {
            metrics.Unreadable(entityName);
            logger.Garbage(scope);
            return WatchEnd.Unreadable;
        }

        metrics.WatchEvent(entityName, line.Type.ToString());
        var body = bytes[line.Object];
        switch (line.Type)
        {
            case WatchLineType.Error:
                return ReadError(body);
            case WatchLineType.Bookmark:
                Advance(ObjectHeader.Read(body).ResourceVersion);
                return null;
            default:
                if (!codec.TryRead(body, out var item, out var error))
                {
                    ReportUnreadable(ObjectHeader.Read(body).Key, error);
                    return WatchEnd.Unreadable;
                }

                if (line.Type == WatchLineType.Deleted)
                {
                    store.Remove(codec.KeyOf(item), item);
                }
                else
                {
                    store.Upsert(item);
                }

                Advance(codec.VersionOf(item));
                return null;
        }
    }

    private void Advance(string? version)
    {
        _version = _newest = version ?? _version;
        (_failures, _refusals) = (0, 0);
    }

    /// <summary>An ERROR line carries a Status; 410 asks for a list, anything else is worth a new connection.</summary>
    private WatchEnd ReadError(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var status = JsonDocument.ParseValue(ref reader);
        var code = status.RootElement.TryGetProperty("code", out var c) && c.TryGetInt32(out var number) ? number : 0;
        var reason = status.RootElement.TryGetProperty("reason", out var r) ? r.GetString() ?? "" : "";
        var message = status.RootElement.TryGetProperty("message", out var m) ? m.GetString() ?? "" : "";
        if (code == (int)HttpStatusCode.Gone || reason is "Expired" or "Gone")
        {
            logger.WatchExpired(scope, _version);
            return WatchEnd.Expired;
        }

        logger.WatchError(scope, code, reason, message);
        throw new KubernetesApiException((HttpStatusCode)(code == 0 ? 500 : code), reason, message);
    }

    private void ReportUnreadable(NamespacedName key, Exception? error)
    {
        metrics.Unreadable(entityName);
        logger.Unreadable(key, scope, error?.GetType().Name ?? "unknown", (error as JsonException)?.Path);
    }

    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Sign() => Interlocked.Exchange(ref _lastSign, time.GetTimestamp());
}
