using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>Reads the root and intermediate certificates that a policy refers to.</summary>
internal static class TrustedCertificates
{
    public static async Task<IReadOnlyDictionary<string, TrustedCertificate>> ReadAsync(
        SmimePolicy policy, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var certificates = new Dictionary<string, TrustedCertificate>();
        foreach (var spec in policy.Spec.TrustedCertificates ?? [])
        {
            certificates[spec.Name] = await ReadAsync(policy.Metadata.NamespaceProperty, spec, catalog, cancellationToken);
        }

        return certificates;
    }

    private static async Task<TrustedCertificate> ReadAsync(
        string @namespace, TrustedCertificateSpec spec, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var field = $"spec.trustedCertificates[{spec.Name}].certificateRef";
        var bytes = await DataReader.ReadAsync(field, @namespace, spec.CertificateRef, catalog, cancellationToken);
        try
        {
            var certificates = CertificateReader.ReadTrusted(bytes);
            if (certificates.Count != 1)
            {
                throw VerdictException.Stalled(Reasons.SourceInvalid,
                    $"{field} holds {certificates.Count} certificates, and a profile carries one: make an entry of trustedCertificates for each");
            }

            return certificates[0].IsAuthority
                ? certificates[0]
                : throw VerdictException.Stalled(Reasons.SourceInvalid,
                    $"{field} holds {certificates[0].Subject}, which is no certification authority; devices trust root and intermediate certificates only");
        }
        catch (CertificateSourceException problem)
        {
            throw VerdictException.Stalled(Reasons.SourceInvalid, $"{field}: {problem.Message}");
        }
    }
}
