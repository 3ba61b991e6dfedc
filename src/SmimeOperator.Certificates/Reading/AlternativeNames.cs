using System.Formats.Asn1;

namespace SmimeOperator.Certificates;

/// <summary>The people whom a subject alternative name (RFC 5280 §4.2.1.6) names: X509SubjectAlternativeNameExtension lists machines only.</summary>
/// <param name="EmailAddresses">Every rfc822Name and SmtpUTF8Mailbox.</param>
/// <param name="UserPrincipalNames">Every UPN (otherName 1.3.6.1.4.1.311.20.2.3).</param>
internal sealed record AlternativeNames(IReadOnlyList<string> EmailAddresses, IReadOnlyList<string> UserPrincipalNames)
{
    private const string UserPrincipalName = "1.3.6.1.4.1.311.20.2.3";

    // SmtpUTF8Mailbox, an address with letters outside ASCII (RFC 9598 §3).
    private const string InternationalAddress = "1.3.6.1.5.5.7.8.9";

    private static readonly Asn1Tag OtherName = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);

    /// <summary>Reads the extension's value.</summary>
    /// <exception cref="CertificateSourceException">It is broken.</exception>
    public static AlternativeNames Read(ReadOnlyMemory<byte> extension)
    {
        var addresses = new List<string>();
        var principalNames = new List<string>();
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.BER).ReadSequence();
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
        catch (AsnContentException e)
        {
            throw new CertificateSourceException(
                SourceFault.Malformed, "The certificate's subject alternative name is broken. Have it issued or exported again.", e);
        }

        return new AlternativeNames(addresses, principalNames);
    }

    /// <summary>The text of a name, or null where it is no text. The standards ask for one string type each; issuers use several.</summary>
    public static string? TextOf(AsnReader reader) => (UniversalTagNumber)reader.PeekTag().TagValue switch
    {
        var type and (UniversalTagNumber.UTF8String or UniversalTagNumber.IA5String or UniversalTagNumber.PrintableString
            or UniversalTagNumber.BMPString or UniversalTagNumber.T61String) => reader.ReadCharacterString(type),
        _ => null,
    };

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
}
