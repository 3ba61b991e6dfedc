namespace SmimeOperator.Certificates;

/// <summary>Why a source cannot be used.</summary>
public enum SourceFault
{
    /// <summary>The password does not open the file.</summary>
    WrongPassword,

    /// <summary>The file is broken, or no PKCS#12 or PEM at all.</summary>
    Malformed,

    /// <summary>No certificate has its private key with it.</summary>
    NoPrivateKey,

    /// <summary>The private key does not belong to the certificate.</summary>
    KeyMismatch,

    /// <summary>A cipher or key type that cannot be handled.</summary>
    Unsupported,

    /// <summary>Larger than any real source, or takes more rounds of key derivation than is allowed.</summary>
    LimitExceeded,

    /// <summary>Re-encoding is forbidden, and the file cannot go as it is.</summary>
    NotTransferable,
}

/// <summary>A source cannot be used. The message says what is wrong and what to do, and never carries a password or key.</summary>
public sealed class CertificateSourceException(SourceFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public SourceFault Fault { get; } = fault;
}
