using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Catalog;
using SmimeOperator.Reconciliation;
using SmimeOperator.Runtime;

namespace SmimeOperator.Controllers;

/// <summary>Which change of one thing concerns which others.</summary>
internal static class Relations
{
    public static void Add(IOperatorBuilder builder)
    {
        AddIndexes(builder);

        // A Tenant that appears, changes its mind or its health concerns everything that refers to it.
        builder.AddRelated<Tenant, SmimePolicy>((t, store) => Names(store.ByIndex(Indexes.Tenant, Name(t))), TenantMatters);
        builder.AddRelated<Tenant, CertificateImport>((t, store) => Names(store.ByIndex(Indexes.Tenant, Name(t))), TenantMatters);

        // A policy's new objects want assigning; a policy that goes waits for its Assignments, and a Tenant for its policies and imports.
        builder.AddRelated<SmimePolicy, Assignment>((p, store) => Names(store.ByIndex(Indexes.Policy, Name(p))), PolicyMatters);
        builder.AddRelated<Assignment, SmimePolicy>((a, _) => [new NamespacedName(a.Metadata.NamespaceProperty, a.Spec.PolicyRef.Name)], AssignmentMatters);
        builder.AddRelated<CertificateImport, SmimePolicy>(
            (i, store) => Names(store.ByIndex(Indexes.Tenant, TenantOf(i.Spec.TenantRef, i).ToString()).Where(p => Awaits(p, i.Spec.Purpose) || IsRefused(i))), ImportMatters);
        builder.AddRelated<SmimePolicy, Tenant>((p, _) => [TenantOf(p.Spec.TenantRef, p)], IsGone);
        builder.AddRelated<CertificateImport, Tenant>((i, _) => [TenantOf(i.Spec.TenantRef, i)], IsGone);

        // Assignments of one policy are one set in the tenant, and a target that one of them lets go of passes to the next that remembers it.
        builder.AddRelated<Assignment, Assignment>((a, store) => Names(store.ByIndex(Indexes.Policy, PolicyOf(a))), SpecMatters);
        builder.AddRelated<Assignment, Assignment>(
            (a, store) => Names(store.ByIndex(Indexes.Policy, PolicyOf(a)).Where(s => s.Metadata.Uid != a.Metadata.Uid && AssignmentTargets.Overlap(s.Status, a.Status))),
            (before, after) => before is not null && after is not null && AssignmentTargets.Differ(before.Status, after.Status));

        AddData<Tenant>(builder);
        AddData<SmimePolicy>(builder);
        AddData<CertificateImport>(builder);
        builder.AddRelatedMetadata<V1Secret, CertificateImport>((secret, store) =>
            store.ByIndex(Indexes.Selector, secret.Key.Namespace)
                .Where(i => SelectorOf(i)!.Matches(secret.Labels))
                .Select(i => NamespacedName.Of(i)));
    }

    private static void AddIndexes(IOperatorBuilder builder)
    {
        builder.AddIndex<SmimePolicy>(Indexes.Tenant, p => [ResourceReferences.TenantOf(p.Spec.TenantRef, p.Metadata.NamespaceProperty).ToString()]);
        builder.AddIndex<SmimePolicy>(Indexes.TenantObject, p => Indexes.ObjectsOf(p.Status));
        builder.AddIndex<SmimePolicy>(Indexes.Data, p => Indexes.Keys(ResourceReferences.DataOf(p)));
        builder.AddIndex<CertificateImport>(Indexes.Tenant, i => [ResourceReferences.TenantOf(i.Spec.TenantRef, i.Metadata.NamespaceProperty).ToString()]);
        builder.AddIndex<CertificateImport>(Indexes.User, i => [Indexes.UserOf(i)]);
        builder.AddIndex<CertificateImport>(Indexes.UserKey, Indexes.UserKeysOf);
        builder.AddIndex<CertificateImport>(Indexes.Data, i => Indexes.Keys(ResourceReferences.DataOf(i)));
        builder.AddIndex<CertificateImport>(Indexes.Selector, i => SelectorOf(i) is null ? [] : [i.Metadata.NamespaceProperty]);
        builder.AddIndex<Assignment>(Indexes.Policy, a => [PolicyOf(a)]);
        builder.AddIndex<Assignment>(Indexes.TenantObject, a => Indexes.ObjectsOf(a.Status));
        builder.AddIndex<Tenant>(Indexes.Data, t => Indexes.Keys(ResourceReferences.DataOf(t)));
        builder.AddMetadataIndex<V1Secret>(Indexes.Selector, s => [s.Key.Namespace]);
    }

