using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Reads root and intermediate certificates.</summary>
internal static class TrustedReader
{
    public static IReadOnlyList<TrustedCertificate> Read(ReadOnlySpan<byte> pemOrDer)
    {
        var found = new List<TrustedCertificate>();
        if (pemOrDer.IndexOf("-----BEGIN "u8) < 0)
        {
            Add(pemOrDer.ToArray(), found);
            return found;
        }

        var blocks = new PemBlocks(pemOrDer);
        while (blocks.MoveNext())
        {
            if (blocks.Label.EndsWith("PRIVATE KEY"u8))
            {
                throw new CertificateSourceException(
                    SourceFault.Malformed,
                    "A private key stands among the trusted certificates. It must not be there: remove it, and treat it as known to everyone who could read this object.");
            }

            if (!blocks.Label.SequenceEqual("CERTIFICATE"u8))
            {
                throw new CertificateSourceException(
                    SourceFault.Malformed, "Something other than a certificate stands among the trusted certificates. Leave only -----BEGIN CERTIFICATE----- blocks.");
            }

            Add(blocks.Decode(), found);
        }

        return found;
    }

    /// <summary>Loads one DER certificate that has to be all there is.</summary>
    /// <exception cref="CertificateSourceException">It is none.</exception>
    public static X509Certificate2 LoadDer(byte[] der)
    {
        try
        {
            var certificate = X509CertificateLoader.LoadCertificate(der);
            if (certificate.RawDataMemory.Length == der.Length)
            {
                return certificate;
            }

            certificate.Dispose();
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            throw Broken(e);
        }

        throw Broken(null);
    }

    private static void Add(byte[] der, List<TrustedCertificate> found)
    {
        using var certificate = LoadDer(der);
        if (found.Exists(other => other.Der.AsSpan().SequenceEqual(der)))
        {
            return;
        }

        try
        {
            var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
            found.Add(new TrustedCertificate(
                der,
                FactsReader.Thumbprint(certificate),
                certificate.Subject,
                FactsReader.Utc(certificate.NotAfter),
                constraints?.CertificateAuthority ?? false));
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            throw Broken(e);
        }
    }

    private static CertificateSourceException Broken(Exception? inner) => new(
        SourceFault.Malformed,
        "This is no certificate, or a broken one. It has to be X.509, DER or PEM; for PKCS#7: openssl pkcs7 -print_certs -in file.p7b -out certificates.pem",
        inner);
}
