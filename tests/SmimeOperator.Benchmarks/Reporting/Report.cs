using System.Globalization;
using System.Text.Json;

namespace SmimeOperator.Benchmarks.Reporting;

/// <summary>One figure.</summary>
/// <param name="Group">What was done, such as "restart".</param>
/// <param name="Name">What was measured, with its unit.</param>
/// <param name="Value">The figure.</param>
/// <param name="Target">What it should be, as text; null where nothing was promised.</param>
/// <param name="Met">Whether it is so; null without a target.</param>
/// <param name="Note">Scaling, sizes and whatever else a reader must know.</param>
internal sealed record Row(string Group, string Name, double Value, string? Target = null, bool? Met = null, string? Note = null);

/// <summary>Collects figures, prints them as they come and as a table in the end, and writes them to a file.</summary>
internal sealed class Report(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly List<Row> _rows = [];

    /// <summary>Whether every target was met.</summary>
    public bool AllMet => _rows.TrueForAll(r => r.Met != false);

    /// <summary>A figure without a target.</summary>
    public void Add(string group, string name, double value, string? note = null) => Add(new Row(group, name, value, Note: note));

    /// <summary>A figure that must not be above a limit.</summary>
    public void AtMost(string group, string name, double value, double limit, string? note = null) =>
        Add(new Row(group, name, value, "≤ " + Text(limit), value <= limit, note));

    /// <summary>A figure that must not be below a limit.</summary>
    public void AtLeast(string group, string name, double value, double limit, string? note = null) =>
        Add(new Row(group, name, value, "≥ " + Text(limit), value >= limit, note));

    /// <summary>Says what is going on.</summary>
    public static void Progress(string text) => Console.Error.WriteLine($"... {text}");

    /// <summary>Prints the table and writes the file.</summary>
    public async Task FinishAsync(string arguments)
    {
        Console.WriteLine();
        Console.WriteLine("| what | figure | | target | met | note |");
        Console.WriteLine("|---|---|---:|---|---|---|");
        foreach (var row in _rows)
        {
            Console.WriteLine($"| {row.Group} | {row.Name} | {Text(row.Value)} | {row.Target} | {Mark(row.Met)} | {row.Note} |");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(
            new
            {
                at = TimeProvider.System.GetUtcNow(),
                arguments,
                processors = Environment.ProcessorCount,
                runtime = Environment.Version.ToString(),
                rows = _rows,
            },
            Json));
        Console.WriteLine($"\nWritten to {path}");
    }

    private void Add(Row row)
    {
        _rows.Add(row);
        Console.Error.WriteLine($"    {row.Group}: {row.Name} = {Text(row.Value)} {row.Target} {Mark(row.Met)}");
    }

    private static string Mark(bool? met) => met switch { true => "yes", false => "NO", _ => "" };

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) >= 100 || value == Math.Floor(value) ? "#,0" : Math.Abs(value) >= 1 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
