using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Whether resources of one set get into each other's way: imports for one user, Assignments of one policy.</summary>
internal static class RivalCheck
{
    public static void Run(Checks checks)
    {
        foreach (var set in checks.Sets)
        {
            Imports(checks, set);
            Assignments(checks, set);
        }
    }

    private static void Imports(Checks checks, ManifestSet set)
    {
        var sameUser = Checks.Of<CertificateImport>(set)
            .Where(i => i.Entity.Spec.UserPrincipalName is not null)
            .OrderBy(i => i.Manifest.Key.ToString(), StringComparer.Ordinal)
            .GroupBy(i => (KindModel.TenantOf(i.Entity), i.Entity.Spec.UserPrincipalName!.ToLowerInvariant()));
        foreach (var imports in sameUser.Select(g => g.ToList()))
        {
            for (var i = 1; i < imports.Count; i++)
            {
                var (manifest, import) = imports[i];
                var before = imports[..i];
                if (before.Find(b => b.Entity.Spec.Purpose == import.Spec.Purpose) is { Manifest: { } same })
                {
                    checks.Report(Severity.Warning, FindingRule.Import, set, manifest, "spec.userPrincipalName",
                        $"is the user of {same.Key} too, for the same purpose ({import.Spec.Purpose}); put the sources of both into one");
                }

                if (before.Find(b => b.Entity.Spec.Purpose != import.Spec.Purpose && Sources(b.Entity).Overlaps(Sources(import))) is { Manifest: { } other })
                {
                    checks.Report(Severity.Error, FindingRule.Import, set, manifest, "spec.purpose",
                        $"is {import.Spec.Purpose}, and {other.Key} imports the same source for another purpose; the service keeps one record for a user and certificate: remove it from one of the two");
                }
            }
        }
    }

    private static HashSet<(string Namespace, string Secret, string Key)> Sources(CertificateImport import) =>
    [
        .. (import.Spec.Sources ?? []).Select(s => (
            import.Metadata.NamespaceProperty,
            s.Pkcs12?.SecretName ?? s.Tls?.SecretName ?? s.Pem?.SecretName ?? "",
            s.Pkcs12?.Key ?? s.Pem?.CertificateKey ?? "tls.crt")),
    ];

    private static void Assignments(Checks checks, ManifestSet set)
    {
        var samePolicy = Checks.Of<Assignment>(set).GroupBy(a => new ResourceKey(SmimePolicy.KubeKind, a.Manifest.Key.Namespace, a.Entity.Spec.PolicyRef.Name));
        foreach (var assignments in samePolicy)
        {
            var policy = (checks.Find(set, assignments.Key) is [{ Manifest: CustomManifest { Entity: SmimePolicy found } }] ? found : null)?.Spec;
            foreach (var contradiction in StatedContradictions.Find(policy, [.. assignments.Select(a => a.Entity)]))
            {
                var manifest = assignments.First(a => a.Entity == contradiction.Assignment).Manifest;
                // The reconcilers' sentences name the field where there is one alone.
                var message = contradiction.Message.StartsWith(contradiction.Field + ": ", StringComparison.Ordinal)
                    ? contradiction.Message[(contradiction.Field.Length + 2)..]
                    : contradiction.Message;
                checks.Report(Severity.Error, FindingRule.Assignment, set, manifest, contradiction.Field, "is contradictory: " + message);
            }
        }
    }
}
