namespace SmimeOperator.Certificates;

/// <summary>Reads sources.</summary>
public static class CertificateReader
{
    /// <summary>The largest file that is read, in bytes: a hundred certificates with keys and chains need less, and a Secret holds twice as much.</summary>
    public const int MaxFileBytes = 512 * 1024;

    /// <summary>Reads a PKCS#12 file: every certificate that has its private key with it.</summary>
    /// <remarks>
    /// A file without MAC is read, since its key is held against its certificate anyway; it is encoded anew before it is uploaded.
    /// Key derivations of more than 600,000 rounds are refused before the first is made: a file must not be able to keep the operator busy.
    /// </remarks>
    /// <exception cref="CertificateSourceException">The file cannot be used.</exception>
    public static KeyedCertificates ReadPkcs12(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password)
    {
        RefuseTooLarge(pfx);
        return Pkcs12Reader.Read(pfx, password);
    }

    /// <summary>Reads certificates and private keys in PEM: each key with the certificate that it belongs to, wherever that stands.</summary>
    /// <param name="certificates">The certificates and their chains.</param>
    /// <param name="keys">The keys: PKCS#8, PKCS#1 or SEC1, in the clear or encrypted. May be the same text.</param>
    /// <param name="password">The password of encrypted keys; empty where there is none.</param>
    /// <exception cref="CertificateSourceException">The pair cannot be used.</exception>
    public static KeyedCertificates ReadPem(ReadOnlySpan<byte> certificates, ReadOnlySpan<byte> keys, ReadOnlySpan<char> password)
    {
        RefuseTooLarge(certificates);
        RefuseTooLarge(keys);
        return PemReader.Read(certificates, keys, password);
    }

    /// <summary>Reads root and intermediate certificates, PEM or DER, one or many; DER each.</summary>
    /// <exception cref="CertificateSourceException">The text holds no certificate, or something beside certificates.</exception>
    public static IReadOnlyList<TrustedCertificate> ReadTrusted(ReadOnlySpan<byte> pemOrDer)
    {
        RefuseTooLarge(pemOrDer);
        return TrustedReader.Read(pemOrDer);
    }

    /// <summary>Reads what a certificate without key says of itself.</summary>
    /// <exception cref="CertificateSourceException">Its content is broken.</exception>
    public static CertificateFacts ReadFacts(TrustedCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var loaded = TrustedReader.LoadDer(certificate.Der);
        return FactsReader.Read(loaded);
    }

    private static void RefuseTooLarge(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxFileBytes)
        {
            throw new CertificateSourceException(
                SourceFault.LimitExceeded,
                $"The file has {file.Length} bytes; no more than {MaxFileBytes} are read. Split the history into several files, and leave out what is neither certificate nor key.");
        }
    }
}
