using System.Formats.Asn1;

namespace SmimeOperator.Certificates;

/// <summary>How a PKCS#12 file is protected, as far as that shows without its password.</summary>
/// <param name="Ciphers">What its parts are encrypted with, each once.</param>
/// <param name="Mac">The hash of its MAC, or PBMAC1; null without a MAC.</param>
/// <param name="Rounds">The rounds of all key derivations that show.</param>
/// <param name="HasClearKey">Whether a private key stands in it in the clear.</param>
/// <param name="HasClearCertificates">Whether certificates stand in it in the clear.</param>
public sealed record Pkcs12Protection(IReadOnlyList<string> Ciphers, string? Mac, long Rounds, bool HasClearKey, bool HasClearCertificates)
{
    /// <summary>Reads a file's frame; null where it is no PKCS#12 file.</summary>
    public static Pkcs12Protection? Read(ReadOnlySpan<byte> file)
    {
        var copy = SensitiveMemory.Copy(file);
        try
        {
            var encoding = Pkcs12Encoding.Read(copy);
            return new Pkcs12Protection(
                [.. encoding.Ciphers.Select(ReencodingReason.NameOf).Distinct()],
                NameOf(encoding.Mac),
                encoding.TotalRounds,
                encoding.HasClearKey,
                encoding.HasClearCertificates);
        }
        catch (AsnContentException)
        {
            return null;
        }
        finally
        {
            SensitiveMemory.Clear<byte>(copy);
        }
    }

    private static string? NameOf(string? mac) => mac switch
    {
        "1.3.14.3.2.26" => "SHA-1",
        "2.16.840.1.101.3.4.2.1" => "SHA-256",
        "2.16.840.1.101.3.4.2.2" => "SHA-384",
        "2.16.840.1.101.3.4.2.3" => "SHA-512",
        Pbmac1.Identifier => "PBMAC1",
        _ => mac,
    };
}
