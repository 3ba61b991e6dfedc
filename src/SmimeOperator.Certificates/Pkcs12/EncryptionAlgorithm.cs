using System.Formats.Asn1;

namespace SmimeOperator.Certificates;

/// <summary>A password-based encryption scheme (RFC 7292 appendix C, RFC 8018), as its AlgorithmIdentifier says it.</summary>
/// <param name="Cipher">Object identifier of the scheme: for PBES2 that of its cipher.</param>
/// <param name="Rounds">Rounds of the key derivation; int.MaxValue where they are no sensible number.</param>
/// <param name="IsKnownDerivation">Whether the key is derived in a way that can be read: PBES2 has scrypt too.</param>
internal sealed record EncryptionAlgorithm(string Cipher, int Rounds, bool IsKnownDerivation)
{
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    // PBE-SHA1-3DES with three keys and two; DES-EDE3-CBC; AES-128, 192 and 256 in CBC.
    private static readonly HashSet<string> KnownCiphers =
    [
        "1.2.840.113549.1.12.1.3", "1.2.840.113549.1.12.1.4", "1.2.840.113549.3.7",
        "2.16.840.1.101.3.4.1.2", "2.16.840.1.101.3.4.1.22", "2.16.840.1.101.3.4.1.42",
    ];

    /// <summary>Reads the content of an AlgorithmIdentifier.</summary>
    /// <exception cref="AsnContentException">It is broken.</exception>
    public static EncryptionAlgorithm Read(AsnReader algorithm)
    {
        var scheme = algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        if (scheme is not Pbes2)
        {
            _ = parameters.ReadOctetString();
            return new EncryptionAlgorithm(scheme, ReadRounds(parameters), IsKnownDerivation: true);
        }

        var derivation = parameters.ReadSequence();
        var known = derivation.ReadObjectIdentifier() is Pbkdf2;
        var rounds = 1;
        if (known)
        {
            var derivationParameters = derivation.ReadSequence();
            _ = derivationParameters.ReadOctetString();
            rounds = ReadRounds(derivationParameters);
        }

        return new EncryptionAlgorithm(parameters.ReadSequence().ReadObjectIdentifier(), rounds, known);
    }

    /// <summary>Reads a number of rounds. What does not fit 32 bits, or is no count at all, is as far out of bounds as can be.</summary>
    public static int ReadRounds(AsnReader reader) => reader.TryReadInt32(out var value) && value > 0 ? value : int.MaxValue;

    /// <summary>Refuses what neither .NET nor <see cref="RetiredCiphers"/> decrypts.</summary>
    public void RefuseUnknown(Exception? inner)
    {
        if (!IsKnownDerivation || (!KnownCiphers.Contains(Cipher) && !RetiredCiphers.Contains(Cipher)))
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported,
                (IsKnownDerivation ? $"It is encrypted with a cipher that cannot be read ({Cipher})." : "Its key is derived in a way that cannot be read, such as scrypt.")
                + " Export it again with AES-256 and PBKDF2, as openssl does by default.",
                inner);
        }
    }
}
