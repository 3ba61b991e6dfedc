using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>
/// Narrows a folder down to the imports of one user, so that no other user's Secret is opened. What an escrow of many users holds of this one becomes
/// an import of that user alone, which is judged in the same way and tells each certificate.
/// </summary>
internal static class UserImports
{
    /// <summary>The contents that concern the user.</summary>
    public static FolderContents Of(HistoryUser user, FolderContents contents, IResourceCatalog catalog, SavedRecords? memory)
    {
        var ids = (memory?.Records ?? []).Where(r => (r.Status as CertificateImportStatus)?.UserId is { } id && user.IsMeantBy(id)).Select(r => r.Key).ToHashSet();
        return contents with
        {
            Resources = contents.Resources.Values.Select(m => Narrow(m, user, catalog, ids)).OfType<ManifestResource>().ToDictionary(m => m.Key),
        };
    }

    /// <summary>Every name by which a folder's imports of a tenant mean users: principal names and object ids.</summary>
    public static IReadOnlyCollection<string> NamesIn(IResourceCatalog catalog, ResourceName tenant) =>
        [.. catalog.ImportsOf(tenant).SelectMany(i => i.Spec.Users is null ? [i.Spec.UserPrincipalName] : SecretsOf(i, catalog).Select(s => s.User)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The Secrets of an escrow, each with the user whom it names.</summary>
    public static IEnumerable<(ResourceName Name, string? User)> SecretsOf(CertificateImport import, IResourceCatalog catalog) => import.Spec.Users is not { } users
        ? []
        : catalog.FindSecrets(import.Metadata.NamespaceProperty, users.FromSecrets.Selector)
            .Select(s => (s.Name, s.Annotations.GetValueOrDefault(users.FromSecrets.UserAnnotation)?.Trim()));

    private static ManifestResource? Narrow(ManifestResource manifest, HistoryUser user, IResourceCatalog catalog, HashSet<ResourceKey> ids)
    {
        if (manifest is not CustomManifest custom || custom.Entity is Tenant)
        {
            return manifest;
        }

        if (custom.Entity is not CertificateImport import)
        {
            return null;
        }

        if (import.Spec.Users is null)
        {
            return user.IsMeantBy(import.Spec.UserPrincipalName) || ids.Contains(manifest.Key) ? custom with { Entity = Looked(import, _ => { }) } : null;
        }

        var secrets = SecretsOf(import, catalog).Where(s => user.IsMeantBy(s.User)).Select(s => s.Name.Name).Order(StringComparer.Ordinal).ToList();
        return secrets.Count == 0 ? null : custom with
        {
            Entity = Looked(import, spec =>
            {
                spec.Users = null;
                spec.UserPrincipalName = user.Name;
                spec.Sources = [.. secrets.Select(s => new CertificateSourceSpec { Name = s })];
            }),
        };
    }

    // A suspended import is looked into as well: what git holds does not depend on it.
    private static CertificateImport Looked(CertificateImport import, Action<CertificateImportSpec> change)
    {
        var copy = (CertificateImport)KindModel.All[CertificateImport.KubeKind].Restore(import.Metadata, KindModel.ToJson(import.Spec), null);
        copy.Spec.Suspend = false;
        change(copy.Spec);
        return copy;
    }
}
