namespace Smimectl;

/// <summary>A report for spreadsheets: one line a certificate, and one for each user without any.</summary>
internal static class AuditCsv
{
    public static void Write(AuditReport report, TextWriter output)
    {
        CsvLine.Write(output, "userPrincipalName", "id", "purpose", "thumbprint", "notBefore", "notAfter", "state", "keyName", "providerName", "paddingScheme");
        foreach (var c in report.Certificates.OrderBy(c => c.UserPrincipalName, StringComparer.OrdinalIgnoreCase).ThenBy(c => c.StartDateTime).ThenBy(c => c.Id, StringComparer.Ordinal))
        {
            var state = c.ExpirationDateTime <= report.Now ? "expired" : c.StartDateTime > report.Now ? "not yet valid" : "valid";
            CsvLine.Write(output, c.UserPrincipalName, c.Id, c.IntendedPurpose, c.Thumbprint.ToLowerInvariant(), HistoryWords.Second(c.StartDateTime), HistoryWords.Second(c.ExpirationDateTime), state, c.KeyName, c.ProviderName, c.PaddingScheme);
        }

        foreach (var user in report.KnowsCertificates ? report.Users.Where(u => u.Certificates == 0) : [])
        {
            CsvLine.Write(output, user.Name, "", "", "", "", "", "no certificate", "", "", "");
        }
    }
}
