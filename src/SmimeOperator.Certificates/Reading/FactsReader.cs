using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Reads what a certificate says of itself.</summary>
internal static class FactsReader
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string EmailAddress = "1.2.840.113549.1.9.1";
    private const string UserPrincipalName = "1.3.6.1.4.1.311.20.2.3";

    // SmtpUTF8Mailbox, an address with letters outside ASCII (RFC 9598 §3).
    private const string InternationalAddress = "1.3.6.1.5.5.7.8.9";

    private static readonly Asn1Tag OtherName = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);

    public static CertificateFacts Read(X509Certificate2 certificate)
    {
        try
        {
            var addresses = new List<string>();
            var principalNames = new List<string>();
            ReadAlternativeNames(certificate, addresses, principalNames);
            ReadSubject(certificate, addresses);
            var (algorithm, size) = KeyOf(certificate.PublicKey);
            return new CertificateFacts(
                Thumbprint(certificate),
                certificate.SerialNumber,
                certificate.Subject,
                Utc(certificate.NotBefore),
                Utc(certificate.NotAfter),
                Distinct(addresses),
                Distinct(principalNames),
                certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages,
                ExtendedKeyUsagesOf(certificate),
                algorithm,
                size);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            throw new CertificateSourceException(SourceFault.Malformed, "The certificate's content is broken. Have it issued or exported again.", e);
        }
    }

    public static string Thumbprint(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.GetCertHash());

    // .NET hands out local time.
    public static DateTimeOffset Utc(DateTime local) => new DateTimeOffset(local).ToUniversalTime();

    private static string[] Distinct(List<string> names) => [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string[]? ExtendedKeyUsagesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } extension
            ? [.. extension.EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value ?? "")]
            : null;

    // X509SubjectAlternativeNameExtension lists DNS names and IP addresses only.
    private static void ReadAlternativeNames(X509Certificate2 certificate, List<string> addresses, List<string> principalNames)
    {
        foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value is SubjectAlternativeName))
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.BER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                if (tag.HasSameClassAndValue(Rfc822Name))
                {
                    addresses.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Rfc822Name));
                }
                else if (tag.HasSameClassAndValue(OtherName))
                {
                    ReadOtherName(names.ReadSequence(OtherName), addresses, principalNames);
                }
                else
                {
                    _ = names.ReadEncodedValue();
                }
            }
        }
    }

    private static void ReadOtherName(AsnReader name, List<string> addresses, List<string> principalNames)
    {
        var target = name.ReadObjectIdentifier() switch
        {
            UserPrincipalName => principalNames,
            InternationalAddress => addresses,
            _ => null,
        };
        if (target is not null && name.ReadSequence(OtherName) is var value && TextOf(value) is { } text)
        {
            target.Add(text);
        }
    }

    private static void ReadSubject(X509Certificate2 certificate, List<string> addresses)
    {
        var names = new AsnReader(certificate.SubjectName.RawData, AsnEncodingRules.BER).ReadSequence();
        while (names.HasData)
        {
            // One set can hold several attributes: RelativeDistinguishedName of X.501.
            var set = names.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                var attribute = set.ReadSequence();
                if (attribute.ReadObjectIdentifier() is EmailAddress && TextOf(attribute) is { } text)
                {
                    addresses.Add(text);
                }
            }
        }
    }

    // The standards ask for one string type each; issuers use several.
    private static string? TextOf(AsnReader reader) => (UniversalTagNumber)reader.PeekTag().TagValue switch
    {
        var type and (UniversalTagNumber.UTF8String or UniversalTagNumber.IA5String or UniversalTagNumber.PrintableString
            or UniversalTagNumber.BMPString or UniversalTagNumber.T61String) => reader.ReadCharacterString(type),
        _ => null,
    };

    private static (string Algorithm, int Size) KeyOf(PublicKey key)
    {
        try
        {
            using var rsa = key.GetRSAPublicKey();
            if (rsa is not null)
            {
                return ("RSA", rsa.KeySize);
            }

            using var elliptic = key.GetECDsaPublicKey();
            return elliptic is not null ? ("ECDSA", elliptic.KeySize) : (key.Oid.Value ?? "", 0);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            // A curve that the platform does not know.
            return (key.Oid.Value ?? "", 0);
        }
    }
}