    private static void AddData<TEntity>(IOperatorBuilder builder)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        builder.AddRelatedMetadata<V1Secret, TEntity>((s, store) => Names(store.ByIndex(Indexes.Data, KeyOf(DataKind.Secret, s))));
        builder.AddRelatedMetadata<V1ConfigMap, TEntity>((c, store) => Names(store.ByIndex(Indexes.Data, KeyOf(DataKind.ConfigMap, c))));
    }

    private static LabelSelector? SelectorOf(CertificateImport import) => import.Spec.Users?.FromSecrets.Selector ?? import.Spec.SourceSelector;

    private static bool TenantMatters(Tenant? before, Tenant? after) =>
        before is null || after is null
        || before.Metadata.Generation != after.Metadata.Generation
        || before.Status?.ConnectorKeyFingerprint != after.Status?.ConnectorKeyFingerprint
        || StatusOf(before, ConditionTypes.CredentialsValid) != StatusOf(after, ConditionTypes.CredentialsValid);

    private static bool PolicyMatters(SmimePolicy? before, SmimePolicy? after) =>
        before is null || after is null
        || (before.Metadata.DeletionTimestamp is null && after.Metadata.DeletionTimestamp is not null)
        || !Indexes.ObjectsOf(before.Status).SequenceEqual(Indexes.ObjectsOf(after.Status));

    // Whom the policy's objects are assigned to, and whether the Assignment can be carried out, are prerequisites of the policy.
    private static bool AssignmentMatters(Assignment? before, Assignment? after) =>
        IsGone(before, after) || ReasonOf(before?.Status) != ReasonOf(after?.Status)
        || !Applied(before?.Status).SequenceEqual(Applied(after?.Status));

    private static IEnumerable<string?> Applied(AssignmentStatus? status) => (status?.Objects ?? []).Select(o => o.Id + o.AppliedHash);

    // So are imported certificates; while there are some, one more changes nothing for a policy.
    private static bool ImportMatters(CertificateImport? before, CertificateImport? after) =>
        (before?.Status?.Counts?.Imported > 0) != (after?.Status?.Counts?.Imported > 0) || IsRefused(before) != IsRefused(after);

    private static bool Awaits(SmimePolicy policy, ImportPurpose? purpose) =>
        (policy.Status?.Prerequisites ?? []).Any(p => Prerequisites.LooksAt(p.Name, purpose) && p.State != PrerequisiteState.Met);

    private static bool IsRefused(CertificateImport? import) => ReasonOf(import?.Status) == Reasons.IdentityMismatch;

    private static string? ReasonOf(ResourceStatus? status) => status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Reason;

    private static bool SpecMatters(Assignment? before, Assignment? after) =>
        before is null || after is null || before.Metadata.Generation != after.Metadata.Generation
        || (before.Metadata.DeletionTimestamp is null) != (after.Metadata.DeletionTimestamp is null);

    private static bool IsGone<T>(T? before, T? after)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        after is null || (before?.Metadata.DeletionTimestamp is null && after.Metadata.DeletionTimestamp is not null);

    private static string? StatusOf(Tenant tenant, string condition) => tenant.Status?.Conditions?.FirstOrDefault(c => c.Type == condition)?.Status;

    private static NamespacedName TenantOf(TenantReference reference, IMetadata<V1ObjectMeta> owner)
    {
        var tenant = ResourceReferences.TenantOf(reference, owner.Metadata.NamespaceProperty);
        return new NamespacedName(tenant.Namespace, tenant.Name);
    }

    private static string KeyOf(DataKind kind, ObjectMetadata data) => new NamedData(kind, new ResourceName(data.Key.Namespace, data.Key.Name)).ToString();

    private static string PolicyOf(Assignment assignment) => new ResourceName(assignment.Metadata.NamespaceProperty, assignment.Spec.PolicyRef.Name).ToString();

    private static string Name(IMetadata<V1ObjectMeta> entity) => NamespacedName.Of(entity).ToString();

    private static IEnumerable<NamespacedName> Names<T>(IEnumerable<T> entities)
        where T : class, IKubernetesObject<V1ObjectMeta> => entities.Select(e => NamespacedName.Of(e));
}
