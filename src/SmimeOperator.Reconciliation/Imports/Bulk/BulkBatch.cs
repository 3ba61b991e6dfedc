using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// The key material of a few users at a time: what keeps memory bounded, however many there are. Each user is treated as an import of
/// that user alone would be. Disposed as soon as the users' imports are made.
/// </summary>
internal sealed class BulkBatch(
    CertificateImport import, IResourceCatalog catalog, TrustAnchors anchors, (ConnectorKeySpec Spec, ConnectorKey Key) key, TimeProvider time)
    : IImportMaterial, IDisposable
{
    private const int SideBySide = 8;

    private readonly Dictionary<string, ImportSources> _byUser = [];

    /// <summary>Opens Secrets and judges what they hold.</summary>
    public async Task<IReadOnlyList<(EscrowSecret Secret, IReadOnlyList<ImportSource> Sources)>> ExamineAsync(
        IEnumerable<IGrouping<DirectoryUser, EscrowSecret>> users, CancellationToken cancellationToken)
    {
        var work = users.Select(g => (Secrets: g.ToList(), Sources: Open(g.Key, g))).ToList();
        var examined = new (EscrowSecret, IReadOnlyList<ImportSource>)[work.Count][];
        // Once, before many ask at the same time.
        await anchors.ReadAsync(cancellationToken);
        await Parallel.ForAsync(0, work.Count, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var sources = await work[i].Sources.ExamineAsync(token);
            var bySecret = sources.ToLookup(s => SecretOf(s.Name));
            examined[i] = [.. work[i].Secrets.Select(s => (s, (IReadOnlyList<ImportSource>)[.. bySecret[s.Name]]))];
        });
        return [.. examined.SelectMany(e => e)];
    }

    /// <summary>Composes an upload; here the key is user and thumbprint, for two users may hold one certificate.</summary>
    public Task<ImportUpload> ComposeAsync(string thumbprint, bool withKey, CancellationToken cancellationToken)
    {
        var (user, certificate) = (thumbprint[..thumbprint.IndexOf('-', StringComparison.Ordinal)], thumbprint[(thumbprint.IndexOf('-', StringComparison.Ordinal) + 1)..]);
        return _byUser[user].ComposeAsync(certificate, withKey, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var sources in _byUser.Values)
        {
            sources.Dispose();
        }
    }

    // A file among several of a Secret is named by both.
    private static string SecretOf(string source) => source.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? source[..slash] : source;

    private ImportSources Open(DirectoryUser user, IEnumerable<EscrowSecret> secrets)
    {
        var alone = new CertificateImport
        {
            Metadata = import.Metadata,
            Spec = new CertificateImportSpec
            {
                TenantRef = import.Spec.TenantRef,
                UserPrincipalName = user.UserPrincipalName,
                Purpose = import.Spec.Purpose,
                IdentityCheck = import.Spec.IdentityCheck,
                Encoding = import.Spec.Encoding,
                Sources = [.. secrets.Select(s => new CertificateSourceSpec { Name = s.Name })],
            },
        };
        return _byUser[ImportedCertificate.UserKeyOf(user.Id)] = new ImportSources(alone, new SourceSecrets(alone, catalog), anchors, user, time) { ConnectorKey = key };
    }
}
