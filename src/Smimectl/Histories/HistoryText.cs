namespace Smimectl;

/// <summary>A history for people at a terminal.</summary>
internal sealed class HistoryText(bool colour) : IHistoryWriter
{
    private const string Red = "31";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Grey = "90";
    private const string Bold = "1";
    private const int VerdictWidth = 11;

    public void Write(UserHistory history, TextWriter output)
    {
        output.WriteLine(Paint(Bold, SafeText.OneLine(history.User.Name)) + Paint(Grey, $"  object id {history.User.Id}"));
        output.WriteLine(Paint(Grey, $"Tenant {history.Tenant}, read at {HistoryWords.Minute(history.ReadAt)}"));
        foreach (var unread in history.Unread)
        {
            output.WriteLine(Paint(Red, $"INCOMPLETE: {SafeText.OneLine(unread)}"));
        }

        foreach (var purpose in history.Certificates.GroupBy(c => c.Purpose))
        {
            output.WriteLine();
            Purpose(purpose.Key, [.. purpose], history, output);
        }

        if (history.Certificates.Count == 0)
        {
            output.WriteLine();
            output.WriteLine(history.Unread.Count == 0 ? "Neither the tenant nor git holds a certificate of this user." : "No certificate of this user was found in what could be read.");
            Deliveries(HistoryPurposes.Encryption, history, output);
        }

        Findings(history, output);
    }

    private void Purpose(string purpose, IReadOnlyList<HistoryCertificate> certificates, UserHistory history, TextWriter output)
    {
        var chart = new HistoryChart(certificates, history.Now);
        output.WriteLine(Paint(Bold, HistoryPurposes.Title(purpose)) + Paint(Grey, $"  {certificates.Count(c => c.IsInTenant)} in the tenant, {certificates.Count(c => c.Sources.Count > 0)} in git; ordered by start of validity, not by import"));
        output.WriteLine(Paint(Grey, chart.Axis()));
        foreach (var certificate in certificates)
        {
            output.WriteLine(Paint(ColourOf(certificate), chart.Bar(certificate)));
        }

        if (chart.Gaps() is { } gaps)
        {
            output.WriteLine(Paint(Red, gaps));
        }

        output.WriteLine(Paint(Grey, chart.Today()));
        output.WriteLine(Paint(Grey, $"          one character is {chart.Scale}; full: in the tenant, light: not in the tenant"));
        output.WriteLine();
        foreach (var certificate in certificates)
        {
            output.WriteLine($"  {certificate.Thumbprint}  {HistoryWords.Day(certificate.NotBefore)} to {HistoryWords.Day(certificate.NotAfter)}  "
                + Paint(ColourOf(certificate), HistoryWords.Validity(certificate, history.Now)));
            output.WriteLine(Paint(Grey, $"      {HistoryWords.Place(certificate)}; {HistoryWords.Key(certificate)}"));
            if (certificate.Subject is { } subject)
            {
                output.WriteLine(Paint(Grey, $"      {SafeText.OneLine(subject)}, serial {certificate.Serial}"));
            }
        }

        output.WriteLine();
        Deliveries(purpose, history, output);
    }

    private void Deliveries(string purpose, UserHistory history, TextWriter output)
    {
        var (sentence, routes) = HistoryWords.Delivery(purpose, history);
        output.WriteLine("  On devices: " + sentence);
        foreach (var (route, verdict) in routes)
        {
            Verdict(route.Describe(), verdict, output);
        }

        if (purpose == HistoryPurposes.Encryption && history.Policies.Count > 0)
        {
            output.WriteLine("  In Outlook S/MIME is switched on by:");
            foreach (var policy in history.Policies)
            {
                Verdict(policy.Label, policy.Verdict, output);
            }
        }
    }

    private void Verdict(string what, UserVerdict verdict, TextWriter output)
    {
        var paint = verdict.Reach switch { UserReach.Yes => Green, UserReach.No => Red, _ => Yellow };
        output.WriteLine($"      {Paint(paint, verdict.Word.PadRight(VerdictWidth))}{SafeText.OneLine(what)}");
        output.WriteLine(new string(' ', VerdictWidth) + "      " + Paint(Grey, SafeText.OneLine(verdict.Because)));
    }

    private void Findings(UserHistory history, TextWriter output)
    {
        if (history.Findings.Count == 0)
        {
            output.WriteLine();
            output.WriteLine(Paint(history.Unread.Count == 0 ? Green : Yellow, history.Unread.Count == 0 ? "Nothing stands out." : "Nothing stands out in what could be read."));
            return;
        }

        output.WriteLine();
        output.WriteLine(Paint(Bold, "Noticed"));
        foreach (var finding in history.Findings)
        {
            output.WriteLine(Paint(finding.IsProblem ? Red : Grey, $"  {(finding.IsProblem ? "!" : "-")} ") + SafeText.OneLine(finding.Message));
        }
    }

    private static string ColourOf(HistoryCertificate certificate) => (certificate.IsInTenant, certificate.Validity) switch
    {
        (false, _) => Yellow,
        (_, HistoryValidity.Valid) => Green,
        (_, HistoryValidity.Expired) => Grey,
        _ => Yellow,
    };

    private string Paint(string code, string text) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
