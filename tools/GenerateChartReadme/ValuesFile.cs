using System.Text.RegularExpressions;

namespace GenerateChartReadme;

/// <summary>One value of a chart: where it stands, its default as YAML, and what its comment says.</summary>
internal sealed record ChartValue(string Section, string Path, string Default, string Comment);

/// <summary>Reads a values.yaml in this house's style: two spaces a level, a comment directly above each value, and sections that begin with "# -- ".</summary>
internal static partial class ValuesFile
{
    /// <summary>All values with a comment. A map whose keys have comments of their own is a heading and no value.</summary>
    /// <exception cref="InvalidDataException">A value has no comment, and neither has anything above it.</exception>
    public static IReadOnlyList<ChartValue> Read(IReadOnlyList<string> lines)
    {
        var values = new List<ChartValue>();
        var (section, comment) = ("", "");
        var path = new List<string>();
        for (var number = 0; number < lines.Count; number++)
        {
            var line = lines[number];
            if (line.StartsWith("# -- ", StringComparison.Ordinal))
            {
                (section, comment) = (line[5..], "");
            }
            else if (line.TrimStart().StartsWith('#'))
            {
                comment = $"{comment} {line.TrimStart()[1..].Trim()}".Trim();
            }
            else if (Key().Match(line) is { Success: true } match)
            {
                var depth = match.Groups["indent"].Length / 2;
                path.RemoveRange(depth, path.Count - depth);
                path.Add(match.Groups["key"].Value);
                var block = Block(lines, number, match.Groups["indent"].Length);
                if (comment.Length > 0)
                {
                    var inline = match.Groups["value"].Value;
                    values.Add(new ChartValue(section, string.Join('.', path), inline.Length > 0 ? inline : Inline(block), comment));
                    number += block.Count;
                }
                else if (!block.Any(l => l.TrimStart().StartsWith('#')))
                {
                    throw new InvalidDataException($"Line {number + 1}: {string.Join('.', path)} has no comment above it that says what it is.");
                }

                comment = "";
            }
            else
            {
                comment = "";
            }
        }

        return values;
    }

    // What stands below a key, further to the right.
    private static List<string> Block(IReadOnlyList<string> lines, int number, int indent) =>
        [.. lines.Skip(number + 1).TakeWhile(l => l.Length > indent && string.IsNullOrWhiteSpace(l[..(indent + 1)]))];

    // A block of maps as one line of YAML.
    private static string Inline(List<string> block)
    {
        var indent = block[0].Length - block[0].TrimStart().Length;
        var parts = new List<string>();
        for (var i = 0; i < block.Count; i++)
        {
            var match = Key().Match(block[i]);
            var children = Block(block, i, indent);
            parts.Add($"{match.Groups["key"].Value}: {(match.Groups["value"].Length > 0 ? match.Groups["value"].Value : Inline(children))}");
            i += children.Count;
        }

        return $"{{{string.Join(", ", parts)}}}";
    }

    [GeneratedRegex(@"^(?<indent> *)(?<key>[A-Za-z_][\w./-]*):\s*(?<value>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
