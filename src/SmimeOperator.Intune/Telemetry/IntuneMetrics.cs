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
    }

    /// <summary>A request was answered, or failed.</summary>
    public void Requested(GraphCall call, string status, TimeSpan took)
    {
        var operation = new KeyValuePair<string, object?>("operation", call.Operation);
        _requests.Add(1, operation, new("status", status));
        _duration.Record(took.TotalSeconds, operation);
    }

    /// <summary>A request waited for its turn.</summary>
    public void Waited(GraphCall call, TimeSpan waited) => _budgetWait.Record(
        waited.TotalSeconds, new("lane", call.Lane.ToString().ToLowerInvariant()), new("kind", call.Write ? "write" : "read"));

    /// <summary>The service asked to slow down.</summary>
    public void Throttled(bool write) => _throttled.Add(1, new KeyValuePair<string, object?>("kind", write ? "write" : "read"));

    private static InstrumentAdvice<double> Seconds(params double[] buckets) => new() { HistogramBucketBoundaries = buckets };
}
