using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Reads what a certificate says of itself.</summary>
internal static class FactsReader
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string EmailAddress = "1.2.840.113549.1.9.1";

    public static CertificateFacts Read(X509Certificate2 certificate)
    {
        try
        {
            var addresses = new List<string>();
            var principalNames = new List<string>();
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value is SubjectAlternativeName))
            {
                var names = AlternativeNames.Read(extension.RawData);
                addresses.AddRange(names.EmailAddresses);
                principalNames.AddRange(names.UserPrincipalNames);
            }

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
                size,
                certificate.SignatureAlgorithm.Value ?? "");
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
                if (attribute.ReadObjectIdentifier() is EmailAddress && AlternativeNames.TextOf(attribute) is { } text)
                {
                    addresses.Add(text);
                }
            }
        }
    }

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
