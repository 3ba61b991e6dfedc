using System.Globalization;
using System.Text;
using k8s.Models;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation.Tests.Worlds;

/// <summary>The resources of a cluster, in memory.</summary>
internal sealed class MemoryCatalog : IResourceCatalog
{
    private readonly Dictionary<(DataKind, ResourceName), (DataObject Object, Dictionary<string, byte[]>? Data)> _data = [];
    private int _version;
    private int _secretReads;

    public string ClusterId { get; init; } = "cluster-1";

    public List<Tenant> Tenants { get; } = [];

    public List<SmimePolicy> Policies { get; } = [];

    public List<CertificateImport> Imports { get; } = [];

    public List<Assignment> Assignments { get; } = [];

    public Dictionary<string, Dictionary<string, string>> Namespaces { get; } = [];

    /// <summary>How often data of Secrets was read.</summary>
    public int SecretReads => _secretReads;

    public void Put(DataKind kind, string name, Dictionary<string, byte[]> data, Dictionary<string, string>? labels = null, string @namespace = TenantWorld.Namespace, Dictionary<string, string>? annotations = null)
    {
        var key = new ResourceName(@namespace, name);
        _data[(kind, key)] = (new DataObject(key, (++_version).ToString(CultureInfo.InvariantCulture), labels ?? [], annotations ?? []), data);
    }

    public void Put(DataKind kind, string name, string key, string value) => Put(kind, name, new() { [key] = Encoding.UTF8.GetBytes(value) });

    /// <summary>Annotates a Secret.</summary>
    public void Annotate(string secret, string annotation, string value)
    {
        var (found, data) = _data[(DataKind.Secret, new ResourceName(TenantWorld.Namespace, secret))];
        Put(DataKind.Secret, secret, data!, new(found.Labels), annotations: new() { [annotation] = value });
    }

    /// <summary>Changes the data, or with null deletes them, while the watch still shows the version before.</summary>
    public void PutUnnoticed(string secret, Dictionary<string, byte[]>? data)
    {
        var key = (DataKind.Secret, new ResourceName(TenantWorld.Namespace, secret));
        _data[key] = (_data[key].Object, data);
    }

    public void Remove(DataKind kind, string name) => _data.Remove((kind, new ResourceName(TenantWorld.Namespace, name)));

    /// <summary>What is in the cluster now, to be put back when a process turns out to have been dead already.</summary>
    public KeptCluster Keep() => new(this);

    public Tenant? FindTenant(ResourceName name) => Tenants.Find(t => Name(t.Metadata) == name);

    public SmimePolicy? FindPolicy(ResourceName name) => Policies.Find(p => Name(p.Metadata) == name);

    public IReadOnlyList<Assignment> AssignmentsOf(ResourceName policy) =>
        [.. Assignments.Where(a => a.Metadata.NamespaceProperty == policy.Namespace && a.Spec.PolicyRef.Name == policy.Name)];

    public IReadOnlyList<SmimePolicy> PoliciesOf(ResourceName tenant) =>
        [.. Policies.Where(p => Refers(p.Spec.TenantRef, p.Metadata.NamespaceProperty, tenant))];

    public IReadOnlyList<CertificateImport> ImportsOf(ResourceName tenant) =>
        [.. Imports.Where(i => Refers(i.Spec.TenantRef, i.Metadata.NamespaceProperty, tenant))];

    public IReadOnlyList<CertificateImport> ImportsOfUser(ResourceName tenant, string userPrincipalName) =>
        [.. ImportsOf(tenant).Where(i => string.Equals(i.Spec.UserPrincipalName, userPrincipalName, StringComparison.OrdinalIgnoreCase))];

    public IReadOnlyList<CertificateImport> BulkImportsOf(ResourceName tenant) => [.. ImportsOf(tenant).Where(i => i.Spec.Users is not null)];

    public IReadOnlyDictionary<string, string>? NamespaceLabels(string name) => Namespaces.GetValueOrDefault(name);

    public DataObject? FindData(DataKind kind, ResourceName name) => _data.TryGetValue((kind, name), out var found) ? found.Object : null;

    public IReadOnlyList<DataObject> FindSecrets(string @namespace, LabelSelector selector) =>
        [.. _data.Where(d => d.Key.Item1 == DataKind.Secret && d.Key.Item2.Namespace == @namespace && selector.Matches(d.Value.Object.Labels)).Select(d => d.Value.Object)];

    public Task<IReadOnlyDictionary<string, byte[]>?> ReadDataAsync(DataKind kind, ResourceName name, CancellationToken cancellationToken)
    {
        if (kind == DataKind.Secret)
        {
            Interlocked.Increment(ref _secretReads);
        }

        // A copy, because readers clear what they got.
        return Task.FromResult<IReadOnlyDictionary<string, byte[]>?>(
            _data.TryGetValue((kind, name), out var found) ? found.Data?.ToDictionary(d => d.Key, d => d.Value.ToArray()) : null);
    }

    private static ResourceName Name(k8s.Models.V1ObjectMeta metadata) => new(metadata.NamespaceProperty, metadata.Name);

    private static bool Refers(TenantReference reference, string @namespace, ResourceName tenant) =>
        reference.Name == tenant.Name && (reference.Namespace ?? @namespace) == tenant.Namespace;

    /// <summary>The resources and their statuses at a moment.</summary>
    internal sealed class KeptCluster
    {
        private readonly List<Action> _restore = [];

        public KeptCluster(MemoryCatalog catalog)
        {
            Keep<Tenant, TenantStatus>(catalog.Tenants);
            Keep<SmimePolicy, SmimePolicyStatus>(catalog.Policies);
            Keep<CertificateImport, CertificateImportStatus>(catalog.Imports);
            Keep<Assignment, AssignmentStatus>(catalog.Assignments);
        }

        public void Restore() => _restore.ForEach(r => r());

        // Statuses are replaced and never changed, so holding on to them is enough.
        private void Keep<TEntity, TStatus>(List<TEntity> list)
            where TEntity : IStatus<TStatus?>
        {
            var kept = list.Select(e => (Entity: e, e.Status)).ToList();
            _restore.Add(() =>
            {
                list.Clear();
                list.AddRange(kept.Select(k => k.Entity));
                kept.ForEach(k => k.Entity.Status = k.Status);
            });
        }
    }
}
