using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Whether Tenants and policies that resources name are there and may be named, and names within a policy.</summary>
internal static class ReferenceCheck
{
    // The API server puts it on every namespace.
    private const string NameLabel = "kubernetes.io/metadata.name";

    public static void Run(Checks checks)
    {
        foreach (var set in checks.Sets)
        {
            foreach (var (manifest, policy) in Checks.Of<SmimePolicy>(set))
            {
                TenantOf(checks, set, manifest, policy.Spec.TenantRef);
                RootOf(checks, set, manifest, policy.Spec);
            }

            foreach (var (manifest, import) in Checks.Of<CertificateImport>(set))
            {
                TenantOf(checks, set, manifest, import.Spec.TenantRef);
            }

            foreach (var (manifest, assignment) in Checks.Of<Assignment>(set))
            {
                var key = new ResourceKey(SmimePolicy.KubeKind, manifest.Key.Namespace, assignment.Spec.PolicyRef.Name);
                Absent(checks, set, manifest, "spec.policyRef.name", key);
            }
        }
    }

    private static void TenantOf(Checks checks, ManifestSet set, CustomManifest manifest, TenantReference reference)
    {
        var name = ResourceReferences.TenantOf(reference, manifest.Key.Namespace);
        var key = new ResourceKey(Tenant.KubeKind, name.Namespace, name.Name);
        Absent(checks, set, manifest, "spec.tenantRef.name", key);
        var found = checks.Find(set, key);
        // A namespace that is not written comes from elsewhere, such as Flux's targetNamespace.
        if (found.Count > 0 && set.Writes(manifest, "metadata.namespace") && found.All(f => !MayBeAllowed(checks, f.Set, f.Manifest, manifest.Key.Namespace)))
        {
            checks.Report(Severity.Error, FindingRule.Namespace, set, manifest, "spec.tenantRef",
                $"names {key}, which does not allow namespace {manifest.Key.Namespace}; add it to the Tenant's spec.allowedNamespaces");
        }
    }

    private static bool MayBeAllowed(Checks checks, ManifestSet set, ManifestResource found, string @namespace)
    {
        if (found is not CustomManifest { Entity: Tenant tenant } || !set.Writes(found, "metadata.namespace"))
        {
            return true;
        }

        var known = checks.Find(set, new ResourceKey("Namespace", "", @namespace)).Select(f => f.Manifest).OfType<NamespaceManifest>().ToList();
        // The labels of a namespace that is not stated here are not known, and then a selector may find it.
        return (known.Count == 0 && tenant.Spec.AllowedNamespaces?.Selector is not null)
            || TenantAdmission.IsAllowed(tenant, @namespace, _ => null)
            || known.Exists(n => TenantAdmission.IsAllowed(tenant, @namespace, _ => new Dictionary<string, string>(n.Labels) { [NameLabel] = @namespace }));
    }

    private static void Absent(Checks checks, ManifestSet set, CustomManifest manifest, string field, ResourceKey key)
    {
        if (checks.IsAbsent(key))
        {
            var alike = checks.Sets.SelectMany(s => s.Contents.Resources.Keys).Where(k => k.Kind == key.Kind && k.Name == key.Name).Select(k => (ResourceKey?)k).FirstOrDefault();
            checks.Report(Severity.Warning, FindingRule.Reference, set, manifest, field, $"names {key}, which is not stated here; "
                + (alike is null ? "write it, correct the name, or make sure that another repository brings it" : $"there is {alike}, in another namespace"));
        }
    }

    private static void RootOf(Checks checks, ManifestSet set, CustomManifest manifest, SmimePolicySpec policy)
    {
        if (policy.Signing?.Scep?.RootCertificate is { } root && (policy.TrustedCertificates ?? []).TrueForAll(c => c.Name != root))
        {
            checks.Report(Severity.Error, FindingRule.Reference, set, manifest, "spec.signing.scep.rootCertificate",
                $"names '{root}', which is none of spec.trustedCertificates; add it there, or correct the name");
        }
    }
}
