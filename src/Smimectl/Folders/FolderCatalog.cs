using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>The folders as the reconcilers see them. Data of Secrets is read from its file when asked for, and never kept.</summary>
internal sealed class FolderCatalog(ResourceState state) : IResourceCatalog
{
    public string ClusterId => state.ClusterId;

    public Tenant? FindTenant(ResourceName name) => state.Find(new ResourceKey(Tenant.KubeKind, name.Namespace, name.Name))?.Entity as Tenant;

    public SmimePolicy? FindPolicy(ResourceName name) =>
        state.Find(new ResourceKey(SmimePolicy.KubeKind, name.Namespace, name.Name))?.Entity as SmimePolicy;

    public IReadOnlyList<Assignment> AssignmentsOf(ResourceName policy) => All<Assignment>(i => i.AssignmentsOf(policy));

    public IReadOnlyList<SmimePolicy> PoliciesOf(ResourceName tenant) => All<SmimePolicy>(i => i.OfTenant(tenant));

    public IReadOnlyList<CertificateImport> ImportsOf(ResourceName tenant) => All<CertificateImport>(i => i.OfTenant(tenant));

    public IReadOnlyList<CertificateImport> ImportsOfUser(ResourceName tenant, string userPrincipalName) =>
        [.. All<CertificateImport>(i => i.OfUser(userPrincipalName)).Where(i => KindModel.TenantOf(i) == tenant)];

    public IReadOnlyList<CertificateImport> BulkImportsOf(ResourceName tenant) => [.. ImportsOf(tenant).Where(i => i.Spec.Users is not null)];

    public IReadOnlyDictionary<string, string>? NamespaceLabels(string name) =>
        state.FindManifest<NamespaceManifest>(new ResourceKey("Namespace", "", name))?.Labels;

    public DataObject? FindData(DataKind kind, ResourceName name) => state.FindManifest<DataManifest>(KeyOf(kind, name))?.Object;

    public IReadOnlyList<DataObject> FindSecrets(string @namespace, LabelSelector selector) =>
        [.. state.Manifests<DataManifest>().Where(m => m.DataKind == DataKind.Secret && m.Key.Namespace == @namespace && selector.Matches(m.Object.Labels)).Select(m => m.Object)];

    public async Task<IReadOnlyDictionary<string, byte[]>?> ReadDataAsync(DataKind kind, ResourceName name, CancellationToken cancellationToken)
    {
        var key = KeyOf(kind, name);
        if (state.FindManifest<DataManifest>(key) is not { } manifest)
        {
            return null;
        }

        try
        {
            return ManifestReader.ReadData(await File.ReadAllTextAsync(manifest.File, cancellationToken), key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private IReadOnlyList<T> All<T>(Func<ResourceIndex, IEnumerable<ResourceKey>> keys) => [.. state.Select(keys).Select(r => r.Entity).OfType<T>()];

    private static ResourceKey KeyOf(DataKind kind, ResourceName name) => new(kind.ToString(), name.Namespace, name.Name);
}
