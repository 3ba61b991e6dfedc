using System.Globalization;

namespace SmimeOperator.Benchmarks;

/// <summary>What is to be measured.</summary>
internal sealed record Options
{
    /// <summary>The rows asked for; empty for all.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Limits at their published size and speed.</summary>
    public bool Full { get; init; }

    /// <summary>Another number of imports than what was promised.</summary>
    public int? Imports { get; init; }

    /// <summary>How many times the published rates the limits are measured with.</summary>
    public int Scale { get; init; } = 5;

    /// <summary>Where the figures are written to.</summary>
    public string? Output { get; init; }

    /// <summary>Environment of the operator, NAME=value.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Whether a group of rows is to be measured.</summary>
    public bool Runs(string group) => Only.Count == 0 || Only.Contains(group);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">An argument is unknown or has no value.</exception>
    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");
            int Number() => int.TryParse(Value(), CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new FormatException($"{args[i - 1]} takes a whole number above 0, and '{args[i]}' is none.");
            options = args[i] switch
            {
                "--only" => options with { Only = Value().Split(',').ToHashSet(StringComparer.Ordinal) },
                "--full" => options with { Full = true },
                "--imports" => options with { Imports = Number() },
                "--scale" => options with { Scale = Number() },
                "--out" => options with { Output = Value() },
                "--env" => options with { Settings = [.. options.Settings, Value()] },
                _ => throw new FormatException($"'{args[i]}' is not known. There are --only cluster,limits,engine,peer,crypto,plan  --full  --imports N  --scale N  --out FILE  --env NAME=value"),
            };
        }

        return options;
    }
}
