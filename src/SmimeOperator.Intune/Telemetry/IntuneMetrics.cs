using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SmimeOperator.Intune;

/// <summary>The tenant engine's metrics.</summary>
internal sealed class IntuneMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SmimeOperator.Intune";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _budgetWait;
    private readonly Counter<long> _throttled;
    private readonly ConcurrentDictionary<RequestBudget, string> _budgets = new();

    /// <summary>Metrics of a meter that the factory makes.</summary>
    public IntuneMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("smime.tenant.requests", "{request}", "Requests to the tenant by operation and status.");
        _duration = meter.CreateHistogram(
            "smime.tenant.request.duration", "s", "Time to the answer's head by operation.", null, Seconds(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30));
        _budgetWait = meter.CreateHistogram(
            "smime.tenant.budget.wait", "s", "Time spent waiting for the request budget by lane.", null, Seconds(0.01, 0.1, 0.5, 1, 5, 10, 20, 60));
        _throttled = meter.CreateCounter<long>("smime.tenant.throttled", "{answer}", "Answers that asked to slow down, by kind of request.");
        meter.CreateObservableGauge(
            "smime.tenant.budget.left", () => _budgets.SelectMany(b => LeftOf(b.Value, b.Key.Load())), "{request}",
            "Requests that may still be sent in the window of twenty seconds, by kind of request.");
        meter.CreateObservableGauge(
            "smime.tenant.budget.waiting", () => _budgets.SelectMany(b => WaitingOf(b.Value, b.Key.Load())), "{request}",
            "Requests that wait for the budget, by lane.");
    }

    /// <summary>Shows the state of a budget until what is returned is disposed.</summary>
    public IDisposable Observe(string tenantId, RequestBudget budget)
    {
        _budgets[budget] = tenantId;
        return new Observation(() => _budgets.TryRemove(budget, out _));
    }

    /// <summary>A request was answered, or failed.</summary>
    public void Requested(GraphCall call, string status, TimeSpan took)
    {
        var operation = new KeyValuePair<string, object?>("operation", call.Operation);
        var statusClass = new KeyValuePair<string, object?>("status_class", status.Length == 3 ? status[0] + "xx" : "none");
        _requests.Add(1, operation, new("status", status), statusClass);
        _duration.Record(took.TotalSeconds, operation, statusClass);
    }

    /// <summary>A request waited for its turn.</summary>
    public void Waited(GraphCall call, TimeSpan waited) => _budgetWait.Record(
        waited.TotalSeconds, new("lane", call.Lane.ToString().ToLowerInvariant()), new("kind", call.Write ? "write" : "read"));

    /// <summary>The service asked to slow down.</summary>
    public void Throttled(bool write) => _throttled.Add(1, new KeyValuePair<string, object?>("kind", write ? "write" : "read"));

    private static IEnumerable<Measurement<int>> LeftOf(string tenant, BudgetLoad load) =>
    [
        new(load.WritesLeft, new("tenant_id", tenant), new("kind", "write")),
        new(load.RequestsLeft, new("tenant_id", tenant), new("kind", "all")),
    ];

    private static IEnumerable<Measurement<int>> WaitingOf(string tenant, BudgetLoad load) =>
        load.Waiting.Select(w => new Measurement<int>(w.Value, new("tenant_id", tenant), new("lane", w.Key.ToString().ToLowerInvariant())));

    private static InstrumentAdvice<double> Seconds(params double[] buckets) => new() { HistogramBucketBoundaries = buckets };

    private sealed class Observation(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
