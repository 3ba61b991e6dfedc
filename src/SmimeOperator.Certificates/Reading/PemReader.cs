using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>Reads certificates and keys in PEM, as kubernetes.io/tls Secrets and most programs outside Windows hold them.</summary>
internal static class PemReader
{
    /// <summary>As many as a PKCS#12 file may hold.</summary>
    private const int MaxKeys = 100;

    public static KeyedCertificates Read(ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> keyPem, ReadOnlySpan<char> password)
    {
        using var bundle = new CertificateBundle();
        try
        {
            ReadCertificates(certificatePem, bundle);
            return bundle.FromKeys(ReadKeys(keyPem, password));
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported, "A certificate has a key that cannot be read: S/MIME takes RSA and the NIST curves. Use a certificate with one of these.", e);
        }
    }

    private static void ReadCertificates(ReadOnlySpan<byte> pem, CertificateBundle bundle)
    {
        var blocks = new PemBlocks(pem);
        var any = false;
        while (blocks.MoveNext())
        {
            // Some issuers put the key or parameters into the same file; only the certificates are of interest here.
            if (blocks.Label.SequenceEqual("CERTIFICATE"u8) || blocks.Label.SequenceEqual("X509 CERTIFICATE"u8))
            {
                bundle.Add(TrustedReader.LoadDer(blocks.Decode()));
                any = true;
            }
        }

        if (!any)
        {
            throw new CertificateSourceException(
                SourceFault.Malformed, "There is no PEM certificate. It has to be text with -----BEGIN CERTIFICATE-----.");
        }
    }

    private static List<AsymmetricAlgorithm> ReadKeys(ReadOnlySpan<byte> pem, ReadOnlySpan<char> password)
    {
        var keys = new List<AsymmetricAlgorithm>();
        try
        {
            var blocks = new PemBlocks(pem);
            var rounds = new RoundBudget();
            while (blocks.MoveNext())
            {
                // `openssl ecparam -genkey` writes EC PARAMETERS in front of the key.
                if (blocks.Label.EndsWith("PRIVATE KEY"u8))
                {
                    keys.Add(keys.Count < MaxKeys ? ReadKey(blocks, password, rounds) : throw new CertificateSourceException(
                        SourceFault.LimitExceeded, $"There are more than {MaxKeys} private keys. Split the history into several files."));
                }
            }
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }

        return keys.Count > 0 ? keys : throw new CertificateSourceException(
            SourceFault.NoPrivateKey, "There is no PEM private key. It has to be text with -----BEGIN PRIVATE KEY-----.");
    }

    private static AsymmetricAlgorithm ReadKey(PemBlocks block, ReadOnlySpan<char> password, RoundBudget rounds)
    {
        var content = block.Decode();
        try
        {
            if (block.IsEncrypted)
            {
                var clear = LegacyPem.Decrypt(block.EncryptionInfo, content, password);
                SensitiveMemory.Clear<byte>(content);
                content = clear;
            }
            else if (block.Label.SequenceEqual("ENCRYPTED PRIVATE KEY"u8))
            {
                var clear = EncryptedPkcs8.Decrypt(content, password, rounds);
                SensitiveMemory.Clear<byte>(content);
                content = clear;
            }

            return Import(block.Label, content) ?? throw new CertificateSourceException(
                SourceFault.Unsupported,
                "The private key is neither RSA nor elliptic curve in PKCS#8, PKCS#1 or SEC1 form: S/MIME on the phone cannot use it.");
        }
        catch (PlatformNotSupportedException e)
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported, "The private key is on a curve that cannot be read: S/MIME takes the NIST curves.", e);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            // A wrong password shows in the padding most of the time, and in what comes out of it otherwise.
            throw block.IsEncrypted
                ? Passwords.Wrong(password, "private key", e)
                : new CertificateSourceException(SourceFault.Malformed, "The private key is broken. Export it again.", e);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(content);
        }
    }

    private static AsymmetricAlgorithm? Import(ReadOnlySpan<byte> label, ReadOnlySpan<byte> content)
    {
        if (label.SequenceEqual("PRIVATE KEY"u8) || label.SequenceEqual("ENCRYPTED PRIVATE KEY"u8))
        {
            return KeyMatching.ImportPkcs8(content);
        }

        if (label.SequenceEqual("RSA PRIVATE KEY"u8))
        {
            return KeyMatching.Imported(RSA.Create(), content, static (rsa, data) => rsa.ImportRSAPrivateKey(data, out _));
        }

        return label.SequenceEqual("EC PRIVATE KEY"u8)
            ? KeyMatching.Imported(ECDsa.Create(), content, static (ec, data) => ec.ImportECPrivateKey(data, out _))
            : null;
    }
}
