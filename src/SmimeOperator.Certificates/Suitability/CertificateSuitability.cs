using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>What an imported certificate is for.</summary>
public enum CertificatePurpose
{
    /// <summary>S/MIME encryption.</summary>
    Encryption,

    /// <summary>S/MIME signing.</summary>
    Signing,
}

/// <summary>What is wrong with a certificate for a purpose and user.</summary>
public enum SuitabilityFinding
{
    /// <summary>KeyUsage does not allow the purpose.</summary>
    KeyUsage,

    /// <summary>An extended key usage is there and does not hold emailProtection.</summary>
    ExtendedKeyUsage,

    /// <summary>Neither subject nor subject alternative name holds an address of the user.</summary>
    Identity,

    /// <summary>A signing certificate that has expired.</summary>
    Expired,

    /// <summary>Not yet valid.</summary>
    NotYetValid,

    /// <summary>A key type or size that the purpose cannot use, or that is too small by today's measure.</summary>
    WeakKey,

    /// <summary>The issuer signed it with MD5 or SHA-1.</summary>
    WeakSignature,

    /// <summary>It does not chain to a root that the policies distribute.</summary>
    Chain,
}

/// <summary>One finding in words a person can act on.</summary>
/// <param name="Finding">Which check failed.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="IsWarning">Whether the certificate serves its purpose all the same.</param>
public sealed record SuitabilityIssue(SuitabilityFinding Finding, string Message, bool IsWarning = false);

