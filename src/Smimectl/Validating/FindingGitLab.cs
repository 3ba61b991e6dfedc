namespace Smimectl;

/// <summary>Findings as a Code Quality report of GitLab.</summary>
internal sealed class FindingGitLab : IFindingWriter
{
    public void Write(ValidationReport report, TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (var (finding, fingerprint) in Fingerprints.Of(report.Findings))
        {
            json.WriteStartObject();
            json.WriteString("description", finding.Message);
            json.WriteString("check_name", $"smimectl/{finding.Rule.Id}");
            json.WriteString("fingerprint", fingerprint);
            json.WriteString("severity", finding.Severity switch { Severity.Error => "major", Severity.Warning => "minor", _ => "info" });
            json.WriteStartObject("location");
            json.WriteString("path", finding.File);
            json.WriteStartObject("lines");
            json.WriteNumber("begin", Math.Max(1, finding.Line));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
