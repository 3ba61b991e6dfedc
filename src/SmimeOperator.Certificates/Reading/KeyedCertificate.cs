namespace SmimeOperator.Certificates;

/// <summary>A leaf certificate with its private key, and the chain that came with it. Holds key material: dispose it as soon as it was packaged.</summary>
public sealed class KeyedCertificate : IDisposable
{
    /// <summary>What the certificate says of itself.</summary>
    public CertificateFacts Facts => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>Why a source cannot be used.</summary>
public enum SourceFault
{
    /// <summary>The password does not open the file.</summary>
    WrongPassword,

    /// <summary>The file is broken, or no PKCS#12 or PEM at all.</summary>
    Malformed,

    /// <summary>No certificate has its private key with it.</summary>
    NoPrivateKey,

    /// <summary>More than one certificate has its private key with it.</summary>
    SeveralPrivateKeys,

    /// <summary>The private key does not belong to the certificate.</summary>
    KeyMismatch,

    /// <summary>A cipher, key type or size that cannot be handled, or that would take too long to open.</summary>
    Unsupported,
}

/// <summary>A source cannot be used. The message says what is wrong and what to do, and never carries a password or key.</summary>
public sealed class CertificateSourceException(SourceFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public SourceFault Fault { get; } = fault;
}

/// <summary>Reads sources.</summary>
public static class CertificateReader
{
    /// <summary>Reads a PKCS#12 file.</summary>
    /// <exception cref="CertificateSourceException">The file cannot be used.</exception>
    public static KeyedCertificate ReadPkcs12(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password) => throw new NotSupportedException();

    /// <summary>Reads the pair of a kubernetes.io/tls Secret: the leaf first, then its chain; and the key.</summary>
    /// <exception cref="CertificateSourceException">The pair cannot be used.</exception>
    public static KeyedCertificate ReadTls(ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> keyPem) => throw new NotSupportedException();

    /// <summary>Reads root and intermediate certificates, PEM or DER, one or many; DER each.</summary>
    /// <exception cref="CertificateSourceException">The text holds no certificate, or something beside certificates.</exception>
    public static IReadOnlyList<TrustedCertificate> ReadTrusted(ReadOnlySpan<byte> pemOrDer) => throw new NotSupportedException();
}

/// <summary>A root or intermediate certificate.</summary>
/// <param name="Der">The certificate.</param>
/// <param name="Thumbprint">SHA-1, lower case.</param>
/// <param name="Subject">Distinguished name.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="IsAuthority">Whether its basic constraints make it a certification authority.</param>
public sealed record TrustedCertificate(byte[] Der, string Thumbprint, string Subject, DateTimeOffset NotAfter, bool IsAuthority);
