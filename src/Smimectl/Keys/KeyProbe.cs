using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace Smimectl;

/// <summary>Encrypts a random password to a connector key as an import does, and opens it as the connector does.</summary>
internal static class KeyProbe
{
    private const int Length = 32;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Tries a padding.</summary>
    public static PaddingProbe Try(ConnectorKey key, KeyPadding scheme, OaepHash hash, RSA? privateKey)
    {
        var probe = RandomNumberGenerator.GetItems<char>(Alphabet, Length);
        var cipher = key.Encrypt(probe, hash);
        var bytes = cipher.Length.ToString(CultureInfo.InvariantCulture);
        if (privateKey is null)
        {
            return new PaddingProbe(scheme.ToString(), true, $"encrypts, {bytes} bytes");
        }

        try
        {
            var opened = privateKey.Decrypt(cipher, hash switch
            {
                OaepHash.Sha256 => RSAEncryptionPadding.OaepSHA256,
                OaepHash.Sha384 => RSAEncryptionPadding.OaepSHA384,
                _ => RSAEncryptionPadding.OaepSHA512,
            });
            return CryptographicOperations.FixedTimeEquals(opened, Encoding.ASCII.GetBytes(probe))
                ? new PaddingProbe(scheme.ToString(), true, $"works: encrypted, {bytes} bytes, and opened again")
                : new PaddingProbe(scheme.ToString(), false, "opens to something else");
        }
        catch (CryptographicException)
        {
            return new PaddingProbe(scheme.ToString(), false, "is not opened by this private key");
        }
    }

    /// <summary>Reads the connector's private key: PEM or PKCS#8 in DER, in the clear or encrypted.</summary>
    /// <exception cref="IOException">It is none, or the password does not open it.</exception>
    public static RSA ReadPrivate(string path, ReadOnlySpan<char> password)
    {
        var content = KeyFile.Bytes(path);
        var text = GC.AllocateArray<char>(content.Length, pinned: true);
        var key = RSA.Create();
        try
        {
            var length = Encoding.Latin1.GetChars(content, text);
            Import(key, content, text.AsSpan(0, length), password);
            return key;
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new IOException(
                $"{path} is no RSA private key that can be read{(password.IsEmpty ? "" : " with this password")}; it has to be PEM, or PKCS#8 in DER, and its password comes by --password-file or --password-env",
                problem);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            Array.Clear(text);
        }
    }

    private static void Import(RSA key, ReadOnlySpan<byte> content, ReadOnlySpan<char> text, ReadOnlySpan<char> password)
    {
        if (text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal))
        {
            key.ImportFromEncryptedPem(text, password);
        }
        else if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            key.ImportFromPem(text);
        }
        else if (password.IsEmpty)
        {
            key.ImportPkcs8PrivateKey(content, out _);
        }
        else
        {
            key.ImportEncryptedPkcs8PrivateKey(password, content, out _);
        }
    }
}
