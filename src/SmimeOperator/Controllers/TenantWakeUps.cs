using SmimeOperator.Api;
using SmimeOperator.Catalog;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;
using SmimeOperator.Runtime;

namespace SmimeOperator.Controllers;

/// <summary>Wakes, after a sweep, the resources whose objects changed in the tenant, and no others.</summary>
internal sealed class TenantWakeUps(
    IEntityStore<SmimePolicy> policies,
    IEntityStore<CertificateImport> imports,
    IEntityStore<Assignment> assignments,
    IEntityEnqueuer<SmimePolicy> policyQueue,
    IEntityEnqueuer<CertificateImport> importQueue,
    IEntityEnqueuer<Assignment> assignmentQueue)
{
    public void Wake(ResourceName tenant, SnapshotChange change)
    {
        foreach (var id in change.ObjectIds)
        {
            Enqueue(policies.ByIndex(Indexes.TenantObject, id), policyQueue);
            Enqueue(assignments.ByIndex(Indexes.TenantObject, id), assignmentQueue);
        }

        foreach (var user in change.UserKeys)
        {
            Enqueue(imports.ByIndex(Indexes.UserKey, user), importQueue);
        }

        if (change.UserKeys.Count > 0)
        {
            // Whether one of thousands of users is among them, they know best themselves.
            Enqueue(imports.ByIndex(Indexes.User, Indexes.UserOf(tenant, Indexes.ManyUsers)), importQueue);
        }

        if (change.SharedChanged)
        {
            // Connectors concern the prerequisites of policies, filters the assignments; a part that reads again concerns whoever waits for it.
            var concerned = policies.ByIndex(Indexes.Tenant, tenant.ToString());
            Enqueue(concerned, policyQueue);
            Enqueue(concerned.SelectMany(p => assignments.ByIndex(Indexes.Policy, NamespacedName.Of(p).ToString())), assignmentQueue);
            Enqueue(imports.ByIndex(Indexes.Tenant, tenant.ToString()).Where(IsWaiting), importQueue);
        }
    }

    private static bool IsWaiting(CertificateImport import) =>
        import.Status?.Conditions?.Any(c => c is { Type: ConditionTypes.Ready, Status: "True" }) != true;

    private static void Enqueue<T>(IEnumerable<T> entities, IEntityEnqueuer<T> queue)
        where T : class, k8s.IKubernetesObject<k8s.Models.V1ObjectMeta>
    {
        foreach (var entity in entities)
        {
            queue.Enqueue(NamespacedName.Of(entity));
        }
    }
}
