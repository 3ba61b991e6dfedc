using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>The roots and intermediates that the policies of an import's Tenant distribute. Read once for a reconciliation, and only if a source is opened.</summary>
internal sealed class TrustAnchors(CertificateImport import, IResourceCatalog catalog, TrustedCertificates certificates)
{
    private IReadOnlyList<TrustedCertificate>? _read;

    /// <summary>
    /// Reads them. Empty where nothing is known: no policy distributes any, or one of them cannot be read, which is the policy's own fault to report
    /// and no reason to doubt a certificate.
    /// </summary>
    public async Task<IReadOnlyList<TrustedCertificate>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_read is not null)
        {
            return _read;
        }

        var found = new List<TrustedCertificate>();
        try
        {
            foreach (var policy in catalog.PoliciesOf(ResourceReferences.TenantOf(import.Spec.TenantRef, import.Metadata.NamespaceProperty)))
            {
                // Certificates of the past come from authorities that may have expired since: here they still count.
                var entries = await certificates.ReadAsync(policy, catalog, DateTimeOffset.MinValue, cancellationToken);
                found.AddRange(entries.Values.SelectMany(e => e));
            }
        }
        catch (VerdictException)
        {
            found.Clear();
        }

        // Most policies distribute the same ones.
        return _read = [.. found.Distinct()];
    }
}
