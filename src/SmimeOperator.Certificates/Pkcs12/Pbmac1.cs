using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>The MAC of RFC 9579, which .NET does not check: an HMAC with a key from PBKDF2.</summary>
/// <param name="Salt">The derivation's salt.</param>
/// <param name="Rounds">The derivation's rounds.</param>
/// <param name="KeyLength">Bytes of the HMAC's key.</param>
/// <param name="Derivation">Object identifier of PBKDF2's pseudorandom function.</param>
/// <param name="Hmac">Object identifier of the HMAC.</param>
internal sealed record Pbmac1(byte[] Salt, int Rounds, int KeyLength, string Derivation, string Hmac)
{
    public const string Identifier = "1.2.840.113549.1.5.14";

    // RFC 9579 §5 asks for 20 bytes at least; more than SHA-512's block makes no sense and costs rounds for each 64 of them.
    private const int MinKeyLength = 20;
    private const int MaxKeyLength = 128;

    // RFC 8018 appendix B.1.1: what stands for itself where the parameter is left out.
    private const string HmacSha1 = "1.2.840.113549.2.7";

    /// <summary>Reads what follows the object identifier.</summary>
    /// <exception cref="AsnContentException">It is broken.</exception>
    public static Pbmac1 Read(AsnReader algorithm)
    {
        var parameters = algorithm.ReadSequence();
        var derivation = parameters.ReadSequence();
        _ = derivation.ReadObjectIdentifier();
        var pbkdf2 = derivation.ReadSequence();
        var salt = pbkdf2.ReadOctetString();
        var rounds = EncryptionAlgorithm.ReadRounds(pbkdf2);
        if (!pbkdf2.TryReadInt32(out var keyLength) || keyLength is < MinKeyLength or > MaxKeyLength)
        {
            throw new AsnContentException("The length of the MAC's key is not what RFC 9579 asks for.");
        }

        var function = pbkdf2.HasData ? pbkdf2.ReadSequence().ReadObjectIdentifier() : HmacSha1;
        return new Pbmac1(salt, rounds, keyLength, function, parameters.ReadSequence().ReadObjectIdentifier());
    }

    /// <summary>Whether the MAC is that of the content and the password. Count <see cref="Rounds"/> first.</summary>
    /// <exception cref="CertificateSourceException">It uses a hash that is not known.</exception>
    public bool Holds(ReadOnlySpan<byte> content, ReadOnlySpan<char> password, ReadOnlySpan<byte> digest)
    {
        var key = SensitiveMemory.Allocate<byte>(KeyLength);
        Span<byte> expected = stackalloc byte[SHA512.HashSizeInBytes];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, Salt, key, Rounds, HashOf(Derivation));
            var hash = HashOf(Hmac);
            using var hmac = IncrementalHash.CreateHMAC(hash, key);
            hmac.AppendData(content);
            return CryptographicOperations.FixedTimeEquals(expected[..hmac.GetHashAndReset(expected)], digest);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(key);
        }
    }

    private static HashAlgorithmName HashOf(string hmac) => hmac switch
    {
        HmacSha1 => HashAlgorithmName.SHA1,
        "1.2.840.113549.2.9" => HashAlgorithmName.SHA256,
        "1.2.840.113549.2.10" => HashAlgorithmName.SHA384,
        "1.2.840.113549.2.11" => HashAlgorithmName.SHA512,
        _ => throw new CertificateSourceException(
            SourceFault.Unsupported, $"The PKCS#12 file's MAC uses a hash that cannot be read ({hmac}). Export it again with SHA-256: openssl pkcs12 -export -macalg sha256"),
    };
}
