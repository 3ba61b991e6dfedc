using System.Text.Json.Nodes;
using k8s;
using SmimeOperator.Api.Schema;

namespace GenerateReference;

/// <summary>Every field of every kind, read off the definitions that the API server gets.</summary>
internal static class FieldsPage
{
    private static readonly string[] Columns = ["field", "type", "default", "meaning"];
    private static readonly string[] Parts = ["spec", "status"];

    public static string Write()
    {
        var page = new Page("Fields", "Every field of every kind, as `kubectl explain` shows it too.");
        foreach (var (kind, yaml) in CustomResourceDefinitions.Generate())
        {
            var definition = JsonNode.Parse(KubernetesJson.Serialize(KubernetesYaml.Deserialize<k8s.Models.V1CustomResourceDefinition>(yaml)))!;
            var schema = definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
            page.Heading(kind);
            page.Table(
                Columns,
                Parts.SelectMany(part => Rows(part, schema["properties"]![part]!, required: false)));
        }

        return page.ToString();
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(string path, JsonNode schema, bool required)
    {
        if (path.Contains('.', StringComparison.Ordinal))
        {
            yield return [$"`{path}`{(required ? " (required)" : "")}", TypeOf(schema), schema["default"] is { } value ? $"`{value.ToJsonString()}`" : "", (string?)schema["description"] ?? ""];
        }

        var (inner, suffix) = schema["items"] is { } items ? (items, "[]") : (schema, "");
        var mandatory = (inner["required"] as JsonArray)?.Select(n => (string)n!).ToHashSet() ?? [];
        foreach (var (name, property) in inner["properties"] as JsonObject ?? [])
        {
            foreach (var row in Rows($"{path}{suffix}.{name}", property!, mandatory.Contains(name)))
            {
                yield return row;
            }
        }
    }

    private static string TypeOf(JsonNode schema) => schema switch
    {
        _ when schema["enum"] is JsonArray values => string.Join(", ", values.Select(v => $"`{v}`")),
        _ when schema["items"] is { } items => $"list of {TypeOf(items)}",
        _ when schema["additionalProperties"] is JsonObject inner => $"map to {TypeOf(inner)}",
        _ => (string?)schema["type"] ?? "any",
    };
}
