using System.Text.Json;

namespace Smimectl;

/// <summary>Findings as SARIF 2.1.0, which GitHub, Azure DevOps and editors read.</summary>
internal sealed class FindingSarif : IFindingWriter
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public void Write(ValidationReport report, TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        Tool(json);
        // Lines are counted by what ends them, whatever the unit of columns; SARIF asks for the unit all the same.
        json.WriteString("columnKind", "unicodeCodePoints");
        json.WriteStartArray("results");
        foreach (var (finding, fingerprint) in Fingerprints.Of(report.Findings))
        {
            Result(json, finding, fingerprint);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Tool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "smimectl");
        json.WriteString("semanticVersion", typeof(FindingSarif).Assembly.GetName().Version!.ToString(3));
        json.WriteStartArray("rules");
        foreach (var rule in FindingRule.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteStartObject("shortDescription");
            json.WriteString("text", rule.Summary);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, Finding finding, string fingerprint)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule.Id);
        json.WriteNumber("ruleIndex", FindingRule.All.Index().First(r => r.Item == finding.Rule).Index);
        json.WriteString("level", finding.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" });
        json.WriteStartObject("message");
        json.WriteString("text", finding.Message);
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri(finding.File));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", Math.Max(1, finding.Line));
        json.WriteEndObject();
        json.WriteEndObject();
        Logical(json, finding);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("smimectl/v1", fingerprint);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Logical(Utf8JsonWriter json, Finding finding)
    {
        if (finding is { Resource: null, Field: null })
        {
            return;
        }

        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", string.Join('#', new[] { finding.Resource, finding.Field }.OfType<string>()));
        json.WriteString("kind", finding.Resource is null ? "member" : "resource");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    // RFC 3986: each part of the path by itself.
    private static string Uri(string file) =>
        (Path.IsPathRooted(file) ? "file://" : "") + string.Join('/', file.Split('/').Select(System.Uri.EscapeDataString));
}
