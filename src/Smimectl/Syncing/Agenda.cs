using System.Collections.Concurrent;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>Which resource is looked at next: the queue, and who has to look again after what happened.</summary>
/// <param name="state">The resources.</param>
/// <param name="time">The clock.</param>
/// <param name="jitter">Numbers from 0 to 1 that spread retries.</param>
internal sealed class Agenda(ResourceState state, TimeProvider time, Func<double> jitter) : IDisposable
{
    private readonly WorkQueue _queue = new(time);
    private readonly Backoff _backoff = new(jitter);
    private readonly Wakeups _wakeups = new(state);
    private readonly ConcurrentDictionary<ResourceKey, bool> _leading = new();

    /// <summary>Whether nobody is being looked at, and nobody is due.</summary>
    public bool IsIdle => _queue.IsIdle;

    /// <summary>The next that is due; null when it was closed.</summary>
    public Task<ResourceKey?> TakeAsync() => _queue.TakeAsync();

    /// <summary>The look at a resource is over.</summary>
    public void Done(ResourceKey key) => _queue.Done(key);

    /// <summary>Nobody is given out any more.</summary>
    public void Close() => _queue.Close();

    public void Dispose() => _queue.Dispose();

    /// <summary>
    /// Begins with what there is. What earlier runs left is looked at too: the tenant may have changed while nobody watched. What works in a Tenant follows
    /// when that was looked at: it waits for the same read, and would have to look once more when the Tenant is ready.
    /// </summary>
    public void Begin()
    {
        var all = state.Records.Select(r => r.Key).ToList();
        var tenants = all.FindAll(k => k.Kind == Tenant.KubeKind);
        tenants.ForEach(t => _leading[t] = true);
        var following = tenants.SelectMany(t => _wakeups.OfTenant(t.ResourceName)).ToHashSet();
        Add(all.FindAll(k => !following.Contains(k)));
    }

    /// <summary>The folders changed.</summary>
    public void Changed(FolderChange change)
    {
        foreach (var key in change.Custom)
        {
            _backoff.Forget(key);
        }

        Add(change.Custom
            .Concat(change.Custom.SelectMany(k => _wakeups.OfResource(k, state.Find(k))))
            .Concat(change.Data.SelectMany(_wakeups.OfData))
            .Concat(change.NamespacesChanged ? state.Records.Select(r => r.Key) : []));
    }

    /// <summary>The look at a resource met a fault of ours.</summary>
    public void Failed(ResourceKey key)
    {
        _queue.AddAfter(key, _backoff.Next(key));
        Add(Following(key));
    }

    /// <summary>A resource is gone.</summary>
    public void Released(ResourceKey key, ResourceRecord record)
    {
        _backoff.Forget(key);
        Add(_wakeups.OfRelease().Concat(_wakeups.OfResource(key, record)));
    }

    /// <summary>A resource was looked at.</summary>
    public void Reconciled(ResourceKey key, ResourceRecord before, ReconcileResult result)
    {
        if (result.Retry)
        {
            _queue.AddAfter(key, result.RequeueAfter ?? _backoff.Next(key));
        }
        else
        {
            _backoff.Forget(key);
            if (result.RequeueAfter is { } later)
            {
                _queue.AddAfter(key, later);
            }
        }

        if (result.Released)
        {
            // Stated again while its deletion was being finished.
            _queue.Add(key);
        }

        var woken = _wakeups.OfStatus(before, result.Status).Concat(Following(key));
        if (result.Change is { } change)
        {
            woken = woken.Concat(_wakeups.OfSnapshot(key.ResourceName, change));
        }

        if (before.Key.Kind == Tenant.KubeKind && Ready(before.Status) != Ready(result.Status))
        {
            woken = woken.Concat(_wakeups.OfTenant(key.ResourceName));
        }

        Add(woken);
    }

    private IEnumerable<ResourceKey> Following(ResourceKey key) => _leading.TryRemove(key, out _) ? _wakeups.OfTenant(key.ResourceName) : [];

    // Tenants first, then in the order in which things are made; what is deleted goes the other way round.
    private void Add(IEnumerable<ResourceKey> keys)
    {
        foreach (var key in keys.Distinct().OrderBy(k => state.Find(k) is { IsDeleting: true } r ? r.Model.DeletionOrder : 10 - KindModel.All[k.Kind].DeletionOrder).ToList())
        {
            _queue.Add(key);
        }
    }

    private static (string?, long?) Ready(ResourceStatus? status) =>
        (status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Status, status?.ObservedGeneration);
}
