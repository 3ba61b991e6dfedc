using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace SmimeOperator.Telemetry;

/// <summary>Counts what reconciliations brought: changes, drift, guards that held something back, and when connectors were last heard of.</summary>
internal sealed class OutcomeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SmimeOperator.Outcomes";

    private readonly Counter<long> _changes;
    private readonly Counter<long> _drift;
    private readonly Counter<long> _guards;
    private readonly ConcurrentDictionary<ResourceName, IReadOnlyList<Connector>> _connectors = new();
    private readonly TimeProvider _time;

    public OutcomeMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _changes = meter.CreateCounter<long>("smime.changes", "{change}", "Changes made in the tenant, by kind of resource and what was done.");
        _drift = meter.CreateCounter<long>("smime.drift", "{finding}", "Reconciliations that found drift, by kind and whether it was corrected.");
        _guards = meter.CreateCounter<long>("smime.guard.trips", "{trip}", "Times that a guard held changes back, by kind and reason.");
        meter.CreateObservableGauge(
            "smime.tenant.connector.age", Ages, "s", "Time since a certificate connector was last in contact with the tenant, as of the last read.");
    }

    /// <summary>Counts the events of one reconciliation.</summary>
    public void Count(string kind, IEnumerable<ResourceEvent> events)
    {
        foreach (var happened in events)
        {
            var (counter, tag, value) = happened.Reason switch
            {
                Reasons.DriftDetected => (_drift, "state", "detected"),
                Reasons.DriftCorrected => (_drift, "state", "corrected"),
                Reasons.GuardTripped or Reasons.NotConverging => (_guards, "reason", happened.Reason),
                Reasons.Created or Reasons.Updated or Reasons.Deleted or Reasons.Assigned or Reasons.Imported or Reasons.Orphaned =>
                    (_changes, "change", happened.Reason),
                _ => default,
            };
            counter?.Add(1, new("kind", kind), new(tag, value));
        }
    }

    /// <summary>Takes note of the connectors of a Tenant that was read.</summary>
    public void Observe(ResourceName tenant, IReadOnlyList<Connector> connectors) => _connectors[tenant] = connectors;

    /// <summary>Forgets a Tenant.</summary>
    public void Forget(ResourceName tenant) => _connectors.TryRemove(tenant, out _);

    private IEnumerable<Measurement<double>> Ages() =>
        from tenant in _connectors
        from connector in tenant.Value
        where connector.LastConnection is not null
        select new Measurement<double>(
            (_time.GetUtcNow() - connector.LastConnection!.Value).TotalSeconds,
            new("tenant_namespace", tenant.Key.Namespace), new("tenant", tenant.Key.Name), new("connector", connector.Name));
}
