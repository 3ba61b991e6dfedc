namespace SmimeOperator.Certificates;

/// <summary>When a PFX is encoded anew before it is uploaded.</summary>
public enum Reencoding
{
    /// <summary>Where its encoding or password would not survive the way to the phone, or the source is a key pair.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,
}

/// <summary>What is uploaded: a PFX and its password, encrypted to the connector key. Holds key material: dispose it after the upload.</summary>
public sealed class UploadPackage : IDisposable
{
    /// <summary>The PFX file.</summary>
    public byte[] Pfx => throw new NotSupportedException();

    /// <summary>The password's RSA-OAEP ciphertext.</summary>
    public byte[] EncryptedPassword => throw new NotSupportedException();

    /// <summary>Why the PFX was encoded anew; null where it goes as it came.</summary>
    public string? ReencodedBecause => throw new NotSupportedException();

    /// <summary>Makes the package.</summary>
    /// <exception cref="ConnectorKeyException">The key is too small for the hash.</exception>
    public static UploadPackage Create(KeyedCertificate certificate, ConnectorKey key, OaepHash hash, Reencoding reencoding = Reencoding.Auto) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
