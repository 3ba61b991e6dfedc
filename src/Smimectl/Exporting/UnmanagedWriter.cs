using System.Text.Json;

namespace Smimectl;

/// <summary>How the list of what is unmanaged is written.</summary>
internal enum UnmanagedFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For spreadsheets.</summary>
    Csv,
}

/// <summary>Writes what is unmanaged.</summary>
internal static class UnmanagedWriter
{
    private static readonly JsonSerializerOptions Pretty = new(KindModel.Json) { WriteIndented = true };

    public static void Write(IReadOnlyList<UnmanagedItem> items, UnmanagedFormat format, TextWriter output)
    {
        switch (format)
        {
            case UnmanagedFormat.Json:
                output.WriteLine(JsonSerializer.Serialize(new { Count = items.Count, Items = items }, Pretty));
                break;
            case UnmanagedFormat.Csv:
                output.WriteLine("kind,type,id,name,detail,lastModified,lastWriter,mark");
                foreach (var item in items)
                {
                    output.WriteLine(string.Join(',', new[] { item.Kind, item.Type, item.Id, item.Name, item.Detail, item.LastModified, item.LastWriter, item.Mark }.Select(Field)));
                }

                break;
            default:
                Text(items, output);
                break;
        }
    }

    private static void Text(IReadOnlyList<UnmanagedItem> items, TextWriter output)
    {
        foreach (var item in items)
        {
            output.WriteLine(ManifestText.OneLine($"{item.Kind}  {item.Type} '{item.Name}' ({item.Id}): {item.Detail}"));
            var written = item.LastModified is null ? "" : $"last written {item.LastModified}{(item.LastWriter is null ? "" : $" by the {item.LastWriter}")}";
            var mark = item.Mark is null ? "no mark" : $"marked by {item.Mark}";
            output.WriteLine(ManifestText.OneLine(written.Length == 0 ? mark : $"{written}; {mark}").Insert(0, "    "));
        }

        output.WriteLine(items.Count == 0 ? "Nothing: everything for S/MIME in the tenant is stated." : $"{items.Count} unmanaged.");
    }

    // A spreadsheet takes what begins like a formula for one.
    private static string Field(string? value)
    {
        var text = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value ?? "";
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
