using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>An outcome without its type parameter.</summary>
internal sealed record ReconcileResult(
    ResourceStatus Status, TimeSpan? RequeueAfter, bool Retry, IReadOnlyList<ResourceEvent> Events, bool Released, SnapshotChange? Change);

/// <summary>Calls the reconciler of a kind.</summary>
internal sealed class Reconcilers(IServiceProvider services)
{
    public Task<ReconcileResult> RunAsync(ResourceRecord record, ReconcileScope scope, CancellationToken cancellationToken) => record.Entity switch
    {
        Tenant e => RunAsync<Tenant, TenantStatus>(e, scope, cancellationToken),
        SmimePolicy e => RunAsync<SmimePolicy, SmimePolicyStatus>(e, scope, cancellationToken),
        CertificateImport e => RunAsync<CertificateImport, CertificateImportStatus>(e, scope, cancellationToken),
        Assignment e => RunAsync<Assignment, AssignmentStatus>(e, scope, cancellationToken),
        _ => throw new InvalidOperationException($"There is no reconciler for {record.Key}."),
    };

    private async Task<ReconcileResult> RunAsync<TEntity, TStatus>(TEntity entity, ReconcileScope scope, CancellationToken cancellationToken)
        where TEntity : IKubernetesObject<V1ObjectMeta>
        where TStatus : ResourceStatus
    {
        var reconciler = services.GetRequiredService<IResourceReconciler<TEntity, TStatus>>();
        var outcome = entity.Metadata.DeletionTimestamp is null
            ? await reconciler.ReconcileAsync(entity, scope, cancellationToken)
            : await reconciler.FinalizeAsync(entity, scope, cancellationToken);
        return new ReconcileResult(outcome.Status, outcome.RequeueAfter, outcome.Retry, outcome.Events, outcome.Released, outcome.Change);
    }
}
