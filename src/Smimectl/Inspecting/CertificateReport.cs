namespace Smimectl;

/// <summary>What the operator would say about a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Format">PKCS#12, PEM, DER, or unknown.</param>
/// <param name="Protection">How a PKCS#12 file is protected.</param>
/// <param name="Certificates">What it holds, as far as it could be opened.</param>
/// <param name="Refusal">Why the operator takes nothing of it.</param>
internal sealed record CertificateReport(
    string File, string Format, ProtectionReport? Protection, IReadOnlyList<CertificateEntry> Certificates, Remark? Refusal)
{
    /// <summary>Whether the operator would import everything that is in the file, for one purpose at least.</summary>
    public bool IsUsable => Refusal is null && Certificates.All(c => c.Judgements.Any(j => j.Suits));
}

/// <summary>How a PKCS#12 file is protected.</summary>
internal sealed record ProtectionReport(IReadOnlyList<string> Ciphers, string? Mac, long Rounds, bool PrivateKeyInClear, bool CertificatesInClear);

/// <summary>One certificate of a file.</summary>
internal sealed record CertificateEntry
{
    public required string Subject { get; init; }

    public string? Issuer { get; init; }

    public required string Thumbprint { get; init; }

    public required string SerialNumber { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public bool Expired { get; init; }

    public required IReadOnlyList<string> EmailAddresses { get; init; }

    public required IReadOnlyList<string> UserPrincipalNames { get; init; }

    public required string Key { get; init; }

    public IReadOnlyList<string>? KeyUsage { get; init; }

    public IReadOnlyList<string>? ExtendedKeyUsage { get; init; }

    /// <summary>Subjects of the certificates that came with it.</summary>
    public IReadOnlyList<string> Chain { get; init; } = [];

    /// <summary>Whether its private key is in the file.</summary>
    public bool HasPrivateKey { get; init; }

    /// <summary>Why it would be encoded anew before the upload; null where it goes as it came.</summary>
    public string? ReencodedBecause { get; init; }

    /// <summary>What is said for each purpose.</summary>
    public IReadOnlyList<Judgement> Judgements { get; init; } = [];
}

/// <summary>Whether a certificate suits a purpose.</summary>
/// <param name="Purpose">SmimeEncryption or SmimeSigning, as spec.purpose has it.</param>
/// <param name="Suits">Whether it would be imported.</param>
/// <param name="Remarks">Refusals and warnings.</param>
internal sealed record Judgement(string Purpose, bool Suits, IReadOnlyList<Remark> Remarks);

/// <summary>A refusal with its reason, or a warning.</summary>
/// <param name="Reason">As in conditions and status; null for a warning.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record Remark(string? Reason, string Message);
