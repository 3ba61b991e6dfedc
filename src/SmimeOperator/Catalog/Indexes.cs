using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace SmimeOperator.Catalog;

/// <summary>What resources are filed under, so that nothing is ever searched for in a list of all.</summary>
internal static class Indexes
{
    /// <summary>By the Tenant that they refer to: namespace/name.</summary>
    public const string Tenant = "tenant";

    /// <summary>Imports by Tenant and user: namespace/name|principal name in lower case.</summary>
    public const string User = "user";

    /// <summary>In place of a principal name, which it cannot be: imports for many users.</summary>
    public const string ManyUsers = "*";

    /// <summary>Imports by the user's key in the tenant: object id without dashes.</summary>
    public const string UserKey = "user-key";

    /// <summary>Assignments by policy: namespace/name.</summary>
    public const string Policy = "policy";

    /// <summary>By the ids of what they own or assign in the tenant.</summary>
    public const string TenantObject = "tenant-object";

    /// <summary>By Secrets and ConfigMaps that they name: Kind/namespace/name.</summary>
    public const string Data = "data";

    /// <summary>Imports with a selector for Secrets, by namespace.</summary>
    public const string Selector = "selector";

    public static string UserOf(CertificateImport import) =>
        UserOf(ResourceReferences.TenantOf(import.Spec.TenantRef, import.Metadata.NamespaceProperty), import.Spec.UserPrincipalName ?? ManyUsers);

    public static string UserOf(ResourceName tenant, string userPrincipalName) => $"{tenant}|{userPrincipalName.ToLowerInvariant()}";

    public static IEnumerable<string> Keys(IEnumerable<NamedData> data) => data.Select(d => d.ToString());

    public static IEnumerable<string> ObjectsOf(ResourceStatus? status) => (status?.Objects ?? []).Select(o => o.Id);

    public static IEnumerable<string> UserKeysOf(CertificateImport import) =>
        import.Status?.UserId is { } id ? [ImportedCertificate.UserKeyOf(id)] : [];
}
