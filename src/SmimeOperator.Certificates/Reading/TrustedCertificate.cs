namespace SmimeOperator.Certificates;

/// <summary>A root or intermediate certificate.</summary>
/// <param name="Der">The certificate.</param>
/// <param name="Thumbprint">SHA-1, lower case.</param>
/// <param name="Subject">Distinguished name.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="IsAuthority">Whether its basic constraints make it a certification authority.</param>
public sealed record TrustedCertificate(byte[] Der, string Thumbprint, string Subject, DateTimeOffset NotAfter, bool IsAuthority)
{
    /// <summary>Whether it bears its own subject as issuer: a root, not an intermediate.</summary>
    public bool IsRoot { get; init; }

    /// <summary>Its place in the file, from 1 on.</summary>
    public int Index { get; init; } = 1;
}
