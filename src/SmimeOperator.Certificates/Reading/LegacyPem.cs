using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>
/// Keys as OpenSSL encrypted them before PKCS#8 ("Proc-Type: 4,ENCRYPTED", RFC 1421 §4.6): CBC, the key from one round of MD5
/// (EVP_BytesToKey), the salt the first eight bytes of the initialization vector. No protection by today's measure, but it is what people have.
/// </summary>
internal static class LegacyPem
{
    private const int SaltLength = 8;

    /// <summary>Decrypts a key, into memory that the caller has to clear.</summary>
    /// <param name="info">The value of DEK-Info: cipher and initialization vector.</param>
    /// <param name="content">What is encrypted.</param>
    /// <param name="password">The password.</param>
    /// <exception cref="CertificateSourceException">The cipher is not known, or the password is wrong.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> info, ReadOnlySpan<byte> content, ReadOnlySpan<char> password)
    {
        var comma = info.IndexOf((byte)',');
        var cipher = comma < 0 ? info : info[..comma];
        using var algorithm = Create(cipher, out var keyLength) ?? throw new CertificateSourceException(
            SourceFault.Unsupported,
            "The private key is encrypted with a cipher that is not read (its DEK-Info line names it). Convert it: openssl pkcs8 -topk8 -in key.pem -out new.pem");
        Span<byte> vector = stackalloc byte[16];
        vector = vector[..(algorithm.BlockSize / 8)];
        if (comma < 0 || Convert.FromHexString(info[(comma + 1)..].Trim(" \t\r"u8), vector, out _, out var length) is not System.Buffers.OperationStatus.Done
            || length != vector.Length)
        {
            throw new CertificateSourceException(SourceFault.Malformed, "The private key's DEK-Info line is broken. Export the key again.");
        }

        if (password.IsEmpty)
        {
            throw Passwords.Wrong(password, "private key", null);
        }

        var clear = SensitiveMemory.Allocate<byte>(content.Length);
        var key = SensitiveMemory.Allocate<byte>(keyLength);
        try
        {
            DeriveKey(password, vector[..SaltLength], key);
            algorithm.SetKey(key);
            length = algorithm.DecryptCbc(content, vector, clear);
            return SensitiveMemory.Copy<byte>(clear.AsSpan(0, length));
        }
        catch (CryptographicException e)
        {
            throw Passwords.Wrong(password, "private key", e);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(clear);
            SensitiveMemory.Clear<byte>(key);
        }
    }

#pragma warning disable CA5350, CA5351 // The format prescribes them.
    private static SymmetricAlgorithm? Create(ReadOnlySpan<byte> cipher, out int keyLength)
    {
        (SymmetricAlgorithm? Algorithm, int KeyLength) found =
            cipher.SequenceEqual("AES-128-CBC"u8) ? (Aes.Create(), 16)
            : cipher.SequenceEqual("AES-192-CBC"u8) ? (Aes.Create(), 24)
            : cipher.SequenceEqual("AES-256-CBC"u8) ? (Aes.Create(), 32)
            : cipher.SequenceEqual("DES-EDE3-CBC"u8) ? (TripleDES.Create(), 24)
            : (null, 0);
        keyLength = found.KeyLength;
        return found.Algorithm;
    }

    private static void DeriveKey(ReadOnlySpan<char> password, ReadOnlySpan<byte> salt, Span<byte> key)
    {
        var bytes = SensitiveMemory.Utf8(password);
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        try
        {
            for (var done = 0; done < key.Length;)
            {
                if (done > 0)
                {
                    md5.AppendData(digest);
                }

                md5.AppendData(bytes);
                md5.AppendData(salt);
                md5.GetHashAndReset(digest);
                var part = Math.Min(digest.Length, key.Length - done);
                digest[..part].CopyTo(key[done..]);
                done += part;
            }
        }
        finally
        {
            SensitiveMemory.Clear<byte>(bytes);
            CryptographicOperations.ZeroMemory(digest);
        }
    }
#pragma warning restore CA5350, CA5351
}
