namespace Smimectl;

/// <summary>Findings for programs.</summary>
internal sealed class FindingJson : IFindingWriter
{
    public void Write(ValidationReport report, TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("resources", report.Resources);
        json.WriteNumber("errors", report.Count(Severity.Error));
        json.WriteNumber("warnings", report.Count(Severity.Warning));
        json.WriteNumber("notes", report.Count(Severity.Note));
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", finding.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" });
            json.WriteString("rule", finding.Rule.Id);
            json.WriteString("file", finding.File);
            json.WriteNumber("line", finding.Line);
            json.WriteOptional("resource", finding.Resource);
            json.WriteOptional("field", finding.Field);
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
