using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Name and namespace of a resource.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name.</param>
public readonly record struct ResourceName(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace + "/" + Name;
}

/// <summary>What can be known of a Secret or ConfigMap without reading its data.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Changes whenever it changes: uid and resourceVersion in a cluster, a hash of the file in a folder.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Annotations">Its annotations.</param>
public sealed record DataObject(
    ResourceName Name, string Version, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations);

/// <summary>
/// The resources that a reconciliation may refer to: a cluster's stores in the operator, a folder's manifests in smimectl.
/// Objects are shared and must not be changed. Data of Secrets is read when asked for, and never kept.
/// </summary>
public interface IResourceCatalog
{
    /// <summary>Identifies the cluster (or folder): part of the mark on what we make, so that two clusters never take each other's objects.</summary>
    string ClusterId { get; }

    /// <summary>A Tenant, or null.</summary>
    Tenant? FindTenant(ResourceName name);

    /// <summary>A policy, or null.</summary>
    SmimePolicy? FindPolicy(ResourceName name);

    /// <summary>Every Assignment that refers to the policy, those being deleted too.</summary>
    IReadOnlyList<Assignment> AssignmentsOf(ResourceName policy);

    /// <summary>Every policy that refers to the Tenant.</summary>
    IReadOnlyList<SmimePolicy> PoliciesOf(ResourceName tenant);

    /// <summary>Every import that refers to the Tenant.</summary>
    IReadOnlyList<CertificateImport> ImportsOf(ResourceName tenant);

    /// <summary>Every import of one user (any letter case) that refers to the Tenant.</summary>
    IReadOnlyList<CertificateImport> ImportsOfUser(ResourceName tenant, string userPrincipalName);

    /// <summary>Every import for many users that refers to the Tenant.</summary>
    IReadOnlyList<CertificateImport> BulkImportsOf(ResourceName tenant);

    /// <summary>The labels of a namespace; null where it is not known.</summary>
    IReadOnlyDictionary<string, string>? NamespaceLabels(string name);

    /// <summary>A Secret or ConfigMap without its data, or null.</summary>
    DataObject? FindData(DataKind kind, ResourceName name);

    /// <summary>The Secrets of a namespace whose labels match, without their data.</summary>
    IReadOnlyList<DataObject> FindSecrets(string @namespace, LabelSelector selector);

    /// <summary>Reads the data of a Secret or ConfigMap; null where it is not there. The caller clears what it no longer needs.</summary>
    Task<IReadOnlyDictionary<string, byte[]>?> ReadDataAsync(DataKind kind, ResourceName name, CancellationToken cancellationToken);
}
