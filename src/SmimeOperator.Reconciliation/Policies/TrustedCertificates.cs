using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>Reads the root and intermediate certificates that a policy refers to.</summary>
internal static class TrustedCertificates
{
    /// <summary>The certificates of each entry.</summary>
    /// <exception cref="VerdictException">A file is not there (yet), or holds something that devices cannot trust.</exception>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<TrustedCertificate>>> ReadAsync(
        SmimePolicy policy, IResourceCatalog catalog, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var certificates = new Dictionary<string, IReadOnlyList<TrustedCertificate>>();
        foreach (var spec in policy.Spec.TrustedCertificates ?? [])
        {
            certificates[spec.Name] = await ReadAsync(policy.Metadata.NamespaceProperty, spec, catalog, now, cancellationToken);
        }

        return certificates;
    }

    private static async Task<IReadOnlyList<TrustedCertificate>> ReadAsync(
        string @namespace, TrustedCertificateSpec spec, IResourceCatalog catalog, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // status.objects lists at most this many, with room for the policy's other objects.
        const int Most = 64;
        var field = $"spec.trustedCertificates[{spec.Name}].certificateRef";
        var bytes = await DataReader.ReadAsync(field, @namespace, spec.CertificateRef, catalog, cancellationToken);
        IReadOnlyList<TrustedCertificate> certificates;
        try
        {
            certificates = CertificateReader.ReadTrusted(bytes);
        }
        catch (CertificateSourceException problem)
        {
            throw Invalid($"{field}: {problem.Message}");
        }

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

    private static VerdictException Invalid(string message) => VerdictException.Stalled(Reasons.SourceInvalid, message);
}
