using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Brings private keys and certificates together.</summary>
internal static class KeyMatching
{
    private const string RsaKey = "1.2.840.113549.1.1.1";
    private const string EllipticKey = "1.2.840.10045.2.1";

    /// <summary>The private key of a certificate that was loaded with one, or null where its type is neither RSA nor elliptic curve.</summary>
    /// <remarks>.NET hands an elliptic key out as ECDH alone where KeyUsage says keyAgreement alone, as S/MIME encryption certificates do.</remarks>
    public static AsymmetricAlgorithm? PrivateKeyOf(X509Certificate2 certificate) =>
        certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetECDiffieHellmanPrivateKey();

    /// <summary>Whether a key of this algorithm can be used.</summary>
    public static bool IsSupported(string? algorithm) => algorithm is RsaKey or EllipticKey;

    /// <summary>Whether a private key belongs to a certificate.</summary>
    public static bool Belong(AsymmetricAlgorithm key, X509Certificate2 certificate)
    {
        switch (key)
        {
            case RSA rsa:
                using (var publicKey = certificate.PublicKey.GetRSAPublicKey())
                {
                    return publicKey is not null && Equal(rsa.ExportParameters(false), publicKey.ExportParameters(false));
                }

            case ECAlgorithm elliptic:
                using (var publicKey = certificate.PublicKey.GetECDsaPublicKey())
                {
                    return publicKey is not null && Equal(elliptic.ExportParameters(false), publicKey.ExportParameters(false));
                }

            default:
                return false;
        }
    }

    /// <summary>Reads a PKCS#8 private key.</summary>
    /// <returns>The key, or null where its type is neither RSA nor elliptic curve.</returns>
    /// <exception cref="CryptographicException">The key is broken, or on an unknown curve.</exception>
    /// <exception cref="AsnContentException">The key is broken.</exception>
    public static AsymmetricAlgorithm? ImportPkcs8(ReadOnlySpan<byte> pkcs8)
    {
        AsnDecoder.ReadSequence(pkcs8, AsnEncodingRules.BER, out var offset, out var length, out _);
        var body = pkcs8.Slice(offset, length);
        _ = AsnDecoder.ReadInteger(body, AsnEncodingRules.BER, out var consumed);
        body = body[consumed..];
        AsnDecoder.ReadSequence(body, AsnEncodingRules.BER, out offset, out length, out _);
        var algorithm = AsnDecoder.ReadObjectIdentifier(body.Slice(offset, length), AsnEncodingRules.BER, out _);
        return algorithm switch
        {
            RsaKey => Imported(RSA.Create(), pkcs8, static (key, data) => key.ImportPkcs8PrivateKey(data, out _)),
            EllipticKey => Imported(ECDsa.Create(), pkcs8, static (key, data) => key.ImportPkcs8PrivateKey(data, out _)),
            _ => null,
        };
    }

    /// <summary>Imports into a key, which does not outlive a failure.</summary>
    public static T Imported<T>(T key, ReadOnlySpan<byte> data, Action<T, ReadOnlySpan<byte>> import)
        where T : AsymmetricAlgorithm
    {
        try
        {
            import(key, data);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static bool Equal(RSAParameters left, RSAParameters right) =>
        left.Modulus.AsSpan().SequenceEqual(right.Modulus) && left.Exponent.AsSpan().SequenceEqual(right.Exponent);

    // The curve is left out: a point's coordinates lie on two curves only if someone made the curve to measure.
    private static bool Equal(ECParameters left, ECParameters right) =>
        left.Q.X.AsSpan().SequenceEqual(right.Q.X) && left.Q.Y.AsSpan().SequenceEqual(right.Q.Y);
}
