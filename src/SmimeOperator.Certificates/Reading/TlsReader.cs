using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Reads the certificate and key of a kubernetes.io/tls Secret.</summary>
internal static class TlsReader
{
    public static KeyedCertificate Read(ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> keyPem)
    {
        AsymmetricAlgorithm? key = null;
        var certificates = new List<X509Certificate2>();
        try
        {
            key = ReadKey(keyPem);
            ReadCertificates(certificatePem, certificates);
            var leaf = certificates.Find(certificate => KeyMatching.Belong(key, certificate)) ?? throw new CertificateSourceException(
                SourceFault.KeyMismatch, "The private key (tls.key) belongs to none of the certificates (tls.crt). Put the pair in that was issued together.");
            var facts = FactsReader.Read(leaf);
            return new KeyedCertificate(leaf, key, certificates.Where(certificate => certificate != leaf).ToArray(), facts, source: null);
        }
        catch (Exception e)
        {
            key?.Dispose();
            certificates.ForEach(certificate => certificate.Dispose());
            if (Refusal.Is(e))
            {
                throw new CertificateSourceException(
                    SourceFault.Unsupported, "A certificate (tls.crt) has a key that cannot be read: S/MIME takes RSA and the NIST curves.", e);
            }

            throw;
        }
    }

    private static void ReadCertificates(ReadOnlySpan<byte> pem, List<X509Certificate2> certificates)
    {
        var blocks = new PemBlocks(pem);
        while (blocks.MoveNext())
        {
            // Some issuers put the key or parameters into the same file; only the certificates are of interest here.
            if (blocks.Label.SequenceEqual("CERTIFICATE"u8))
            {
                certificates.Add(TrustedReader.LoadDer(blocks.Decode()));
            }
        }

        if (certificates.Count == 0)
        {
            throw new CertificateSourceException(
                SourceFault.Malformed, "The certificate (tls.crt) holds no PEM certificate. It has to be text with -----BEGIN CERTIFICATE-----.");
        }
    }

    private static AsymmetricAlgorithm ReadKey(ReadOnlySpan<byte> pem)
    {
        AsymmetricAlgorithm? key = null;
        try
        {
            var blocks = new PemBlocks(pem);
            while (blocks.MoveNext())
            {
                if (!blocks.Label.EndsWith("PRIVATE KEY"u8))
                {
                    // `openssl ecparam -genkey` writes EC PARAMETERS in front of the key.
                    continue;
                }

                if (key is not null)
                {
                    throw new CertificateSourceException(
                        SourceFault.SeveralPrivateKeys, "The private key (tls.key) holds several keys. Leave the one in that belongs to the certificate.");
                }

                key = ReadKey(blocks);
            }
        }
        catch
        {
            key?.Dispose();
            throw;
        }

        return key ?? throw new CertificateSourceException(
            SourceFault.NoPrivateKey, "The private key (tls.key) holds no PEM private key. It has to be text with -----BEGIN PRIVATE KEY-----.");
    }

    private static AsymmetricAlgorithm ReadKey(PemBlocks block)
    {
        if (block.Label.SequenceEqual("ENCRYPTED PRIVATE KEY"u8))
        {
            throw PemBlocks.Encrypted();
        }

        var content = block.Decode();
        try
        {
            AsymmetricAlgorithm? key = null;
            if (block.Label.SequenceEqual("PRIVATE KEY"u8))
            {
                key = KeyMatching.ImportPkcs8(content);
            }
            else if (block.Label.SequenceEqual("RSA PRIVATE KEY"u8))
            {
                key = KeyMatching.Imported(RSA.Create(), content, static (rsa, data) => rsa.ImportRSAPrivateKey(data, out _));
            }
            else if (block.Label.SequenceEqual("EC PRIVATE KEY"u8))
            {
                key = KeyMatching.Imported(ECDsa.Create(), content, static (ec, data) => ec.ImportECPrivateKey(data, out _));
            }

            return key ?? throw new CertificateSourceException(
                SourceFault.Unsupported,
                "The private key (tls.key) is neither RSA nor elliptic curve in PKCS#8, PKCS#1 or SEC1 form: S/MIME on the phone cannot use it.");
        }
        catch (PlatformNotSupportedException e)
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported, "The private key (tls.key) is on a curve that cannot be read: S/MIME takes the NIST curves.", e);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            throw new CertificateSourceException(
                SourceFault.Malformed, "The private key (tls.key) is broken. Export it again.", e);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(content);
        }
    }
}