/// <summary>Says whether a certificate suits a purpose and a user, before it is uploaded: neither the service nor the phone would say so.</summary>
public static class CertificateSuitability
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    private const string AnyExtendedKeyUsage = "2.5.29.37.0";
    private const string AddressPrefix = "smtp:";

    /// <summary>Checks a certificate; no issue means it suits.</summary>
    /// <param name="facts">The certificate.</param>
    /// <param name="purpose">What it is to be used for.</param>
    /// <param name="addresses">The user's addresses: mail, proxy addresses without prefix, principal name.</param>
    /// <param name="now">The time to hold validity against.</param>
    public static IReadOnlyList<SuitabilityIssue> Check(
        CertificateFacts facts, CertificatePurpose purpose, IReadOnlyCollection<string> addresses, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(addresses);
        return
        [
            .. KeyIssues(facts, purpose, now),
            .. SignatureIssues(facts, purpose, now),
            .. KeyUsageIssues(facts, purpose),
            .. ExtendedKeyUsageIssues(facts),
            .. IdentityIssues(facts, addresses),
            .. ValidityIssues(facts, purpose, now),
        ];
    }

    // Old encryption keys are small, and still the only way to read old mail; nobody should sign with them today.
    private static IEnumerable<SuitabilityIssue> KeyIssues(CertificateFacts facts, CertificatePurpose purpose, DateTimeOffset now)
    {
        var (smallest, today) = (facts.KeyAlgorithm, purpose) switch
        {
            ("RSA", CertificatePurpose.Encryption) => (1024, 2048),
            ("RSA", _) => (2048, 2048),
            ("ECDSA", CertificatePurpose.Encryption) => (224, 256),
            ("ECDSA", _) => (256, 256),
            _ => (int.MaxValue, int.MaxValue),
        };
        if (smallest == int.MaxValue)
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.WeakKey, $"The key's type is {facts.KeyAlgorithm}; S/MIME on the phone takes RSA and elliptic curves. Use a certificate with one of these.");
        }
        else if (facts.KeySize < smallest)
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.WeakKey,
                $"The {facts.KeyAlgorithm} key has {facts.KeySize} bits; {NameOf(purpose)} takes at least {smallest}. Use a certificate with a larger key.");
        }
        else if (facts.KeySize < today && now <= facts.NotAfter)
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.WeakKey,
                $"The {facts.KeyAlgorithm} key has {facts.KeySize} bits, and mail is still encrypted to it. Have a certificate issued with {today} bits or more, and import it beside this one.",
                IsWarning: true);
        }
    }

    // Whoever receives a signed mail checks the issuer's signature, and today's phones and programs refuse these. Nobody has to check it to
    // open a mail, but those who send will stop to encrypt to it.
    private static IEnumerable<SuitabilityIssue> SignatureIssues(CertificateFacts facts, CertificatePurpose purpose, DateTimeOffset now)
    {
        var name = facts.SignatureAlgorithm switch
        {
            "1.2.840.113549.1.1.4" => "MD5",
            "1.2.840.113549.1.1.5" or "1.3.14.3.2.29" or "1.2.840.10045.4.1" => "SHA-1",
            _ => null,
        };
        if (name is not null && now <= facts.NotAfter)
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.WeakSignature,
                $"The certificate was signed by its issuer with {name}, which those who check it no longer trust. Have it issued anew with SHA-256.",
                IsWarning: purpose is CertificatePurpose.Encryption);
        }
    }

    // RFC 8550 §4.4.2. dataEncipherment does not help: S/MIME encrypts a content key with the certificate's key, never the content itself.
    private static IEnumerable<SuitabilityIssue> KeyUsageIssues(CertificateFacts facts, CertificatePurpose purpose)
    {
        var (needed, words) = (purpose, facts.KeyAlgorithm) switch
        {
            (CertificatePurpose.Signing, _) => (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, "digitalSignature or nonRepudiation"),
            (_, "ECDSA") => (X509KeyUsageFlags.KeyAgreement, "keyAgreement"),
            _ => (X509KeyUsageFlags.KeyEncipherment, "keyEncipherment"),
        };
        if (facts.KeyUsage is { } usage && (usage & needed) == X509KeyUsageFlags.None)
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.KeyUsage,
                $"The certificate's key usage is {usage}; {NameOf(purpose)} needs {words}. Use the user's {NameOf(purpose)} certificate, or change `purpose`.");
        }
    }

    private static IEnumerable<SuitabilityIssue> ExtendedKeyUsageIssues(CertificateFacts facts)
    {
        if (facts.ExtendedKeyUsages is { } usages && !usages.Contains(EmailProtection) && !usages.Contains(AnyExtendedKeyUsage))
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.ExtendedKeyUsage,
                $"The certificate's extended key usage is {Listed(usages)}, without emailProtection ({EmailProtection}). Have it issued from an S/MIME template.");
        }
    }

    private static IEnumerable<SuitabilityIssue> IdentityIssues(CertificateFacts facts, IReadOnlyCollection<string> addresses)
    {
        var named = facts.EmailAddresses.Concat(facts.UserPrincipalNames).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!addresses.Any(address => named.Contains(Bare(address))))
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.Identity,
                $"The certificate is for {(named.Count == 0 ? "no e-mail address" : Listed(named))}, the user's addresses are "
                + $"{(addresses.Count == 0 ? "not known" : Listed(addresses.Select(Bare)))}; Outlook passes over a certificate that does not name its user. "
                + "Check the user, or set `identityCheck: Warn` if it is right all the same.");
        }
    }

    private static IEnumerable<SuitabilityIssue> ValidityIssues(CertificateFacts facts, CertificatePurpose purpose, DateTimeOffset now)
    {
        if (now < facts.NotBefore)
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.NotYetValid, $"The certificate is not valid before {Text(facts.NotBefore)}. Import it then, or check the clocks.");
        }

        // An expired encryption certificate still opens the mail of its time.
        if (purpose is CertificatePurpose.Signing && now > facts.NotAfter)
        {
            yield return new SuitabilityIssue(
                SuitabilityFinding.Expired, $"The certificate expired on {Text(facts.NotAfter)} and signs nothing any more. Give the renewed one.");
        }
    }

    private static string NameOf(CertificatePurpose purpose) => purpose is CertificatePurpose.Signing ? "signing" : "encryption";

    private static string Bare(string address) =>
        address.StartsWith(AddressPrefix, StringComparison.OrdinalIgnoreCase) ? address[AddressPrefix.Length..] : address;

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
