using System.Text.RegularExpressions;

namespace Smimectl;

/// <summary>What plain scalars mean to the YAML that Kubernetes tools read (1.1 and 1.2 together).</summary>
internal static partial class YamlScalars
{
    /// <summary>Whether the API server would get something else than text.</summary>
    public static bool IsNoText(string plain) => plain.Length == 0 || Words.Contains(plain) || Number().IsMatch(plain);

    private static readonly HashSet<string> Words = new(
        ["null", "~", "true", "false", "yes", "no", "on", "off"], StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"\A[-+]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))\z|\A\.(nan|NaN|NAN)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
