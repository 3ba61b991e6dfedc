using System.Text;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;
using SmimeOperator.Runtime;

namespace SmimeOperator.Catalog;

/// <summary>The cluster as reconciliations see it: stores for everything, a request only for data.</summary>
internal sealed class ClusterCatalog(
    IEntityStore<Tenant> tenants,
    IEntityStore<SmimePolicy> policies,
    IEntityStore<CertificateImport> imports,
    IEntityStore<Assignment> assignments,
    IMetadataStore<V1Secret> secrets,
    IMetadataStore<V1ConfigMap> configMaps,
    IObjectReader reader,
    IMetadataStore<V1Namespace>? namespaces = null)
{
    /// <summary>The catalog for one pass, once the cluster's id is known.</summary>
    public IResourceCatalog For(string clusterId) => new View(this, clusterId);

    private static NamespacedName Key(ResourceName name) => new(name.Namespace, name.Name);

    private sealed class View(ClusterCatalog stores, string clusterId) : IResourceCatalog
    {
        public string ClusterId => clusterId;

        public Tenant? FindTenant(ResourceName name) => stores.Tenants.TryGet(Key(name), out var tenant) ? tenant : null;

        public SmimePolicy? FindPolicy(ResourceName name) => stores.Policies.TryGet(Key(name), out var policy) ? policy : null;

        public IReadOnlyList<Assignment> AssignmentsOf(ResourceName policy) => stores.Assignments.ByIndex(Indexes.Policy, policy.ToString());

        public IReadOnlyList<SmimePolicy> PoliciesOf(ResourceName tenant) => stores.Policies.ByIndex(Indexes.Tenant, tenant.ToString());

        public IReadOnlyList<CertificateImport> ImportsOf(ResourceName tenant) => stores.Imports.ByIndex(Indexes.Tenant, tenant.ToString());

        public IReadOnlyList<CertificateImport> ImportsOfUser(ResourceName tenant, string userPrincipalName) =>
            stores.Imports.ByIndex(Indexes.User, Indexes.UserOf(tenant, userPrincipalName));

        public IReadOnlyList<CertificateImport> BulkImportsOf(ResourceName tenant) =>
            stores.Imports.ByIndex(Indexes.User, Indexes.UserOf(tenant, Indexes.ManyUsers));

        public IReadOnlyDictionary<string, string>? NamespaceLabels(string name) =>
            stores.Namespaces is { } known && known.TryGet(new NamespacedName("", name), out var found) ? found.Labels : null;

        public DataObject? FindData(DataKind kind, ResourceName name) =>
            stores.Metadata(kind).TryGet(Key(name), out var found) ? Describe(found) : null;

        public IReadOnlyList<DataObject> FindSecrets(string @namespace, LabelSelector selector) =>
            [.. stores.Secrets.ByIndex(Indexes.Selector, @namespace).Where(s => selector.Matches(s.Labels)).Select(Describe)];

        public async Task<IReadOnlyDictionary<string, byte[]>?> ReadDataAsync(DataKind kind, ResourceName name, CancellationToken cancellationToken)
        {
            if (kind == DataKind.Secret)
            {
                var secret = await stores.Reader.GetAsync<V1Secret>(Key(name), cancellationToken);
                return secret is null ? null : (secret.Data ?? new Dictionary<string, byte[]>()).AsReadOnly();
            }

            if (await stores.Reader.GetAsync<V1ConfigMap>(Key(name), cancellationToken) is not { } map)
            {
                return null;
            }

            var data = (map.Data ?? new Dictionary<string, string>()).ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value));
            foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>())
            {
                data[key] = value;
            }

            return data;
        }

        private static DataObject Describe(ObjectMetadata found) => new(
            new ResourceName(found.Key.Namespace, found.Key.Name), $"{found.Uid}/{found.ResourceVersion}", found.Labels, found.Annotations);
    }

    private IEntityStore<Tenant> Tenants => tenants;

    private IEntityStore<SmimePolicy> Policies => policies;

    private IEntityStore<CertificateImport> Imports => imports;

    private IEntityStore<Assignment> Assignments => assignments;

    private IMetadataStore<V1Secret> Secrets => secrets;

    private IMetadataStore<V1Namespace>? Namespaces => namespaces;

    private IObjectReader Reader => reader;

    private IObjectStore<ObjectMetadata> Metadata(DataKind kind) => kind == DataKind.Secret ? secrets : configMaps;
}
