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
            Add(pemOrDer.ToArray(), 1, found);
            return found;
        }

        var blocks = new PemBlocks(pemOrDer);
        for (var index = 1; MoveNext(ref blocks, index); index++)
        {
            if (blocks.Label.EndsWith("PRIVATE KEY"u8))
            {
                throw new CertificateSourceException(
                    SourceFault.Malformed,
                    $"Block {index} of the file: a private key stands among the trusted certificates. It must not be there: remove it, and treat it as known to everyone who could read this object.");
            }

            if (!blocks.Label.SequenceEqual("CERTIFICATE"u8))
            {
                throw new CertificateSourceException(
                    SourceFault.Malformed, $"Block {index} of the file: something other than a certificate stands among the trusted certificates. Leave only -----BEGIN CERTIFICATE----- blocks.");
            }

            Add(blocks.Decode(), index, found);
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

    private static bool MoveNext(ref PemBlocks blocks, int index)
    {
        try
        {
            return blocks.MoveNext();
        }
        catch (CertificateSourceException e)
        {
            throw At(index, e);
        }
    }

    private static void Add(byte[] der, int index, List<TrustedCertificate> found)
    {
        try
        {
            Load(der, index, found);
        }
        catch (CertificateSourceException e)
        {
            throw At(index, e);
        }
    }

    private static CertificateSourceException At(int index, CertificateSourceException e) =>
        new(e.Fault, $"Block {index} of the file: {char.ToLowerInvariant(e.Message[0])}{e.Message[1..]}", e);

    private static void Load(byte[] der, int index, List<TrustedCertificate> found)
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
                constraints?.CertificateAuthority ?? false)
            {
                IsRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData),
                Index = index,
            });
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
