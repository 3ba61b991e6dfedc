using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// The other resources that import into the same tenant. One user and thumbprint is one record there, with one purpose: of two resources
/// that want it for different purposes the older keeps it, and no deletion takes away what another one imported.
/// </summary>
internal sealed class ImportRivals
{
    private readonly CertificateImport _import;
    private readonly IResourceCatalog _catalog;
    private readonly ResourceName _tenant;
    private readonly Lazy<IReadOnlyList<(CertificateImport Import, ImportLedger Ledger)>> _bulk;

    public ImportRivals(CertificateImport import, IResourceCatalog catalog)
    {
        (_import, _catalog) = (import, catalog);
        _tenant = ResourceReferences.TenantOf(import.Spec.TenantRef, import.Metadata.NamespaceProperty);
        _bulk = new(() => [.. catalog.BulkImportsOf(_tenant).Where(IsOther).Select(i => (i, ImportLedger.Read(i.Status?.Keys)))]);
    }

    /// <summary>Why a certificate cannot be imported: another resource holds it for another purpose. Null where it can.</summary>
    public string? Refuse(DirectoryUser user, string id) =>
        HoldersOf(user.UserPrincipalName, id).FirstOrDefault(o => o.Spec.Purpose != _import.Spec.Purpose && IsOlder(o)) is { } rival
            ? $"CertificateImport {rival.Metadata.Name} imports the same certificate for {rival.Spec.Purpose}, and the service keeps one record for a user and certificate; remove it from one of the two"
            : null;

    /// <summary>The name of another resource that imported the same record; null where there is none.</summary>
    public string? AlsoIn(string userPrincipalName, string id) => HoldersOf(userPrincipalName, id).FirstOrDefault()?.Metadata.Name;

    /// <summary>Whether the other resources of the user have told what they imported.</summary>
    public bool AreSettled(string userPrincipalName) => _catalog.ImportsOfUser(_tenant, userPrincipalName).Where(IsOther).Concat(_bulk.Value.Select(b => b.Import))
        .All(o => o.Spec.Suspend || (o.Status?.ObservedGeneration == o.Metadata.Generation && o.Status?.Conditions?.Exists(c => c is { Type: ConditionTypes.Ready, Status: "True" }) == true));

    private IEnumerable<CertificateImport> HoldersOf(string userPrincipalName, string id) =>
        _catalog.ImportsOfUser(_tenant, userPrincipalName).Where(IsOther).Where(o => (o.Status?.Objects ?? []).Exists(held => held.Id == id))
            .Concat(_bulk.Value.Where(b => b.Ledger.Find(id) is not null).Select(b => b.Import));

    private bool IsOther(CertificateImport other) => other.Metadata.Uid != _import.Metadata.Uid && other.Metadata.DeletionTimestamp is null;

    private bool IsOlder(CertificateImport other) =>
        (other.Metadata.CreationTimestamp ?? default, other.Metadata.Uid).CompareTo((_import.Metadata.CreationTimestamp ?? default, _import.Metadata.Uid)) < 0;
}
