using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Holds a certificate against the roots that phones are given.</summary>
public static class ChainCheck
{
    /// <summary>Finds out whether the certificate chains to one of the roots, over what came with it and the intermediates among them.</summary>
    /// <remarks>
    /// Signatures and constraints are checked; validity is not (a history is old), and revocation is not (nothing is fetched from the net).
    /// </remarks>
    /// <param name="certificate">The certificate and what came with it.</param>
    /// <param name="trusted">Roots and intermediates. With none there is nothing to hold it against.</param>
    /// <returns>A warning, or null.</returns>
    public static SuitabilityIssue? Check(KeyedCertificate certificate, IReadOnlyCollection<TrustedCertificate> trusted)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(trusted);
        if (trusted.Count == 0)
        {
            return null;
        }

        var loaded = trusted.Select(root => X509CertificateLoader.LoadCertificate(root.Der)).ToArray();
        using var chain = new X509Chain();
        try
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
            chain.ChainPolicy.CustomTrustStore.AddRange(loaded);
            chain.ChainPolicy.ExtraStore.AddRange(loaded);
            chain.ChainPolicy.ExtraStore.AddRange(certificate.Chain.ToArray());
            return chain.Build(certificate.Leaf)
                ? null
                : new SuitabilityIssue(
                    SuitabilityFinding.Chain,
                    $"The certificate, issued by {certificate.Leaf.Issuer}, does not chain to any of the roots that the Tenant's policies distribute, so phones may not "
                    + "trust it. Add its root and intermediates to `trustedCertificates` of the SmimePolicy, or export the PKCS#12 file with its chain.",
                    IsWarning: true);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }

            foreach (var root in loaded)
            {
                root.Dispose();
            }
        }
    }
}
