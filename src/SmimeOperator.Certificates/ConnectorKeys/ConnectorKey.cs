using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>The certificate connector's public key. Thread-safe.</summary>
public sealed class ConnectorKey
{
    private readonly RSAParameters _parameters;

    // Importing costs six times what encrypting does, and .NET promises nothing for one RSA object used by several threads: so the imported
    // ones are kept, as many as were ever in use at once. They hold no secret, and live as long as the key.
    private readonly ConcurrentBag<RSA> _imported = [];

    private ConnectorKey(RSAParameters parameters)
    {
        _parameters = parameters;
        var key = RSA.Create(parameters);
        _imported.Add(key);
        KeySize = key.KeySize;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: the same for both file forms.</summary>
    public string Fingerprint { get; }

    /// <summary>Bits of the modulus.</summary>
    public int KeySize { get; }

    /// <summary>Reads an RSAPUBLICBLOB file or a PEM SubjectPublicKeyInfo.</summary>
    /// <exception cref="ConnectorKeyException">The file is neither, or the key is too small for OAEP with SHA-512.</exception>
    public static ConnectorKey Parse(ReadOnlySpan<byte> file)
    {
        var parameters = ConnectorKeyFile.Read(file);
        try
        {
            return new ConnectorKey(parameters);
        }
        catch (CryptographicException e)
        {
            throw new ConnectorKeyException("The connector key is no usable RSA key. Export it again on the connector's server.", e);
        }
    }

    /// <summary>The longest password that fits, in bytes.</summary>
    /// <remarks>k - 2 hLen - 2 (RFC 8017 §7.1.1): 126 for RSA-2048 with SHA-512.</remarks>
    public int MaxPasswordLength(OaepHash hash) => (KeySize / 8) - (2 * HashLength(hash)) - 2;

    /// <summary>Encrypts a password the way the connector reads it: one byte for each character, RSA-OAEP, MGF1 with the same hash, no label.</summary>
    /// <remarks>
    /// Microsoft's importer casts each UTF-16 unit to a byte (Intune-Resource-Access, ManagedRSAEncryption.cs), which corrupts whatever lies
    /// above U+00FF. That is refused here.
    /// </remarks>
    /// <exception cref="ArgumentException">The password is too long or holds a character above U+00FF.</exception>
    public byte[] Encrypt(ReadOnlySpan<char> password, OaepHash hash)
    {
        if (password.Length > MaxPasswordLength(hash))
        {
            throw new ArgumentException("The password is longer than the connector key can carry.", nameof(password));
        }

        if (password.ContainsAnyExceptInRange('\u0000', '\u00FF'))
        {
            throw new ArgumentException("The password holds a character above U+00FF, which the connector cannot read.", nameof(password));
        }

        var plain = SensitiveMemory.Allocate<byte>(password.Length);
        if (!_imported.TryTake(out var key))
        {
            key = RSA.Create(_parameters);
        }

        try
        {
            for (var index = 0; index < plain.Length; index++)
            {
                plain[index] = (byte)password[index];
            }

            return key.Encrypt(plain, PaddingOf(hash));
        }
        finally
        {
            SensitiveMemory.Clear<byte>(plain);
            _imported.Add(key);
        }
    }

    private static int HashLength(OaepHash hash) => hash switch
    {
        OaepHash.Sha256 => SHA256.HashSizeInBytes,
        OaepHash.Sha384 => SHA384.HashSizeInBytes,
        OaepHash.Sha512 => SHA512.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };

    private static RSAEncryptionPadding PaddingOf(OaepHash hash) => hash switch
    {
        OaepHash.Sha256 => RSAEncryptionPadding.OaepSHA256,
        OaepHash.Sha384 => RSAEncryptionPadding.OaepSHA384,
        OaepHash.Sha512 => RSAEncryptionPadding.OaepSHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };
}
