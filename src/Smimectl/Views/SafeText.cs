namespace Smimectl;

/// <summary>Text from the tenant and from certificates, made fit to be shown: it must neither steer a terminal nor turn the writing direction of what follows.</summary>
internal static class SafeText
{
    public static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.AsSpan().ContainsAnyExceptInRange(' ', '~') ? string.Concat(line.Select(c => char.IsControl(c) || IsDirection(c) ? '\uFFFD' : c)) : line;
    }

    private static bool IsDirection(char c) => c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
