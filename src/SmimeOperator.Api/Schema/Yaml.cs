using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SmimeOperator.Api.Schema;

/// <summary>YAML that keeps the order it was built in and means the same to readers of YAML 1.1 (kubectl) and 1.2.</summary>
internal static class Yaml
{
    private const int LineLength = 140;
    private const string EndOfDocument = "\n...";

    // YAML 1.1 reads these words as booleans and nulls, whatever their letter case.
    private static readonly HashSet<string> Words =
        new(["true", "false", "yes", "no", "on", "off", "y", "n", "null"], StringComparer.OrdinalIgnoreCase);

    internal static YamlScalarNode Text(string value) => new(value)
    {
        Style = value.Length > 0 && char.IsAsciiLetter(value[0]) && !Words.Contains(value) ? ScalarStyle.Any : ScalarStyle.SingleQuoted,
    };

    internal static YamlScalarNode Number(long value) => new(value.ToString(CultureInfo.InvariantCulture));

    internal static YamlScalarNode Flag(bool value) => new(value ? "true" : "false");

    internal static YamlMappingNode Map(params IEnumerable<(string Key, YamlNode Value)> entries) =>
        new(entries.Select(entry => KeyValuePair.Create<YamlNode, YamlNode>(Text(entry.Key), entry.Value)));

    internal static YamlSequenceNode List(IEnumerable<YamlNode> items) => new(items);

    internal static YamlSequenceNode Texts(IEnumerable<string> items) => new(items.Select(Text));

    internal static string Write(YamlNode root)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var settings = new EmitterSettings(bestIndent: 2, bestWidth: LineLength, isCanonical: false, maxSimpleKeyLength: 1024);
        new YamlStream(new YamlDocument(root)).Save(new Emitter(writer, settings), assignAnchors: false);

        // The emitter ends a document with three dots; a file that holds one document needs none.
        var text = writer.ToString().TrimEnd();
        return (text.EndsWith(EndOfDocument, StringComparison.Ordinal) ? text[..^EndOfDocument.Length] : text) + "\n";
    }
}
