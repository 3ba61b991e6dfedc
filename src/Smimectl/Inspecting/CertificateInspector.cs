using System.Security.Cryptography.X509Certificates;
using SmimeOperator.Certificates;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What a file is held against.</summary>
internal sealed record InspectionTerms
{
    /// <summary>The user's addresses; empty where it does not matter whose the certificate is.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The purposes to judge.</summary>
    public IReadOnlyList<CertificatePurpose> Purposes { get; init; } = [CertificatePurpose.Encryption, CertificatePurpose.Signing];

    /// <summary>Roots and intermediates that devices are given; empty where nothing is known of them.</summary>
    public IReadOnlyList<TrustedCertificate> Trusted { get; init; } = [];

    /// <summary>The longest password that the connector key carries, in bytes; by default that of the smallest key that is taken.</summary>
    public int MaxPasswordLength { get; init; } = KeyFile.SmallestPasswordLength;

    public required DateTimeOffset Now { get; init; }
}

/// <summary>Looks at certificate files as the operator does, with the operator's own code, and without a tenant. Pure.</summary>
internal static class CertificateInspector
{
    private const string Pem = "PEM";

    /// <summary>Looks at a file.</summary>
    /// <param name="name">What the file is called.</param>
    /// <param name="file">Its content.</param>
    /// <param name="key">The content of a file that holds the key of PEM certificates; the same content where there is none of its own.</param>
    /// <param name="password">Empty where there is none.</param>
    /// <param name="terms">What it is held against.</param>
    public static CertificateReport Inspect(string name, ReadOnlySpan<byte> file, ReadOnlySpan<byte> key, ReadOnlySpan<char> password, InspectionTerms terms)
    {
        var isPem = file.IndexOf("-----BEGIN "u8) >= 0;
        var protection = isPem ? null : Pkcs12Protection.Read(file);
        try
        {
            using var certificates = isPem ? CertificateReader.ReadPem(file, key, password) : CertificateReader.ReadPkcs12(file, password);
            return new CertificateReport(name, isPem ? Pem : "PKCS#12", Of(protection), [.. certificates.Select(c => Entry(c, terms))], Refusal: null);
        }
        catch (CertificateSourceException problem)
        {
            var bare = protection is null ? Bare(file, terms) : [];
            return new CertificateReport(
                name, isPem ? Pem : protection is not null ? "PKCS#12" : bare.Count > 0 ? "DER" : "unknown", Of(protection), bare, new Remark(RefusalReasons.Of(problem.Fault), problem.Message));
        }
    }

    // Certificates without their keys: nothing that can be imported, and still worth to be named.
    private static List<CertificateEntry> Bare(ReadOnlySpan<byte> file, InspectionTerms terms)
    {
        try
        {
            return [.. CertificateReader.ReadTrusted(file).Select(CertificateReader.ReadFacts).Select(facts => Entry(facts, terms))];
        }
        catch (CertificateSourceException)
        {
            return [];
        }
    }

    private static CertificateEntry Entry(KeyedCertificate certificate, InspectionTerms terms)
    {
        var chain = ChainCheck.Check(certificate, terms.Trusted);
        return Entry(certificate.Facts, terms) with
        {
            Issuer = certificate.Issuer,
            Chain = certificate.ChainSubjects,
            HasPrivateKey = true,
            ReencodedBecause = UploadPackage.FindReencoding(certificate, terms.MaxPasswordLength),
            Judgements = [.. terms.Purposes.Select(purpose => Judge(certificate.Facts, purpose, chain, terms))],
        };
    }

    private static Judgement Judge(CertificateFacts facts, CertificatePurpose purpose, SuitabilityIssue? chain, InspectionTerms terms)
    {
        var issues = CertificateSuitability.Check(facts, purpose, terms.Addresses, terms.Now)
            .Where(issue => issue.Finding != SuitabilityFinding.Identity || terms.Addresses.Count > 0)
            .Concat(chain is null ? [] : [chain]).ToList();
        return new Judgement(
            purpose == CertificatePurpose.Signing ? "SmimeSigning" : "SmimeEncryption",
            issues.TrueForAll(issue => issue.IsWarning),
            [.. issues.Select(issue => new Remark(issue.IsWarning ? null : RefusalReasons.Of(issue.Finding), issue.Message))]);
    }

    private static CertificateEntry Entry(CertificateFacts facts, InspectionTerms terms) => new()
    {
        Subject = facts.Subject,
        Thumbprint = facts.Thumbprint,
        SerialNumber = facts.SerialNumber,
        NotBefore = facts.NotBefore,
        NotAfter = facts.NotAfter,
        Expired = facts.NotAfter < terms.Now,
        EmailAddresses = facts.EmailAddresses,
        UserPrincipalNames = facts.UserPrincipalNames,
        Key = facts.KeySize == 0 ? facts.KeyAlgorithm : $"{facts.KeyAlgorithm} {facts.KeySize}",
        KeyUsage = facts.KeyUsage is { } usage ? [.. Enum.GetValues<X509KeyUsageFlags>().Where(flag => flag != X509KeyUsageFlags.None && usage.HasFlag(flag)).Select(flag => flag.ToString())] : null,
        ExtendedKeyUsage = facts.ExtendedKeyUsages,
    };

    private static ProtectionReport? Of(Pkcs12Protection? protection) => protection is null
        ? null
        : new ProtectionReport(protection.Ciphers, protection.Mac, protection.Rounds, protection.HasClearKey, protection.HasClearCertificates);
}
