using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Smimectl;

/// <summary>Writes values as YAML for people: plain where nothing can be misread, in double quotes otherwise, with comments beside what needs explaining.</summary>
internal sealed partial class ManifestText
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    /// <summary>A comment of its own; names from the tenant stay on one line and cannot become anything else.</summary>
    public ManifestText Comment(string text, int indent = 0)
    {
        _text.Append(' ', indent).Append("# ").Append(OneLine(text)).Append('\n');
        return this;
    }

    /// <summary>The head of a manifest.</summary>
    public ManifestText Head(string version, string kind, string name, string @namespace)
    {
        Line(0, "apiVersion", Scalar(version));
        Line(0, "kind", kind);
        _text.Append("metadata:\n");
        Line(2, "name", Scalar(name));
        if (@namespace != "default")
        {
            Line(2, "namespace", Scalar(@namespace));
        }

        return this;
    }

    /// <summary>A named value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="indent">How far it stands to the right.</param>
    /// <param name="comments">What is to be said of items, by their path below this value, such as /adoption/objects/0.</param>
    /// <param name="path">The path of this value.</param>
    public ManifestText Value(string name, JsonNode? value, int indent, IReadOnlyDictionary<string, string> comments, string path = "")
    {
        var note = NoteOf(comments, path);
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                _text.Append(' ', indent).Append(Scalar(name)).Append(':').Append(note).Append('\n');
                foreach (var (key, inner) in map)
                {
                    Value(key, inner, indent + 2, comments, $"{path}/{key}");
                }

                break;
            case JsonArray { Count: > 0 } list:
                _text.Append(' ', indent).Append(Scalar(name)).Append(':').Append(note).Append('\n');
                for (var i = 0; i < list.Count; i++)
                {
                    _text.Append(' ', indent + 2).Append("- ").Append(Flow(list[i])).Append(NoteOf(comments, $"{path}/{i}")).Append('\n');
                }

                break;
            default:
                _text.Append(' ', indent).Append(Scalar(name)).Append(": ").Append(Flow(value)).Append(note).Append('\n');
                break;
        }

        return this;
    }

    /// <summary>A text of several lines, kept as it is.</summary>
    public ManifestText Block(string name, string text, int indent)
    {
        _text.Append(' ', indent).Append(Scalar(name)).Append(": |\n");
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            _text.Append(' ', indent + 2).Append(line).Append('\n');
        }

        return this;
    }

    /// <summary>Text on one line, of characters that YAML takes everywhere.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => IsPrintable(c) ? c : ' ')).Trim();

    private static string NoteOf(IReadOnlyDictionary<string, string> comments, string path) =>
        comments.TryGetValue(path, out var comment) && OneLine(comment) is { Length: > 0 } text ? "  # " + text : "";

    private void Line(int indent, string name, string value) => _text.Append(' ', indent).Append(name).Append(": ").Append(value).Append('\n');

    private static string Flow(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject map => "{" + string.Join(", ", map.Select(p => $"{Scalar(p.Key)}: {Flow(p.Value)}")) + "}",
        JsonArray list => "[" + string.Join(", ", list.Select(Flow)) + "]",
        _ => value.GetValueKind() == JsonValueKind.String ? Scalar(value.GetValue<string>()) : value.ToJsonString(),
    };

    private static string Scalar(string text) => Plain().IsMatch(text) && !YamlScalars.IsNoText(text) ? text : Quoted(text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when !IsPrintable(c) => quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    // Line separators and what no printer shows; halves of characters beyond the first plane are printed with their other half.
    private static bool IsPrintable(char c) => !char.IsControl(c) && c is not ('\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF');

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9._/@-]*( [A-Za-z0-9][A-Za-z0-9._/@-]*)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
