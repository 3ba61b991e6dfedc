using System.Globalization;

namespace Smimectl;

/// <summary>A report on a certificate file for people at a terminal.</summary>
internal sealed class CertificateText(bool colour, TextWriter output)
{
    private readonly Ink _ink = new(colour);

    public void Write(CertificateReport report)
    {
        output.WriteLine(_ink.Bold($"{report.File}: {report.Format}") + (report.Protection is { } protection ? ", " + Words(protection) : ""));
        foreach (var certificate in report.Certificates)
        {
            output.WriteLine();
            Write(certificate);
        }

        if (report.Refusal is { } refusal)
        {
            output.WriteLine(_ink.Red($"refused ({refusal.Reason}): {refusal.Message}"));
        }
    }

    private void Write(CertificateEntry certificate)
    {
        output.WriteLine(_ink.Bold(certificate.Subject));
        Line("issuer", certificate.Issuer);
        Line("thumbprint", certificate.Thumbprint);
        Line("serial", certificate.SerialNumber);
        Line("valid", string.Create(CultureInfo.InvariantCulture, $"{certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}") + (certificate.Expired ? ", expired" : ""));
        Line("addresses", Listed(certificate.EmailAddresses.Concat(certificate.UserPrincipalNames).Distinct(StringComparer.OrdinalIgnoreCase)) ?? "none");
        Line("key", certificate.Key + (certificate.HasPrivateKey ? "" : ", without the private key"));
        Line("key usage", certificate.KeyUsage is { } usage ? Listed(usage) ?? "nothing" : "not stated: everything");
        Line("ext. usage", certificate.ExtendedKeyUsage is { } extended ? Listed(extended) ?? "nothing" : "not stated: everything");
        Line("chain", certificate.HasPrivateKey ? Listed(certificate.Chain, "; ") ?? "none came with it" : null);
        foreach (var judgement in certificate.Judgements)
        {
            Line(judgement.Purpose, judgement.Suits ? _ink.Green("suits") : _ink.Red("refused"));
            foreach (var remark in judgement.Remarks)
            {
                output.WriteLine("    " + (remark.Reason is { } reason ? _ink.Red($"{reason}: {remark.Message}") : _ink.Yellow("warning: " + remark.Message)));
            }
        }

        if (certificate.HasPrivateKey)
        {
            Line("upload", certificate.ReencodedBecause is { } because ? $"is encoded anew: {because}" : "goes as it came");
        }
    }

    private static string Words(ProtectionReport protection) =>
        $"{(protection.Ciphers.Count == 0 ? "not encrypted" : "encrypted with " + Listed(protection.Ciphers))}, "
        + $"{(protection.Mac is { } mac ? $"MAC {mac}" : "no MAC")}, {protection.Rounds.ToString(CultureInfo.InvariantCulture)} rounds"
        + (protection.PrivateKeyInClear ? ", its private key in the clear" : "") + (protection.CertificatesInClear ? ", its certificates in the clear" : "");

    private static string? Listed(IEnumerable<string> names, string separator = ", ") => string.Join(separator, names) is { Length: > 0 } text ? text : null;

    private void Line(string name, string? value)
    {
        if (value is not null)
        {
            output.WriteLine($"  {name,-16}{value}");
        }
    }
}
