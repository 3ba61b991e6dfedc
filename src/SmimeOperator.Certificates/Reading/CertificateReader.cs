namespace SmimeOperator.Certificates;

/// <summary>Reads sources.</summary>
public static class CertificateReader
{
    /// <summary>Reads a PKCS#12 file.</summary>
    /// <remarks>
    /// A file without MAC is read, since its key is held against its certificate anyway; it is encoded anew before it is uploaded.
    /// Key derivations of more than 600,000 rounds are refused: a file must not be able to keep the operator busy.
    /// </remarks>
    /// <exception cref="CertificateSourceException">The file cannot be used.</exception>
    public static KeyedCertificate ReadPkcs12(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password) => Pkcs12Reader.Read(pfx, password);

    /// <summary>Reads the pair of a kubernetes.io/tls Secret: the leaf first, then its chain; and the key.</summary>
    /// <remarks>The leaf is the certificate that the key belongs to, wherever it stands.</remarks>
    /// <exception cref="CertificateSourceException">The pair cannot be used.</exception>
    public static KeyedCertificate ReadTls(ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> keyPem) =>
        TlsReader.Read(certificatePem, keyPem);

    /// <summary>Reads root and intermediate certificates, PEM or DER, one or many; DER each.</summary>
    /// <exception cref="CertificateSourceException">The text holds no certificate, or something beside certificates.</exception>
    public static IReadOnlyList<TrustedCertificate> ReadTrusted(ReadOnlySpan<byte> pemOrDer) => TrustedReader.Read(pemOrDer);
}
