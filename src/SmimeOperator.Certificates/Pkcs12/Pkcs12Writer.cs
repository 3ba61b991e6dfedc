using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeOperator.Certificates;

/// <summary>Writes PKCS#12 as connector and phone read it. Unlike X509Certificate2.Export, which takes the password as a string only.</summary>
internal static class Pkcs12Writer
{
    // RFC 7292 §4 recommends 1024 or more. More would cost time and gain nothing: the password is random.
    private const int Rounds = 1024;

    private static readonly PbeParameters TripleDes = new(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, Rounds);

    private static readonly PbeParameters Aes = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Rounds);

    public static byte[] Write(KeyedCertificate certificate, ReadOnlySpan<char> password, UploadAlgorithm algorithm)
    {
        var (encryption, mac) = algorithm is UploadAlgorithm.Aes256Sha256 ? (Aes, HashAlgorithmName.SHA256) : (TripleDes, HashAlgorithmName.SHA1);

        // The same attribute on both is how a reader knows which certificate the key belongs to (RFC 7292 §4.2).
        var keyId = new Pkcs9LocalKeyId(certificate.Leaf.GetCertHash());
        var keys = new Pkcs12SafeContents();
        keys.AddShroudedKey(certificate.Key, password, encryption).Attributes.Add(keyId);

        var certificates = new Pkcs12SafeContents();
        certificates.AddCertificate(certificate.Leaf).Attributes.Add(keyId);
        foreach (var issuer in certificate.Chain)
        {
            certificates.AddCertificate(issuer);
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(keys);
        builder.AddSafeContentsEncrypted(certificates, password, encryption);
        builder.SealWithMac(password, mac, Rounds);
        return builder.Encode();
    }
}
