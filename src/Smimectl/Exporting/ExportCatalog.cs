using System.Security.Cryptography;
using System.Text;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>The folder with one more policy in it, and the ConfigMap of its certificates: what a plan of an exported policy asks for.</summary>
internal sealed class ExportCatalog(IResourceCatalog folder, SmimePolicy policy, PolicyDraft draft) : IResourceCatalog
{
    public string ClusterId => folder.ClusterId;

    public Tenant? FindTenant(ResourceName name) => folder.FindTenant(name);

    public SmimePolicy? FindPolicy(ResourceName name) => name == NameOf(policy.Metadata.Name) ? policy : folder.FindPolicy(name);

    public IReadOnlyList<Assignment> AssignmentsOf(ResourceName policy) => folder.AssignmentsOf(policy);

    public IReadOnlyList<SmimePolicy> PoliciesOf(ResourceName tenant) => [.. folder.PoliciesOf(tenant), policy];

    public IReadOnlyList<CertificateImport> ImportsOf(ResourceName tenant) => folder.ImportsOf(tenant);

    public IReadOnlyList<CertificateImport> ImportsOfUser(ResourceName tenant, string userPrincipalName) => folder.ImportsOfUser(tenant, userPrincipalName);

    public IReadOnlyList<CertificateImport> BulkImportsOf(ResourceName tenant) => folder.BulkImportsOf(tenant);

    public IReadOnlyDictionary<string, string>? NamespaceLabels(string name) => folder.NamespaceLabels(name);

    public DataObject? FindData(DataKind kind, ResourceName name) => folder.FindData(kind, name);

    public IReadOnlyList<DataObject> FindSecrets(string @namespace, LabelSelector selector) => folder.FindSecrets(@namespace, selector);

    public Task<IReadOnlyDictionary<string, byte[]>?> ReadDataAsync(DataKind kind, ResourceName name, CancellationToken cancellationToken) =>
        kind == DataKind.ConfigMap && name == NameOf(draft.RootsName)
            ? Task.FromResult<IReadOnlyDictionary<string, byte[]>?>(
                draft.Roots.ToDictionary(r => r.Key + ".pem", r => Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", r.Value.Der))))
            : folder.ReadDataAsync(kind, name, cancellationToken);

    private ResourceName NameOf(string name) => new(policy.Metadata.NamespaceProperty, name);
}
