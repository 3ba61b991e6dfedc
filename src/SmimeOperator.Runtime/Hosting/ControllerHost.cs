using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Metrics;
using SmimeOperator.Runtime.Queue;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Hosting;

/// <summary>A controller with its queue and workers.</summary>
internal interface IControllerHost
{
    string EntityName { get; }

    /// <summary>How long keys have been waiting although no pass was begun, and how long the longest pass has been running.</summary>
    (TimeSpan Waiting, TimeSpan Running) Standstill { get; }

    /// <summary>From now on related changes count: before, every entity is in the queue anyway.</summary>
    void Open();

    /// <summary>Works until cancelled; returns when no pass is running any more.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

internal sealed class ControllerHost<TEntity> : IControllerHost, IEntityEnqueuer<TEntity>, IDisposable
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly EntityInformer<TEntity> _informer;
    private readonly EntityPass<TEntity> _pass;
    private readonly ChangeFilter<TEntity> _filter;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;
    private readonly int _workers;
    private readonly TimeSpan _resync;
    private readonly ConcurrentDictionary<NamespacedName, long> _running = new();
    private long _lastStart;
    private volatile bool _open;
    private volatile bool _working;

    public ControllerHost(
        EntityInformer<TEntity> informer,
        EntityPass<TEntity> pass,
        ControllerOptions<TEntity> options,
        IEnumerable<IRelation<TEntity>> relations,
        InformerContext context,
        IServiceProvider services,
        ILogger<ControllerHost<TEntity>> logger)
    {
        _informer = informer;
        _pass = pass;
        _filter = new ChangeFilter<TEntity>(context.Settings, options, pass.FinalizerIdentifiers);
        _metrics = context.Metrics;
        _time = context.Time;
        _random = context.Random;
        _logger = logger;
        _workers = options.Workers ?? context.Settings.ParallelReconciliation;
        _resync = options.ResyncInterval ?? context.Settings.ResyncInterval;
        _queue = new WorkQueue(_time, new Backoff(context.Settings.RetryFirstDelay, context.Settings.RetryCeiling), _random);
        EntityName = ResourceDefinition.Of<TEntity>().Kind;
        _metrics.ObserveQueue(EntityName, () => _queue.ReadyCount, () => _queue.ScheduledCount);
        informer.Store.Subscribe(change => OnChange(change.Key, change.Old, change.New));
        foreach (var relation in relations)
        {
            relation.Connect(services, informer, OnRelated);
        }
    }

    public string EntityName { get; }

    public (TimeSpan Waiting, TimeSpan Running) Standstill
    {
        get
        {
            if (!_working)
            {
                return default;
            }

            var waiting = _queue.ReadyCount > 0 ? _time.GetElapsedTime(Interlocked.Read(ref _lastStart)) : TimeSpan.Zero;
            var running = _running.Values.Select(started => _time.GetElapsedTime(started)).DefaultIfEmpty().Max();
            return (waiting, running);
        }
    }

    public void Open() => _open = true;

    public void Enqueue(NamespacedName key, TimeSpan delay = default, QueuePriority priority = QueuePriority.Background)
    {
        _metrics.Enqueued(EntityName, "Operator");
        _queue.AddAfter(key, delay, priority);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _lastStart, _time.GetTimestamp());
        _working = true;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _workers).Select(_ => Task.Run(() => WorkAsync(cancellationToken), CancellationToken.None)))
                .ConfigureAwait(false);
        }
        finally
        {
            _working = false;
        }
    }

    public void Dispose() => _queue.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            WorkItem item;
            try
            {
                item = await _queue.TakeAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await RunPassAsync(item, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _queue.Done(item.Key);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "By design: whatever a controller throws is logged and tried again, and never ends a worker.")]
    private async Task RunPassAsync(WorkItem item, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        Interlocked.Exchange(ref _lastStart, started);
        _running[item.Key] = started;
        var result = "success";
        using var activity = RuntimeActivities.StartPass(EntityName, item.Key.Namespace, _informer.TryGet(item.Key, out var known) ? known.Metadata.Uid : null);
        try
        {
            _metrics.Waited(EntityName, item.Waited);
            using var scope = _logger.BeginPass(EntityName, item.Key.Namespace, item.Key.Name);
            var outcome = await _pass.RunAsync(item, cancellationToken).ConfigureAwait(false);
            result = outcome.IsSuccess ? "success" : "failure";
            Follow(item, outcome);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Not lost: the next leader starts with all keys, and so does this process should it lead again.
            result = "cancelled";
            _queue.Add(item.Key, item.Priority);
        }
        catch (Exception e)
        {
            result = "error";
            var delay = _queue.Retry(item.Key, QueuePriority.Background);
            _metrics.Requeued(EntityName, "error");
            _logger.PassThrew(e, EntityName, item.Key, delay);
        }
        finally
        {
            _running.TryRemove(item.Key, out _);
            RuntimeActivities.End(activity, result);
            _metrics.Reconciled(EntityName, _time.GetElapsedTime(started), result);
        }
    }

    private void Follow(WorkItem item, PassOutcome outcome)
    {
        if (!outcome.IsSuccess)
        {
            if (outcome.RequeueAfter is { } wait)
            {
                _queue.AddAfter(item.Key, wait, QueuePriority.Background);
            }
            else
            {
                _queue.Retry(item.Key, QueuePriority.Background);
            }

            _metrics.Requeued(EntityName, "failure");
            return;
        }

        _queue.Forget(item.Key);
        if (outcome.RequeueAfter is { } after)
        {
            _metrics.Requeued(EntityName, "requested");
            _queue.AddAfter(item.Key, after, QueuePriority.Background);
        }
        else if (!outcome.IsGone)
        {
            _queue.AddAfter(item.Key, Backoff.Spread(_resync, _random()), QueuePriority.Background);
        }
    }

    private void OnChange(NamespacedName key, TEntity? before, TEntity? after)
    {
        if (!_filter.Matters(before, after))
        {
            return;
        }

        if (after is null && before is not null)
        {
            _pass.Remember(before);
        }

        // The first list is no person's change, and thousands of them must not stand in front of one.
        _metrics.Enqueued(EntityName, "ApiServer");
        _queue.Add(key, _open ? QueuePriority.Immediate : QueuePriority.Background);
    }

    private void OnRelated(IEnumerable<NamespacedName> keys)
    {
        if (!_open)
        {
            return;
        }

        foreach (var key in keys)
        {
            _metrics.Enqueued(EntityName, "Related");
            _queue.Add(key, QueuePriority.Immediate);
        }
    }
}
