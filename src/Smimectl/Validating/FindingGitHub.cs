namespace Smimectl;

/// <summary>Findings as workflow commands of GitHub Actions: they become annotations of a pull request.</summary>
internal sealed class FindingGitHub : IFindingWriter
{
    public void Write(ValidationReport report, TextWriter output)
    {
        foreach (var finding in report.Findings)
        {
            var command = finding.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "notice" };
            var line = finding.Line > 0 ? $",line={finding.Line}" : "";
            output.WriteLine($"::{command} file={Property(finding.File)}{line},title={Property(finding.Rule.Id)}::{Data(finding.Message)}");
        }

        output.WriteLine(FindingText.Summary(report));
    }

    // The runner undoes just these, in values of properties two more.
    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
