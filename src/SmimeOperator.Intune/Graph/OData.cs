using System.Text;

namespace SmimeOperator.Intune;

/// <summary>Literals and query strings in OData's spelling. Pure.</summary>
internal static class OData
{
    /// <summary>How many values an "in" list may have.</summary>
    public const int MostInList = 15;

    /// <summary>A text literal: in single quotes, quotes inside doubled.</summary>
    public static string Literal(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A filter that holds for any of the values.</summary>
    public static string In(string property, IEnumerable<string> values) => $"{property} in ({string.Join(',', values.Select(Literal))})";

    /// <summary>A path with query options; values are escaped, so that # and + in names survive.</summary>
    public static string Query(string path, params ReadOnlySpan<(string Name, string Value)> options)
    {
        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in options)
        {
            text.Append(separator).Append('$').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return text.ToString();
    }
}
