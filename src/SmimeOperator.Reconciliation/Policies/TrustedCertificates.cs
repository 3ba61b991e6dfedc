using System.Collections.Concurrent;
using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>Reads the root and intermediate certificates that policies refer to. Public certificates, which every import is held against: a file is read once as long as it does not change.</summary>
internal sealed class TrustedCertificates
{
    private readonly ConcurrentDictionary<(ResourceName Name, string Key), (string Version, IReadOnlyList<TrustedCertificate> Certificates)> _known = new();

    /// <summary>The certificates of each entry.</summary>
    /// <exception cref="VerdictException">A file is not there (yet), or holds something that devices cannot trust.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<TrustedCertificate>>> ReadAsync(
        SmimePolicy policy, IResourceCatalog catalog, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var certificates = new Dictionary<string, IReadOnlyList<TrustedCertificate>>();
        foreach (var spec in policy.Spec.TrustedCertificates ?? [])
        {
            certificates[spec.Name] = await ReadAsync(policy.Metadata.NamespaceProperty, spec, catalog, now, cancellationToken);
        }

        return certificates;
    }

    private async Task<IReadOnlyList<TrustedCertificate>> ReadAsync(
        string @namespace, TrustedCertificateSpec spec, IResourceCatalog catalog, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // status.objects lists at most this many, with room for the policy's other objects.
        const int Most = 64;
        var field = $"spec.trustedCertificates[{spec.Name}].certificateRef";
        var certificates = await ReadAsync(field, @namespace, spec.CertificateRef, catalog, cancellationToken);
        if (certificates.Count is 0 or > Most)
        {
            throw Invalid($"{field}: {certificates.Count} certificates; a file holds 1 to {Most}, so leave out those that devices need not trust");
        }

        foreach (var certificate in certificates)
        {
            var which = $"{field}: block {certificate.Index} of the file ({certificate.Subject})";
            if (!certificate.IsAuthority)
            {
                throw Invalid($"{which} is no certification authority; devices trust root and intermediate certificates only, so leave it out");
            }

            if (certificate.NotAfter <= now)
            {
                throw Invalid($"{which} expired on {certificate.NotAfter:yyyy-MM-dd}; put its successor into the file, or leave it out");
            }
        }

        return certificates;
    }

    private async Task<IReadOnlyList<TrustedCertificate>> ReadAsync(
        string field, string @namespace, DataReference reference, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        // The version is asked for before the data: data that is newer is read once more, never kept for what it is not.
        var name = new ResourceName(@namespace, reference.Name);
        var version = reference.Kind == DataKind.Secret ? null : catalog.FindData(DataKind.ConfigMap, name)?.Version;
        if (version is not null && _known.TryGetValue((name, reference.Key), out var known) && known.Version == version)
        {
            return known.Certificates;
        }

        var bytes = await DataReader.ReadAsync(field, @namespace, reference, catalog, cancellationToken);
        try
        {
            var certificates = CertificateReader.ReadTrusted(bytes);
            if (version is not null)
            {
                _known[(name, reference.Key)] = (version, certificates);
            }

            return certificates;
        }
        catch (CertificateSourceException problem)
        {
            throw Invalid($"{field}: {problem.Message}");
        }
    }

    private static VerdictException Invalid(string message) => VerdictException.Stalled(Reasons.SourceInvalid, message);
}
