using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Who has to look again when something changed: the references between resources, followed backwards.</summary>
internal sealed class Wakeups(ResourceState state)
{
    /// <summary>A Tenant changed: everything that works in it.</summary>
    public IEnumerable<ResourceKey> OfTenant(ResourceName tenant) => state.Select(i => i.OfTenant(tenant)).Select(r => r.Key);

    /// <summary>The tenant was found different: only what owns something of it. What concerns everybody wakes everybody.</summary>
    public IEnumerable<ResourceKey> OfSnapshot(ResourceName tenant, SnapshotChange change)
    {
        if (!change.SharedChanged && change.ObjectIds.Count == 0 && change.UserKeys.Count == 0)
        {
            return [];
        }

        return state.Select(i => i.OfTenant(tenant))
            .Where(r => change.SharedChanged || IsTouched(r, change) || (change.UserKeys.Count > 0 && r.Entity is CertificateImport { Spec.Users: not null })).Select(r => r.Key);
    }

    /// <summary>
    /// A resource has another status than before. A policy's new objects have to be assigned; a target that one Assignment lets go of passes
    /// to the next that remembers it.
    /// </summary>
    public IEnumerable<ResourceKey> OfStatus(ResourceRecord before, ResourceStatus after) => (before.Entity, after) switch
    {
        (SmimePolicy, _) when !Ids(before.Status).SetEquals(Ids(after)) => AssignmentsOf(before.Key.ResourceName).Select(a => a.Key),
        (Assignment assignment, AssignmentStatus now) when AssignmentTargets.Differ(before.Status as AssignmentStatus, now) =>
            AssignmentsOf(new ResourceName(before.Key.Namespace, assignment.Spec.PolicyRef.Name))
                .Where(a => a.Key != before.Key && AssignmentTargets.Overlap(a.Status as AssignmentStatus, now)).Select(a => a.Key),
        _ => [],
    };

    /// <summary>A resource was stated, changed or let go of: whoever refers to it, and whoever it shares objects with.</summary>
    public IEnumerable<ResourceKey> OfResource(ResourceKey key, ResourceRecord? record) => key.Kind switch
    {
        Tenant.KubeKind => OfTenant(key.ResourceName),
        SmimePolicy.KubeKind => AssignmentsOf(key.ResourceName).Select(a => a.Key),
        Assignment.KubeKind when record?.Entity is Assignment assignment =>
            AssignmentsOf(new ResourceName(key.Namespace, assignment.Spec.PolicyRef.Name)).Select(a => a.Key).Where(k => k != key),
        CertificateImport.KubeKind when record?.Entity is CertificateImport { Spec.UserPrincipalName: { } user } =>
            state.Select(i => i.OfUser(user)).Select(r => r.Key).Where(k => k != key),
        _ => [],
    };

    /// <summary>What waits to be deleted: the release of another resource may be what it waited for.</summary>
    public IEnumerable<ResourceKey> OfRelease() => state.Records.Where(r => r.IsDeleting).OrderBy(r => r.Model.DeletionOrder).Select(r => r.Key);

    /// <summary>A Secret or ConfigMap changed: everything of its namespace that refers to it.</summary>
    public IEnumerable<ResourceKey> OfData(ResourceKey data) =>
        state.Records.Where(r => r.Key.Namespace == data.Namespace && Refers(r, data))
            .SelectMany(r => r.Entity is Tenant ? OfTenant(r.Key.ResourceName).Prepend(r.Key) : [r.Key]);

    private IReadOnlyList<ResourceRecord> AssignmentsOf(ResourceName policy) => state.Select(i => i.AssignmentsOf(policy));

    private static bool Refers(ResourceRecord record, ResourceKey data)
    {
        var named = record.Entity switch
        {
            Tenant tenant => ResourceReferences.DataOf(tenant),
            SmimePolicy policy => ResourceReferences.DataOf(policy),
            CertificateImport import => ResourceReferences.DataOf(import),
            _ => [],
        };

        // A selector may have matched until now, or match from now on; looking costs nothing where nothing changed.
        return (record.Entity is CertificateImport { Spec: { SourceSelector: not null } or { Users: not null } } && data.Kind == nameof(DataKind.Secret))
            || named.Any(n => n.Kind.ToString() == data.Kind && n.Name.Name == data.Name);
    }

    private static bool IsTouched(ResourceRecord record, SnapshotChange change) => record.Status switch
    {
        CertificateImportStatus { UserId: { } user } => change.UserKeys.Contains(ImportedCertificate.UserKeyOf(user)),
        CertificateImportStatus => false,
        { } status => (status.Objects ?? []).Exists(o => change.ObjectIds.Contains(o.Id)),
        null => false,
    };

    private static HashSet<string> Ids(ResourceStatus? status) => [.. (status?.Objects ?? []).Select(o => o.Id)];
}
