using YamlDotNet.RepresentationModel;
using static SmimeOperator.Api.Schema.Yaml;

namespace SmimeOperator.Api.Schema;

/// <summary>The schema of a condition as every Kubernetes API has it. The type is the client library's, so its descriptions are here.</summary>
internal static class ConditionSchema
{
    internal static YamlMappingNode Build() => Map(
        ("description", Text("One aspect of the resource's state.")),
        ("type", Text("object")),
        ("required", Texts(["type", "status", "lastTransitionTime", "reason", "message"])),
        ("properties", Map(
            ("type", String(
                "Which aspect, such as Ready.",
                ("maxLength", Number(316)),
                ("pattern", Text(@"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$")))),
            ("status", String("True, False or Unknown.", ("enum", Texts(["True", "False", "Unknown"])))),
            ("observedGeneration", Map(
                ("description", Text("The generation that the condition speaks of.")),
                ("type", Text("integer")),
                ("format", Text("int64")),
                ("minimum", Number(0)))),
            ("lastTransitionTime", String("When the status last changed.", ("format", Text("date-time")))),
            ("reason", String(
                "Why, as one word of a closed list.",
                ("minLength", Number(1)),
                ("maxLength", Number(1024)),
                ("pattern", Text("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")))),
            ("message", String("Why, as a sentence for people.", ("maxLength", Number(32768)))))));

    private static YamlMappingNode String(string description, params IEnumerable<(string Key, YamlNode Value)> bounds) =>
        Map([("description", Text(description)), ("type", Text("string")), .. bounds]);
}
