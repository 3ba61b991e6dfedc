using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>
/// Who refers to whom, and the order in which resources are shown. It follows from specs alone, so it holds as long as only statuses
/// change: nothing is searched for in a list of all.
/// </summary>
internal sealed class ResourceIndex
{
    private readonly ILookup<ResourceName, ResourceKey> _assignments;
    private readonly ILookup<ResourceName, ResourceKey> _tenants;
    private readonly ILookup<string, ResourceKey> _users;

    public ResourceIndex(IReadOnlyCollection<ResourceRecord> records)
    {
        All = [.. records.OrderBy(r => r.Model.DeletionOrder == 0 ? 9 : 3 - r.Model.DeletionOrder)
            .ThenBy(r => r.Key.Namespace, StringComparer.Ordinal).ThenBy(r => r.Key.Name, StringComparer.Ordinal).Select(r => r.Key)];
        _assignments = records.Select(r => (r.Key, r.Entity as Assignment)).Where(r => r.Item2 is not null)
            .ToLookup(r => new ResourceName(r.Key.Namespace, r.Item2!.Spec.PolicyRef.Name), r => r.Key);
        _tenants = records.Select(r => (r.Key, Tenant: KindModel.TenantOf(r.Entity))).Where(r => r.Tenant is not null)
            .SelectMany(r => AssignmentsOf(r.Key).Prepend(r.Key), (r, key) => (Tenant: r.Tenant!.Value, key)).ToLookup(r => r.Tenant, r => r.key);
        _users = records.Select(r => (r.Key, User: (r.Entity as CertificateImport)?.Spec.UserPrincipalName)).Where(r => r.User is not null)
            .ToLookup(r => r.User!, r => r.Key, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every resource: Tenants, policies, imports, Assignments, each by name.</summary>
    public IReadOnlyList<ResourceKey> All { get; }

    /// <summary>The Assignments that refer to a policy.</summary>
    public IEnumerable<ResourceKey> AssignmentsOf(ResourceName policy) => _assignments[policy];

    /// <summary>What works in a Tenant: policies with their Assignments, and imports.</summary>
    public IEnumerable<ResourceKey> OfTenant(ResourceName tenant) => _tenants[tenant];

    /// <summary>The imports of one user, whatever the letter case.</summary>
    public IEnumerable<ResourceKey> OfUser(string userPrincipalName) => _users[userPrincipalName];

    private IEnumerable<ResourceKey> AssignmentsOf(ResourceKey key) => key.Kind == SmimePolicy.KubeKind ? _assignments[key.ResourceName] : [];
}
