using System.Text.Json.Nodes;

namespace SmimeOperator.Api.Tests.Schema;

/// <summary>One field of a definition.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Schema">What may stand there.</param>
/// <param name="IsRequired">Whether it must stand there.</param>
/// <param name="IsKey">Whether it tells the items of a list apart.</param>
public sealed record SchemaField(string Path, JsonObject Schema, bool IsRequired, bool IsKey);

/// <summary>Walks definitions and manifests. Items of lists have the path of their list.</summary>
internal static class SchemaFields
{
    internal static IEnumerable<SchemaField> Of(JsonObject definition) => Below("", Root(definition));

    /// <summary>The messages of all CEL rules in a definition.</summary>
    internal static IEnumerable<string> RuleMessages(JsonObject definition) => Nodes(Root(definition))
        .OfType<JsonObject>()
        .SelectMany(node => node["x-kubernetes-validations"]?.AsArray() ?? [])
        .Select(rule => (string)rule!["message"]!);

    /// <summary>The paths of all fields that a manifest sets.</summary>
    internal static IEnumerable<string> Used(JsonNode node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Used(field.Value!, $"{path}.{field.Key}").Prepend($"{path}.{field.Key}")),
        JsonArray items => items.SelectMany(item => Used(item!, path)),
        _ => [],
    };

    private static JsonObject Root(JsonObject definition) =>
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static IEnumerable<SchemaField> Below(string path, JsonObject schema)
    {
        var within = schema["items"]?.AsObject() ?? schema;
        return (within["properties"]?.AsObject() ?? []).SelectMany(property =>
        {
            var field = new SchemaField(
                $"{path}.{property.Key}",
                property.Value!.AsObject(),
                Names(within["required"], property.Key),
                Names(schema["x-kubernetes-list-map-keys"], property.Key));
            return Below(field.Path, field.Schema).Prepend(field);
        });
    }

    private static bool Names(JsonNode? list, string name) => list?.AsArray().Any(item => (string?)item == name) ?? false;

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Nodes(field.Value)).Prepend(node),
        JsonArray items => items.SelectMany(Nodes),
        _ => [],
    };
}
