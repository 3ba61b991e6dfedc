namespace Smimectl;

/// <summary>Finds the line of a field in a document.</summary>
internal static class FieldLines
{
    /// <summary>The line of a field such as spec.sources[0].name; of what holds it where the document does not write it.</summary>
    public static int Find(YamlTree document, string? field)
    {
        var (node, line) = (document, document.Line);
        var rest = field ?? "";
        while (rest.Length > 0 && Step(node, ref rest) is var (next, at))
        {
            (node, line) = (next, at);
        }

        return line;
    }

    /// <summary>Whether the document writes the field.</summary>
    public static bool Has(YamlTree document, string field)
    {
        var node = document;
        while (field.Length > 0)
        {
            if (Step(node, ref field) is not var (next, _))
            {
                return false;
            }

            node = next;
        }

        return true;
    }

    private static (YamlTree Node, int Line)? Step(YamlTree node, ref string rest)
    {
        if (rest[0] == '[')
        {
            var end = rest.IndexOf(']', StringComparison.Ordinal);
            if (node is not YamlList list || end < 0 || !int.TryParse(rest.AsSpan(1, end - 1), System.Globalization.CultureInfo.InvariantCulture, out var index) || index >= list.Items.Count)
            {
                return null;
            }

            rest = rest[(end + 1)..].TrimStart('.');
            return (list.Items[index], list.Items[index].Line);
        }

        // Keys of labels and data have dots of their own: the longest that fits is meant.
        var path = rest;
        var entry = (node as YamlMap)?.Entries.Where(e => Begins(path, e.Key.Value)).OrderByDescending(e => e.Key.Value.Length).FirstOrDefault() ?? default;
        if (entry.Key is not { } key)
        {
            return null;
        }

        rest = rest[key.Value.Length..].TrimStart('.');
        return (entry.Value, key.Line);
    }

    private static bool Begins(string path, string key) =>
        path.StartsWith(key, StringComparison.Ordinal) && (path.Length == key.Length || path[key.Length] is '.' or '[');
}
