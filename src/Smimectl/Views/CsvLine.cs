namespace Smimectl;

/// <summary>Writes lines of CSV (RFC 4180) that spreadsheets can open without running anything.</summary>
internal static class CsvLine
{
    public static void Write(TextWriter output, params IEnumerable<string?> fields)
    {
        output.Write(string.Join(',', fields.Select(Field)));
        output.Write("\r\n");
    }

    // A spreadsheet takes a field that begins like this for a formula, and names come from the tenant.
    private static string Field(string? value)
    {
        var text = value ?? "";
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
