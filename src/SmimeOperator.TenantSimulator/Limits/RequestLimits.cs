using System.Globalization;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Requests;

namespace SmimeOperator.TenantSimulator.Limits;

/// <summary>Holds the published limits, per service and app and per service alone.</summary>
internal sealed class RequestLimits(SimulatorOptions options)
{
    private static readonly TimeSpan DirectoryWindow = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<(ServiceArea Area, string App, bool Writes), SlidingWindow> _windows = [];
    private PublishedLimits _limits = options.Limits;

    /// <summary>The limits in force; setting them forgets what was counted.</summary>
    public PublishedLimits Current
    {
        get => _limits;
        set
        {
            lock (_gate)
            {
                _limits = value;
                _windows.Clear();
            }
        }
    }

    /// <summary>Counts a request.</summary>
    /// <returns>How long the caller has to stay away, or null when the request may pass.</returns>
    public TimeSpan? Count(GraphRequest request, CollectionKind collection)
    {
        lock (_gate)
        {
            if (!_limits.Enabled)
            {
                return null;
            }

            var cost = collection.IsDirectory ? DirectoryCost(request, collection) : 1;
            var windows = Windows(request, collection).ToList();
            var wait = windows.Max(w => w.WaitFor(cost));
            if (wait == TimeSpan.Zero)
            {
                windows.ForEach(w => w.Add(cost));
                return null;
            }

            if (!_limits.CountThrottled)
            {
                return wait;
            }

            // The refused request counts too, so the time to stay away is known only after it has been counted.
            windows.ForEach(w => w.Add(cost));
            return windows.Max(w => w.WaitFor(cost));
        }
    }

    public IReadOnlyList<KeyValuePair<string, string>> RetryHeaders(TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        return _limits.RetryAfter switch
        {
            RetryAfterStyle.Omitted => [],
            RetryAfterStyle.Zero => [new("Retry-After", "0")],
            RetryAfterStyle.HttpDate =>
                [new("Retry-After", options.TimeProvider.GetUtcNow().AddSeconds(seconds + 1).ToString("r", CultureInfo.InvariantCulture))],
            RetryAfterStyle.Milliseconds =>
                [new("x-ms-retry-after-ms", Math.Ceiling(wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture))],
            _ => [new("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))],
        };
    }

    private IEnumerable<SlidingWindow> Windows(GraphRequest request, CollectionKind collection)
    {
        var app = request.Caller.AppId;
        if (collection.IsDirectory)
        {
            yield return Window(collection.Area, app, writes: false, _limits.DirectoryUnits, DirectoryWindow);
            yield break;
        }

        yield return Window(collection.Area, app, writes: false, _limits.RequestsPerApp, _limits.Window);
        yield return Window(collection.Area, "", writes: false, _limits.RequestsPerTenant, _limits.Window);
        if (request.IsWrite)
        {
            yield return Window(collection.Area, app, writes: true, _limits.WritesPerApp, _limits.Window);
            yield return Window(collection.Area, "", writes: true, _limits.WritesPerTenant, _limits.Window);
        }
    }

    private SlidingWindow Window(ServiceArea area, string app, bool writes, int limit, TimeSpan length)
    {
        if (!_windows.TryGetValue((area, app, writes), out var window))
        {
            _windows[(area, app, writes)] = window = new SlidingWindow(limit, length, options.TimeProvider);
        }

        return window;
    }

    private static int DirectoryCost(GraphRequest request, CollectionKind collection)
    {
        var cost = collection.Name == "users" ? 2 : 1;
        foreach (var (name, value) in request.Query)
        {
            cost += name switch
            {
                "$select" => -1,
                "$expand" => 1,
                "$top" when int.TryParse(value, CultureInfo.InvariantCulture, out var top) && top < 20 => -1,
                _ => 0,
            };
        }

        return Math.Max(1, cost);
    }
}
