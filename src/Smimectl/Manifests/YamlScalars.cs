using System.Globalization;
using System.Text.RegularExpressions;

namespace Smimectl;

/// <summary>What plain scalars mean to the YAML that kubectl, Flux and Argo CD read (1.1 and 1.2 together).</summary>
internal static partial class YamlScalars
{
    private static readonly HashSet<string> Yes = new(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], StringComparer.Ordinal);

    private static readonly HashSet<string> No = new(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], StringComparer.Ordinal);

    /// <summary>Whether the API server would get something else than text.</summary>
    public static bool IsNoText(string plain) => IsNull(plain) || Boolean(plain) is not null || Number().IsMatch(plain);

    /// <summary>Whether it stands for nothing.</summary>
    public static bool IsNull(string plain) => plain is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>The boolean that it stands for, or null.</summary>
    public static bool? Boolean(string plain) => Yes.Contains(plain) ? true : No.Contains(plain) ? false : null;

    /// <summary>The whole number that it stands for, or null. As Go reads it: 010 is eight, and 1e1 is ten.</summary>
    public static long? Whole(string plain)
    {
        if (!Number().IsMatch(plain))
        {
            return null;
        }

        var digits = plain.Replace("_", "", StringComparison.Ordinal);
        var sign = digits[0] == '-' ? -1 : 1;
        digits = digits.TrimStart('-', '+');
        try
        {
            return digits switch
            {
                ['0', 'x' or 'X', .. var hexadecimal] => sign * Convert.ToInt64(hexadecimal, 16),
                ['0', 'o' or 'O', .. var octal] => sign * Convert.ToInt64(octal, 8),
                ['0', 'b' or 'B', .. var binary] => sign * Convert.ToInt64(binary, 2),
                ['0', .. { Length: > 0 } octal] when octal.All(d => d is >= '0' and <= '7') => sign * Convert.ToInt64(octal, 8),
                _ when decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && number == decimal.Truncate(number) && number <= long.MaxValue => sign * (long)number,
                _ => null,
            };
        }
        catch (Exception fault) when (fault is OverflowException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"\A[-+]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))\z|\A\.(nan|NaN|NAN)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
