using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Finalizers;
using SmimeOperator.Runtime.Queue;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Hosting;

/// <summary>One pass over one key: deleted, being deleted, or to be reconciled.</summary>
internal sealed class EntityPass<TEntity>(
    EntityInformer<TEntity> informer,
    FinalizerWriter<TEntity> finalizerWriter,
    IEnumerable<FinalizerRegistration<TEntity>> finalizers,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<EntityPass<TEntity>> logger)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>How much longer than the rest of a cancelled pass the removal of a finalizer may take.</summary>
    /// <remarks>Short against the time between the end of a leader's work and the end of its lease.</remarks>
    private static readonly TimeSpan DetachGrace = TimeSpan.FromSeconds(3);

    private readonly FinalizerRegistration<TEntity>[] _finalizers = [.. finalizers];
    private readonly ConcurrentDictionary<NamespacedName, TEntity> _deleted = new();

    public IReadOnlyCollection<string> FinalizerIdentifiers => [.. _finalizers.Select(static item => item.Identifier)];

    /// <summary>Keeps the last known state of an entity that is gone until the controller has been told.</summary>
    public void Remember(TEntity deleted) => _deleted[NamespacedName.Of(deleted)] = deleted;

    public async Task<PassOutcome> RunAsync(WorkItem item, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var context = scope.ServiceProvider.GetRequiredService<ReconciliationContext>();
        (context.Key, context.Priority, context.Failures) = (item.Key, item.Priority, item.Failures);

        if (_deleted.TryGetValue(item.Key, out var gone))
        {
            var result = await Controller(scope).DeletedAsync(gone, cancellationToken).ConfigureAwait(false);
            var outcome = Judge(item.Key, result);
            if (!outcome.IsSuccess)
            {
                return outcome;
            }

            // Only this state: should another object of that name have come and gone meanwhile, its turn is next.
            _deleted.TryRemove(new KeyValuePair<NamespacedName, TEntity>(item.Key, gone));
        }

        if (!informer.TryGet(item.Key, out var entity))
        {
            return new PassOutcome(IsSuccess: true, RequeueAfter: null, IsGone: true);
        }

        return entity.Metadata.DeletionTimestamp is null
            ? await ReconcileAsync(scope, item.Key, entity, cancellationToken).ConfigureAwait(false)
            : await FinalizeAsync(scope, item.Key, entity, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PassOutcome> ReconcileAsync(
        AsyncServiceScope scope, NamespacedName key, TEntity entity, CancellationToken cancellationToken)
    {
        if (_finalizers.Length > 0)
        {
            // Before anything is made that would have to be cleaned up.
            var attached = await finalizerWriter.AttachAsync(entity, FinalizerIdentifiers, cancellationToken).ConfigureAwait(false);
            if (attached is null)
            {
                return new PassOutcome(IsSuccess: true, RequeueAfter: null, IsGone: true);
            }

            entity = attached;
        }

        return Judge(key, await Controller(scope).ReconcileAsync(entity, cancellationToken).ConfigureAwait(false));
    }

    private async Task<PassOutcome> FinalizeAsync(
        AsyncServiceScope scope, NamespacedName key, TEntity entity, CancellationToken cancellationToken)
    {
        foreach (var registration in _finalizers)
        {
            if (entity.Metadata.Finalizers?.Contains(registration.Identifier) != true)
            {
                continue;
            }

            var finalizer = (IEntityFinalizer<TEntity>)scope.ServiceProvider.GetRequiredService(registration.Implementation);
            var outcome = Judge(key, await finalizer.FinalizeAsync(entity, cancellationToken).ConfigureAwait(false));
            if (!outcome.IsSuccess)
            {
                return outcome;
            }

            // What was cleaned up must not be cleaned up again only because we are told to stop right now.
            using var grace = new CancellationTokenSource();
            using var timer = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            using var fired = timer.Token.Register(static state => ((CancellationTokenSource)state!).Cancel(), grace);
            using var stopped = cancellationToken.Register(() => timer.CancelAfter(DetachGrace));
            var left = await finalizerWriter.DetachAsync(entity, registration.Identifier, grace.Token).ConfigureAwait(false);
            logger.Finalized(typeof(TEntity).Name, key, registration.Identifier);
            if (left is null)
            {
                break;
            }

            entity = left;
        }

        return new PassOutcome(IsSuccess: true, RequeueAfter: null, IsGone: true);
    }

    private static IEntityController<TEntity> Controller(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetRequiredService<IEntityController<TEntity>>();

    private PassOutcome Judge(NamespacedName key, ReconciliationResult<TEntity> result)
    {
        if (result.IsSuccess)
        {
            return new PassOutcome(IsSuccess: true, result.RequeueAfter);
        }

        if (result.Error is null)
        {
            logger.PassUnsuccessful(typeof(TEntity).Name, key, result.ErrorMessage);
        }
        else
        {
            logger.PassFailed(result.Error, typeof(TEntity).Name, key, result.ErrorMessage);
        }

        return new PassOutcome(IsSuccess: false, result.RequeueAfter);
    }
}
