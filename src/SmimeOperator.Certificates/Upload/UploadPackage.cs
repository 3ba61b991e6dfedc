using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>What is uploaded: a PFX and its password, encrypted to the connector key. Holds key material: dispose it after the upload.</summary>
public sealed class UploadPackage : IDisposable
{
    // 32 characters of 62: 190 bits. The smallest key that is taken, RSA-2048, carries 126 with the largest hash.
    private const int PasswordLength = 32;
    private const string PasswordAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly byte[] _pfx;
    private readonly byte[] _encryptedPassword;
    private bool _disposed;

    private UploadPackage(byte[] pfx, byte[] encryptedPassword, string? reencodedBecause)
    {
        _pfx = pfx;
        _encryptedPassword = encryptedPassword;
        ReencodedBecause = reencodedBecause;
    }

    /// <summary>The PFX file. Cleared by <see cref="Dispose"/>.</summary>
    public byte[] Pfx
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pfx;
        }
    }

    /// <summary>The password's RSA-OAEP ciphertext.</summary>
    public byte[] EncryptedPassword
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _encryptedPassword;
        }
    }

    /// <summary>Why the PFX was encoded anew; null where it goes as it came.</summary>
    public string? ReencodedBecause { get; }

    /// <summary>Says why a certificate cannot be uploaded in the way that was chosen, and what to do; null where it can.</summary>
    public static string? FindObstacle(KeyedCertificate certificate, ConnectorKey key, OaepHash hash, UploadEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        return ReencodingReason.FindObstacle(certificate, key.MaxPasswordLength(hash), encoding) is { } obstacle
            ? $"The certificate cannot be uploaded as it is: {obstacle}. Set `encoding.reencode: Auto`, or export it as a PKCS#12 file of its own with an ASCII password."
            : null;
    }

    /// <summary>Says why a certificate would be encoded anew; null where it goes as it came.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="maxPasswordLength">The longest password that the connector key carries, in bytes.</param>
    /// <param name="encoding">How uploads are encoded.</param>
    public static string? FindReencoding(KeyedCertificate certificate, int maxPasswordLength, UploadEncoding encoding = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return ReencodingReason.Find(certificate, maxPasswordLength, encoding);
    }

    /// <summary>Makes the package.</summary>
    /// <exception cref="CertificateSourceException">Re-encoding is forbidden, and the file cannot go as it is.</exception>
    public static UploadPackage Create(KeyedCertificate certificate, ConnectorKey key, OaepHash hash, UploadEncoding encoding = default)
    {
        if (FindObstacle(certificate, key, hash, encoding) is { } obstacle)
        {
            throw new CertificateSourceException(SourceFault.NotTransferable, obstacle);
        }

        var because = ReencodingReason.Find(certificate, key.MaxPasswordLength(hash), encoding);
        return because is null ? AsItCame(certificate.Source!, key, hash) : EncodedAnew(certificate, key, hash, encoding.Algorithm, because);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            SensitiveMemory.Clear<byte>(_pfx);
            SensitiveMemory.Clear<byte>(_encryptedPassword);
        }
    }

    private static UploadPackage AsItCame(Pkcs12Source source, ConnectorKey key, OaepHash hash) =>
        new(SensitiveMemory.Copy(source.Pfx), key.Encrypt(source.Password, hash), reencodedBecause: null);

    private static UploadPackage EncodedAnew(KeyedCertificate certificate, ConnectorKey key, OaepHash hash, UploadAlgorithm algorithm, string because)
    {
        var password = SensitiveMemory.Allocate<char>(PasswordLength);
        try
        {
            RandomNumberGenerator.GetItems<char>(PasswordAlphabet, password);
            return new UploadPackage(Pkcs12Writer.Write(certificate, password, algorithm), key.Encrypt(password, hash), because);
        }
        finally
        {
            SensitiveMemory.Clear<char>(password);
        }
    }
}
