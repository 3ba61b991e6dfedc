using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeOperator.Certificates;

/// <summary>Private keys in EncryptedPrivateKeyInfo (RFC 5958 §3), as `openssl pkcs8 -topk8` and most programs write them.</summary>
internal static class EncryptedPkcs8
{
    /// <summary>Decrypts a key to PKCS#8, into memory that the caller has to clear.</summary>
    /// <exception cref="CertificateSourceException">The password is wrong, or the encryption is none that can be read.</exception>
    public static byte[] Decrypt(ReadOnlyMemory<byte> encrypted, ReadOnlySpan<char> password, RoundBudget rounds)
    {
        EncryptionAlgorithm algorithm;
        ReadOnlyMemory<byte> identifier;
        byte[] content;
        try
        {
            var sequence = new AsnReader(encrypted, AsnEncodingRules.BER).ReadSequence();
            identifier = sequence.PeekEncodedValue();
            algorithm = EncryptionAlgorithm.Read(sequence.ReadSequence());
            content = sequence.ReadOctetString();
        }
        catch (AsnContentException e)
        {
            throw new CertificateSourceException(SourceFault.Malformed, "The encrypted private key is broken. Export it again.", e);
        }

        rounds.Spend(algorithm.Rounds);
        if (password.IsEmpty)
        {
            throw Passwords.Wrong(password, "private key", null);
        }

        if (RetiredCiphers.Contains(algorithm.Cipher))
        {
            return RetiredCiphers.Decrypt(identifier, content, password);
        }

        algorithm.RefuseUnknown(inner: null);
        try
        {
            var info = Pkcs8PrivateKeyInfo.DecryptAndDecode(password, encrypted, out _);
            try
            {
                return info.Encode();
            }
            finally
            {
                SensitiveMemory.Clear(System.Runtime.InteropServices.MemoryMarshal.AsMemory(info.PrivateKeyBytes).Span);
            }
        }
        catch (CryptographicException e)
        {
            throw Passwords.Wrong(password, "private key", e);
        }
    }
}
