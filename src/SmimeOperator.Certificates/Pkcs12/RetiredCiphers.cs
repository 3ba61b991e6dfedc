using System.Formats.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace SmimeOperator.Certificates;

/// <summary>RC2 and RC4 by BouncyCastle: OpenSSL 3 has them in its legacy provider only, which small container images do not carry.</summary>
internal static class RetiredCiphers
{
    // pbeWithSHAAnd128BitRC4, 40BitRC4, 128BitRC2 and 40BitRC2 (RFC 7292 appendix C).
    private static readonly HashSet<string> Schemes =
    [
        "1.2.840.113549.1.12.1.1", "1.2.840.113549.1.12.1.2", "1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6",
    ];

    public static bool Contains(string scheme) => Schemes.Contains(scheme);

    /// <summary>Decrypts, into memory that the caller has to clear.</summary>
    /// <param name="algorithm">The AlgorithmIdentifier.</param>
    /// <param name="content">What is encrypted.</param>
    /// <param name="password">The password.</param>
    /// <param name="nullPassword">Whether an empty password is none at all: some programs derive the key from nothing, others from a terminator (the wrong zero, as BouncyCastle has it).</param>
    /// <exception cref="CertificateSourceException">The password is wrong, as far as that shows.</exception>
    public static byte[] Decrypt(ReadOnlyMemory<byte> algorithm, byte[] content, ReadOnlySpan<char> password, bool nullPassword = false)
    {
        var copy = SensitiveMemory.Copy(password);
        byte[]? clear = null;
        try
        {
            var identifier = AlgorithmIdentifier.GetInstance(algorithm.ToArray());
            var parameters = PbeUtilities.GenerateCipherParameters(identifier, copy, wrongPkcs12Zero: !nullPassword);
            if (PbeUtilities.CreateEngine(identifier) is not IBufferedCipher cipher)
            {
                throw new AsnContentException("No cipher.");
            }

            cipher.Init(forEncryption: false, parameters);
            clear = cipher.DoFinal(content);
            return SensitiveMemory.Copy<byte>(clear);
        }
#pragma warning disable CA1031 // BouncyCastle answers what is broken with whatever exception the broken place happens to raise.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            throw Passwords.Wrong(password, "file", e);
        }
        finally
        {
            SensitiveMemory.Clear<char>(copy);
            SensitiveMemory.Clear<byte>(clear);
        }
    }
}
