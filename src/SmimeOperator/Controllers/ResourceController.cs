using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Catalog;
using SmimeOperator.Reconciliation;
using SmimeOperator.Runtime;

namespace SmimeOperator.Controllers;

/// <summary>Brings a resource from the runtime to its reconciler, and what came of it back: status, events, and when to look again.</summary>
internal sealed class ResourceController<TEntity, TStatus>(
    IResourceReconciler<TEntity, TStatus> reconciler,
    ClusterIdentity identity,
    ClusterCatalog catalog,
    IStatusWriter<TEntity> statuses,
    IStatusWriter<Tenant> tenantStatuses,
    EventPublisher publish,
    TenantWakeUps wakeUps) : IEntityController<TEntity>, IEntityFinalizer<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>, IStatus<TStatus?>
    where TStatus : ResourceStatus
{
    public async Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var outcome = await reconciler.ReconcileAsync(entity, await ScopeAsync(entity, cancellationToken), cancellationToken);
        await statuses.WriteAsync(entity, outcome.Status, cancellationToken);
        return await ReportAsync(entity, outcome, cancellationToken);
    }

    public async Task<ReconciliationResult<TEntity>> FinalizeAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var outcome = await reconciler.FinalizeAsync(entity, await ScopeAsync(entity, cancellationToken), cancellationToken);
        if (!outcome.Released)
        {
            await statuses.WriteAsync(entity, outcome.Status, cancellationToken);
            await ReportAsync(entity, outcome, cancellationToken);
            return ReconciliationResult<TEntity>.Failure(entity, MessageOf(outcome.Status), requeueAfter: outcome.RequeueAfter);
        }

        return await ReportAsync(entity, outcome, cancellationToken);
    }

    // Everything is cleared up while the finalizer is there; what is gone needs nothing more.
    public Task<ReconciliationResult<TEntity>> DeletedAsync(TEntity entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<TEntity>.Success(entity));

    private async Task<ReconcileScope> ScopeAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var resources = catalog.For(await identity.GetAsync(cancellationToken));
        return new ReconcileScope(resources, (status, token) => statuses.WriteAsync(entity, (TStatus)status, token))
        {
            KeepRemovals = async (name, removals, token) =>
            {
                if (resources.FindTenant(name) is { } tenant)
                {
                    await tenantStatuses.WriteAsync(tenant, (tenant.Status ?? new TenantStatus()).WithRemovals(removals), token);
                }
            },
        };
    }

    private async Task<ReconciliationResult<TEntity>> ReportAsync(TEntity entity, Outcome<TStatus> outcome, CancellationToken cancellationToken)
    {
        foreach (var happened in outcome.Events)
        {
            await publish(entity, happened.Reason, happened.Message, happened.IsWarning ? EventType.Warning : EventType.Normal, cancellationToken);
        }

        if (outcome.Change is { } change)
        {
            wakeUps.Wake(new ResourceName(entity.Metadata.NamespaceProperty, entity.Metadata.Name), change);
        }

        return outcome.Retry
            ? ReconciliationResult<TEntity>.Failure(entity, MessageOf(outcome.Status), requeueAfter: outcome.RequeueAfter)
            : ReconciliationResult<TEntity>.Success(entity, outcome.RequeueAfter);
    }

    private static string MessageOf(TStatus status) =>
        status.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Message ?? "";
}
