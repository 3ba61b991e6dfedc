using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SmimeOperator.Api;

/// <summary>Durations as Go and Kubernetes write them: <c>10m</c>, <c>1h30m</c>, <c>1.5s</c>, <c>250ms</c>.</summary>
public static partial class GoDuration
{
    /// <summary>Reads a duration; refuses what is none, or is longer than a <see cref="TimeSpan"/> holds.</summary>
    public static TimeSpan Parse(string text) => TryParse(text, out var duration)
        ? duration
        : throw new FormatException($"'{text}' is not a duration; write numbers with units, such as 10m or 1h30m.");

    /// <summary>Reads a duration. What is shorter than 100 ns is cut off.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        var match = Duration().Match(text ?? "");
        if (!match.Success)
        {
            return false;
        }

        var ticks = 0m;
        foreach (var (number, unit) in match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures))
        {
            if (!decimal.TryParse(number.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                || count > long.MaxValue)
            {
                return false;
            }

            ticks += count * TicksOf(unit.Value);
        }

        ticks = decimal.Truncate(match.Groups["sign"].ValueSpan is "-" ? -ticks : ticks);
        if (ticks is < long.MinValue or > long.MaxValue)
        {
            return false;
        }

        duration = new TimeSpan((long)ticks);
        return true;
    }

    private static decimal TicksOf(string unit) => unit switch
    {
        "h" => TimeSpan.TicksPerHour,
        "m" => TimeSpan.TicksPerMinute,
        "s" => TimeSpan.TicksPerSecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "ns" => 1m / TimeSpan.NanosecondsPerTick,
        _ => TimeSpan.TicksPerMicrosecond,
    };

    // Both letters that look like the Greek mu are in use for microseconds: U+00B5 and U+03BC.
    [GeneratedRegex(
        @"\A(?<sign>[+-]?)(0|((?<number>[0-9]+(\.[0-9]*)?|\.[0-9]+)(?<unit>ns|us|\u00B5s|\u03BCs|ms|s|m|h))+)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();
}
