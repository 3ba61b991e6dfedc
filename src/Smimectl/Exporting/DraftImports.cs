using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>An import in the making: what Intune holds of one user and purpose. Keys never come out of it, so sources are still to come.</summary>
/// <param name="Name">The resource's name.</param>
/// <param name="Spec">What it states.</param>
/// <param name="Notes">What the tenant holds.</param>
internal sealed record DraftImport(string Name, CertificateImportSpec Spec, IReadOnlyList<string> Notes);

/// <summary>Imported certificates that no manifest can be written for, and why.</summary>
/// <param name="UserPrincipalName">The user, as the certificates name them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Reason">Why.</param>
internal sealed record LeftImports(string UserPrincipalName, int Count, string Reason);

/// <summary>States the users whom Intune holds certificates of. Pure.</summary>
internal static class DraftImports
{
    /// <summary>The label of the Secrets that are to come.</summary>
    public const string UserLabel = "smime-operator.io/user";

    public static (IReadOnlyList<DraftImport> Drafts, IReadOnlyList<LeftImports> Left) Of(
        string tenant, IReadOnlyDictionary<string, IReadOnlyList<ImportedCertificate>> byUser, IReadOnlyDictionary<string, DirectoryUser> users, IReadOnlySet<string> stated, Names names)
    {
        var drafts = new List<DraftImport>();
        var left = new List<LeftImports>();
        foreach (var (key, certificates) in byUser.Where(u => u.Value.Count > 0).OrderBy(u => u.Value[0].UserPrincipalName, StringComparer.OrdinalIgnoreCase).ThenBy(u => u.Key, StringComparer.Ordinal))
        {
            var stored = certificates[0].UserPrincipalName;
            var user = TenantUsers.Of(key, users);
            if (stated.Contains(user?.UserPrincipalName ?? stored))
            {
                // The folder states this user already, and what becomes of the certificates with it.
                continue;
            }

            if (user is null)
            {
                left.Add(new LeftImports(stored, certificates.Count, "the user is not in the directory any more"));
                continue;
            }

            var known = certificates.Select(c => (Certificate: c, Purpose: PurposeOf(c))).ToList();
            foreach (var purpose in known.Where(k => k.Purpose is not null).GroupBy(k => k.Purpose!.Value).OrderBy(g => g.Key))
            {
                drafts.Add(Draft(tenant, user, stored, purpose.Key, [.. purpose.Select(k => k.Certificate)], names));
            }

            var others = known.Count(k => k.Purpose is null);
            if (others > 0)
            {
                left.Add(new LeftImports(user.UserPrincipalName, others, "they are for neither signing nor encryption of mail"));
            }
        }

        return (drafts, left);
    }

    private static DraftImport Draft(string tenant, DirectoryUser user, string stored, ImportPurpose purpose, List<ImportedCertificate> certificates, Names names)
    {
        var name = names.Take(user.UserPrincipalName + (purpose == ImportPurpose.SmimeSigning ? "-signing" : ""), "user", 60);
        List<string> notes = [$"{user.UserPrincipalName}: Intune holds {certificates.Count} for this purpose. Label the Secrets of this user as sourceSelector says, and they become sources."];
        if (!string.Equals(stored, user.UserPrincipalName, StringComparison.OrdinalIgnoreCase))
        {
            notes.Add($"they were imported for {stored}: the user was renamed");
        }

        notes.AddRange(certificates.OrderByDescending(c => c.ExpirationDateTime).ThenBy(c => c.Thumbprint, StringComparer.Ordinal)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"  {c.Thumbprint}  {c.IntendedPurpose}  notAfter {c.ExpirationDateTime.UtcDateTime:yyyy-MM-dd}")));
        return new DraftImport(
            name,
            new CertificateImportSpec
            {
                TenantRef = new TenantReference { Name = tenant },
                UserPrincipalName = user.UserPrincipalName,
                Purpose = purpose,
                SourceSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { [UserLabel] = name } },
                History = HistoryPolicy.Keep,
                DeletionPolicy = DeletionPolicy.Orphan,
            },
            notes);
    }

    private static ImportPurpose? PurposeOf(ImportedCertificate certificate) => certificate.IntendedPurpose.ToUpperInvariant() switch
    {
        "SMIMEENCRYPTION" => ImportPurpose.SmimeEncryption,
        "SMIMESIGNING" => ImportPurpose.SmimeSigning,
        _ => null,
    };
}
