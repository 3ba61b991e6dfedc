namespace SmimeOperator.Certificates;

/// <summary>The OAEP hashes that the service takes.</summary>
public enum OaepHash
{
    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-384.</summary>
    Sha384,

    /// <summary>SHA-512.</summary>
    Sha512,
}

/// <summary>The certificate connector's public key. Thread-safe.</summary>
public sealed class ConnectorKey
{
    /// <summary>SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: the same for both file forms.</summary>
    public string Fingerprint => throw new NotSupportedException();

    /// <summary>Bits of the modulus.</summary>
    public int KeySize => throw new NotSupportedException();

    /// <summary>Reads an RSAPUBLICBLOB file or a PEM SubjectPublicKeyInfo.</summary>
    /// <exception cref="ConnectorKeyException">The file is neither, or the key is too small for OAEP with SHA-512.</exception>
    public static ConnectorKey Parse(ReadOnlySpan<byte> file) => throw new NotSupportedException();

    /// <summary>The longest password that fits, in bytes.</summary>
    public int MaxPasswordLength(OaepHash hash) => throw new NotSupportedException();
}

/// <summary>The connector key cannot be used. The message says what is wrong and what to do.</summary>
public sealed class ConnectorKeyException(string message, Exception? inner = null) : Exception(message, inner);
