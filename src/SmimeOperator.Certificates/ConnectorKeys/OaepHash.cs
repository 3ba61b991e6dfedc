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
