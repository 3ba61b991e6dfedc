using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace SmimeOperator.Api.Tests;

/// <summary>YAML of the test data as JSON.</summary>
internal static class YamlFiles
{
    internal static readonly string[] Kinds = ["Tenant", "SmimePolicy", "CertificateImport", "Assignment"];

    internal static string InOutput(params string[] parts) => Path.Combine([AppContext.BaseDirectory, .. parts]);

    internal static JsonObject Read(string path) => Parse(File.ReadAllText(path));

    internal static IReadOnlyList<JsonObject> ReadAll(string path) => [.. File.ReadAllText(path).Split("\n---\n").Select(Parse)];

    internal static JsonObject Manifest(string kind, string name, JsonNode spec) => new()
    {
        ["apiVersion"] = "smime-operator.io/v1alpha1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = spec.DeepClone(),
    };

    private static JsonObject Parse(string yaml)
    {
        var content = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml);
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(content))!.AsObject();
    }
}
