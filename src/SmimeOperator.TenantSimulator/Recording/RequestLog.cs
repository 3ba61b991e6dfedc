using System.Collections.Concurrent;

namespace SmimeOperator.TenantSimulator;

/// <summary>One request that reached the simulator.</summary>
public sealed record RequestLogEntry
{
    /// <summary>Counts all requests from 1 on.</summary>
    public required long Number { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, decoded, version included.</summary>
    public required string Path { get; init; }

    /// <summary>The query, decoded.</summary>
    public required string Query { get; init; }

    /// <summary>The path with ids replaced by {id}, without version.</summary>
    public required string Template { get; init; }

    /// <summary>The status answered; 0 when the connection was broken.</summary>
    public required int Status { get; init; }

    /// <summary>The client's own id of the request.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The application that the token names.</summary>
    public required string AppId { get; init; }

    /// <summary>What the client calls itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The @odata.type of the body.</summary>
    public string? BodyType { get; init; }

    /// <summary>What in the body broke the schema or the service's rules.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];

    /// <summary>Whether it came inside a $batch.</summary>
    public bool IsInBatch { get; init; }

    /// <summary>Time since the simulator started, by a clock that never goes back.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Whether the request was to change something: questions about ids and the envelope of a batch travel by POST and change nothing.</summary>
    public bool IsWrite => Method != "GET"
        && !Template.EndsWith("/getByIds", StringComparison.Ordinal) && !Template.EndsWith("/checkMemberGroups", StringComparison.Ordinal)
        && !Template.EndsWith("/$batch", StringComparison.Ordinal);
}

/// <summary>How often a path template was asked for.</summary>
/// <param name="Reads">GET requests.</param>
/// <param name="Writes">All other requests.</param>
/// <param name="Throttled">Those of either that were answered 429.</param>
public sealed record RequestCounts(int Reads, int Writes, int Throttled);

/// <summary>Everything that was asked of the tenant. Entries are bounded, counts are not.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentQueue<RequestLogEntry> _entries = new();
    private readonly Dictionary<string, RequestCounts> _counts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly long _started;
    private long _number;

    internal RequestLog(int capacity, TimeProvider time)
    {
        _capacity = capacity;
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <summary>The entries, oldest first.</summary>
    public IReadOnlyList<RequestLogEntry> Entries => [.. _entries];

    /// <summary>All violations of the schema so far that are still in the log, with the request that made them.</summary>
    public IReadOnlyList<string> Violations =>
        [.. _entries.SelectMany(e => e.Violations.Select(v => $"{e.Method} {e.Path}: {v}"))];

    /// <summary>Counts by path template.</summary>
    public IReadOnlyDictionary<string, RequestCounts> Counts
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, RequestCounts>(_counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>All counts together.</summary>
    public RequestCounts Total
    {
        get
        {
            lock (_gate)
            {
                return _counts.Values.Aggregate(
                    new RequestCounts(0, 0, 0),
                    (a, b) => new RequestCounts(a.Reads + b.Reads, a.Writes + b.Writes, a.Throttled + b.Throttled));
            }
        }
    }

    /// <summary>Forgets entries and counts.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _counts.Clear();
        }
    }

    /// <summary>The time now, as the entries count it.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    internal long NextNumber() => Interlocked.Increment(ref _number);

    internal void Add(RequestLogEntry entry)
    {
        lock (_gate)
        {
            var counts = _counts.GetValueOrDefault(entry.Template) ?? new RequestCounts(0, 0, 0);
            _counts[entry.Template] = new RequestCounts(
                counts.Reads + (entry.IsWrite ? 0 : 1),
                counts.Writes + (entry.IsWrite ? 1 : 0),
                counts.Throttled + (entry.Status == 429 ? 1 : 0));
            _entries.Enqueue(entry);
            if (_entries.Count > _capacity)
            {
                _entries.TryDequeue(out _);
            }
        }
    }
}
