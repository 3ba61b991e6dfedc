using System.Diagnostics.Metrics;

namespace SmimeOperator.Runtime.Metrics;

/// <summary>The runtime's instruments, with the names that KubeOps gave them, so that dashboards stay valid.</summary>
internal sealed class OperatorMetrics
{
    private const string EntityType = "kubeops.entity.type";

    private static readonly double[] SecondBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Meter _meter;
    private readonly Counter<long> _enqueued;
    private readonly Counter<long> _requeued;
    private readonly Counter<long> _discardedEvents;
    private readonly Counter<long> _reconciliations;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _watchEvents;
    private readonly Counter<long> _reconnections;
    private readonly Counter<long> _unreadable;
    private readonly Histogram<double> _latency;

    public OperatorMetrics(IMeterFactory meters, OperatorSettings settings)
    {
        _meter = meters.Create(settings.Name);
        IsEnabled = settings.EnableMetrics;
        _enqueued = _meter.CreateCounter<long>("kubeops.operator.queue.enqueued", "{entry}", "Keys that were added to a queue.");
        _requeued = _meter.CreateCounter<long>("kubeops.operator.queue.requeued", "{entry}", "Keys that were added again after a pass.");
        _discardedEvents = _meter.CreateCounter<long>("kubeops.operator.events.discarded", "{event}", "Events for people that were not published.");
        _reconciliations = _meter.CreateCounter<long>("kubeops.operator.reconciliation", "{pass}", "Passes over entities.");
        _duration = _meter.CreateHistogram(
            "kubeops.operator.reconciliation.duration", "s", "How long a pass took.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondBuckets });
        _watchEvents = _meter.CreateCounter<long>("kubeops.operator.watcher.events", "{event}", "Events that watches delivered.");
        _reconnections = _meter.CreateCounter<long>("kubeops.operator.watcher.reconnections", "{connection}", "Watches that had to be opened again.");
        _unreadable = _meter.CreateCounter<long>("kubeops.operator.watcher.unreadable", "{object}", "Objects or events that could not be read.");
        _latency = _meter.CreateHistogram(
            "kubeops.operator.queue.latency", "s", "How long a key that was due waited for a worker.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondBuckets });
    }

    private bool IsEnabled { get; }

    public void ObserveQueue(string entity, Func<int> ready, Func<int> scheduled)
    {
        if (!IsEnabled)
        {
            return;
        }

        _meter.CreateObservableGauge(
            "kubeops.operator.queue.depth",
            () => new Measurement<int>[]
            {
                new(ready(), new(EntityType, entity), new("state", "ready")),
                new(scheduled(), new(EntityType, entity), new("state", "scheduled")),
            },
            "{entry}",
            "Keys that wait for a worker or for their time.");
    }

    public void ObserveWatch(string entity, Func<TimeSpan> sinceLastSign)
    {
        if (IsEnabled)
        {
            _meter.CreateObservableGauge(
                "kubeops.operator.watcher.lag",
                () => new Measurement<double>(sinceLastSign().TotalSeconds, new KeyValuePair<string, object?>(EntityType, entity)),
                "s",
                "How long the watch has given no sign of life; servers send one about every minute.");
        }
    }

    public void ObserveLeader(Func<bool> isLeader)
    {
        if (IsEnabled)
        {
            _meter.CreateObservableGauge("kubeops.operator.leader", () => isLeader() ? 1 : 0, "{leader}", "1 while this replica works, 0 while it stands by.");
        }
    }

    public void Waited(string entity, TimeSpan waited)
    {
        if (IsEnabled)
        {
            _latency.Record(waited.TotalSeconds, new KeyValuePair<string, object?>(EntityType, entity));
        }
    }

    public void Enqueued(string entity, string source) => Add(_enqueued, entity, "source", source);

    public void Requeued(string entity, string reason) => Add(_requeued, entity, "reason", reason);

    public void EventDiscarded(string entity, string reason) => Add(_discardedEvents, entity, "reason", reason);

    public void WatchEvent(string entity, string type) => Add(_watchEvents, entity, "type", type);

    public void Reconnected(string entity, string reason) => Add(_reconnections, entity, "reason", reason);

    public void Unreadable(string entity) => Add(_unreadable, entity, "source", "apiserver");

    public void Reconciled(string entity, TimeSpan duration, string result)
    {
        if (IsEnabled)
        {
            _reconciliations.Add(1, new(EntityType, entity), new("result", result));
            _duration.Record(duration.TotalSeconds, new(EntityType, entity), new("result", result));
        }
    }

    private void Add(Counter<long> counter, string entity, string tag, string value)
    {
        if (IsEnabled)
        {
            counter.Add(1, new(EntityType, entity), new(tag, value));
        }
    }
}
