using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace SmimeOperator.Certificates;

/// <summary>The two file forms of a connector key, and what people give instead.</summary>
internal static class ConnectorKeyFile
{
    // 1024 bits leave no room for OAEP with SHA-512; the largest is what OpenSSL works with (OPENSSL_RSA_MAX_MODULUS_BITS).
    private const int MinBits = 2048;
    private const int MaxBits = 16384;

    private const int BlobHeader = 24;
    private const string RsaKey = "1.2.840.113549.1.1.1";

    public static RSAParameters Read(ReadOnlySpan<byte> file)
    {
        var parameters = Decode(file);
        var bits = checked(((int)parameters.Modulus!.Length * 8) - LeadingZeroBits(parameters.Modulus));
        if (bits is < MinBits or > MaxBits || bits % 8 != 0)
        {
            throw new ConnectorKeyException(
                $"The connector key has {bits} bits; it has to have between {MinBits} and {MaxBits}, in whole bytes. Make a new one on the "
                + "connector's server, with 2048 bits or more, and import the certificates again.");
        }

        if ((parameters.Modulus[^1] & 1) == 0 || parameters.Exponent is null or { Length: 0 } or { Length: > 8 } || (parameters.Exponent[^1] & 1) == 0
            || parameters.Exponent is [1])
        {
            throw new ConnectorKeyException("The connector key is damaged: its modulus or exponent is none of an RSA key. Export it again.");
        }

        return parameters;
    }

    private static RSAParameters Decode(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("RSA1"u8))
        {
            return ReadBlob(file);
        }

        if (file.StartsWith("RSA2"u8) || file.StartsWith("RSA3"u8))
        {
            throw PrivateKey();
        }

        if (file.IndexOf("-----BEGIN "u8) >= 0)
        {
            return ReadPem(file);
        }

        throw new ConnectorKeyException(WhatIsIt(file));
    }

    // BCRYPT_RSAKEY_BLOB with BCRYPT_RSAPUBLIC_MAGIC (bcrypt.h): magic, bit length, exponent length, modulus length, two prime lengths that
    // are zero, each 32 bits little-endian; then exponent and modulus, big-endian.
    private static RSAParameters ReadBlob(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < BlobHeader)
        {
            throw Damaged("it ends within its header");
        }

        var bits = BinaryPrimitives.ReadUInt32LittleEndian(blob[4..]);
        var exponentLength = BinaryPrimitives.ReadUInt32LittleEndian(blob[8..]);
        var modulusLength = BinaryPrimitives.ReadUInt32LittleEndian(blob[12..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(blob[16..]) != 0)
        {
            throw Damaged("it announces primes, which a public key does not have");
        }

        if (BlobHeader + (ulong)exponentLength + modulusLength != (ulong)blob.Length)
        {
            throw Damaged("its length is not what its header says");
        }

        var exponent = blob.Slice(BlobHeader, (int)exponentLength);
        var modulus = blob[(BlobHeader + (int)exponentLength)..];
        if (modulus.IsEmpty || bits != ((ulong)modulusLength * 8) - (ulong)LeadingZeroBits(modulus))
        {
            throw Damaged("its modulus does not have the bits that its header says");
        }

        return new RSAParameters { Exponent = exponent.TrimStart((byte)0).ToArray(), Modulus = modulus.ToArray() };
    }

    private static RSAParameters ReadPem(ReadOnlySpan<byte> text)
    {
        // Whoever sees the words PRIVATE KEY has to be told, whatever else is wrong.
        if (text.IndexOf("PRIVATE KEY-----"u8) >= 0)
        {
            throw PrivateKey();
        }

        if (text.Count("-----BEGIN "u8) > 1)
        {
            throw new ConnectorKeyException("The connector key file holds several PEM blocks. Leave the connector's public key alone.");
        }

        if (!PemEncoding.TryFindUtf8(text, out var fields))
        {
            throw Damaged("its PEM text is incomplete");
        }

        switch (Encoding.ASCII.GetString(text[fields.Label]))
        {
            case "PUBLIC KEY":
                break;
            case "RSA PUBLIC KEY":
                throw new ConnectorKeyException(
                    "The connector key is in PKCS#1 form (BEGIN RSA PUBLIC KEY), which Microsoft's tools refuse as well. Convert it: "
                    + "openssl rsa -RSAPublicKey_in -in key.pem -pubout -out public.pem");
            case "CERTIFICATE":
                throw new ConnectorKeyException(
                    "The connector key is a certificate; the bare public key is needed. If it holds the connector's encryption key: "
                    + "openssl x509 -in certificate.pem -pubkey -noout > public.pem");
            default:
                throw new ConnectorKeyException(
                    "The connector key's PEM text is no public key: it has to begin with -----BEGIN PUBLIC KEY-----.");
        }

        return ReadSubjectPublicKeyInfo(Convert.FromBase64String(Encoding.ASCII.GetString(text[fields.Base64Data])));
    }

    private static RSAParameters ReadSubjectPublicKeyInfo(byte[] der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var info = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            if (info.ReadSequence().ReadObjectIdentifier() is not RsaKey)
            {
                throw new ConnectorKeyException(
                    "The connector key is no RSA key. The connector decrypts with RSA only: give the key made by Add-IntuneKspKey.");
            }

            var key = new AsnReader(info.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence();
            return new RSAParameters { Modulus = Unsigned(key.ReadIntegerBytes()), Exponent = Unsigned(key.ReadIntegerBytes()) };
        }
        catch (AsnContentException e)
        {
            throw Damaged("its PEM content cannot be read", e);
        }
    }

    private static byte[] Unsigned(ReadOnlyMemory<byte> integer) =>
        integer.Span[0] < 0x80 ? integer.Span.TrimStart((byte)0).ToArray() : throw new AsnContentException("A negative number.");

    private static string WhatIsIt(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "The connector key file is empty.";
        }

        // Windows PowerShell's `>` writes UTF-16.
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || file.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return "The connector key file is UTF-16 text. Save it as ASCII or UTF-8, in PowerShell with Set-Content -Encoding ascii.";
        }

        // The first bytes of "RSA1" in base64.
        if (file.TrimStart("\r\n \t"u8).StartsWith("UlNBMQ"u8))
        {
            return "The connector key file is base64 text of an RSAPUBLICBLOB: it was encoded once too often. Put the file itself into the "
                + "ConfigMap's binaryData or the Secret's data, as `kubectl create --from-file` does.";
        }

        return "The connector key is neither an RSAPUBLICBLOB file (Export-IntunePublicKey) nor PEM text that begins with -----BEGIN PUBLIC KEY-----. "
            + "A DER key can be converted: openssl pkey -pubin -inform DER -in key.der -out public.pem";
    }

    private static int LeadingZeroBits(ReadOnlySpan<byte> number)
    {
        var first = number.IndexOfAnyExcept((byte)0);
        return first < 0 ? number.Length * 8 : (first * 8) + byte.LeadingZeroCount(number[first]);
    }

    private static ConnectorKeyException PrivateKey() => new(
        "The connector key file holds a private key. Only the public key belongs here: remove it, consider the private key known to everyone who "
        + "could read this object, make a new one on the connector's server, and give its public part (Export-IntunePublicKey).");

    private static ConnectorKeyException Damaged(string how, Exception? inner = null) =>
        new($"The connector key file is damaged: {how}. Export it again, and mind that it is copied as it is.", inner);
}
