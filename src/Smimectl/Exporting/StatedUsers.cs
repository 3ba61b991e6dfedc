using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>The users whom CertificateImports of a folder name, one by one or through an escrow's Secrets.</summary>
internal static class StatedUsers
{
    public static IReadOnlySet<string> Of(TenantView view)
    {
        var tenant = new ResourceName(view.Resource.Metadata.NamespaceProperty, view.Resource.Metadata.Name);
        var imports = view.Catalog.ImportsOf(tenant);
        return imports.Select(i => i.Spec.UserPrincipalName).OfType<string>()
            .Concat(imports.Where(i => i.Spec.Users is not null).SelectMany(i => Escrowed(view, i)))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Escrowed(TenantView view, CertificateImport import)
    {
        var from = import.Spec.Users!.FromSecrets;
        return view.Catalog.FindSecrets(import.Metadata.NamespaceProperty, from.Selector)
            .Select(s => s.Annotations.TryGetValue(from.UserAnnotation, out var user) ? user : null).OfType<string>();
    }
}
