using System.Globalization;

namespace SmimeOperator.Benchmarks.Processes;

/// <summary>What the kernel says of a process (proc(5)).</summary>
/// <param name="ResidentMegabytes">Memory it has now.</param>
/// <param name="PeakMegabytes">The most it ever had.</param>
/// <param name="AnonymousMegabytes">What of its memory no file backs.</param>
/// <param name="FileMegabytes">What of its memory is files.</param>
/// <param name="Processor">Time on processors, user and system.</param>
internal sealed record ProcessFigures(double ResidentMegabytes, double PeakMegabytes, double AnonymousMegabytes, double FileMegabytes, TimeSpan Processor)
{
    private const double TicksPerSecond = 100;

    /// <summary>Asks for a process.</summary>
    public static ProcessFigures Of(int id)
    {
        var status = File.ReadAllLines($"/proc/{id}/status");
        // The second field is a name in parentheses that may hold spaces; utime and stime are the 12th and 13th after it.
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessFigures(
            Megabytes(status, "VmRSS:"), Megabytes(status, "VmHWM:"), Megabytes(status, "RssAnon:"), Megabytes(status, "RssFile:"), TimeSpan.FromSeconds(ticks / TicksPerSecond));
    }

    private static double Megabytes(string[] status, string name)
    {
        var line = status.First(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
