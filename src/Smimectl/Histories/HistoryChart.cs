using System.Globalization;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>
/// Certificates as bars over years, for a terminal. A cell stands for some months, and whatever touches it fills it: a bar is never shorter than one cell,
/// and a gap that is shorter than a cell has a row of its own.
/// </summary>
internal sealed class HistoryChart
{
    private const int Width = 72;
    private const int Label = 10;
    private static readonly int[] CellsOfYear = [12, 6, 4, 3, 2, 1];

    private readonly IReadOnlyList<HistoryCertificate> _certificates;
    private readonly DateTimeOffset _now;
    private readonly int _first;
    private readonly int _years;
    private readonly int _perYear;

    public HistoryChart(IReadOnlyList<HistoryCertificate> certificates, DateTimeOffset now)
    {
        (_certificates, _now) = (certificates, now);
        _first = Math.Min(certificates.Min(c => c.NotBefore.UtcDateTime.Year), now.UtcDateTime.Year);
        var last = Math.Max(certificates.Max(c => c.NotAfter.UtcDateTime.AddTicks(-1).Year), now.UtcDateTime.Year);
        // Certificates that end in the year 9999 exist; their bars run out of the picture.
        _years = Math.Min(last - _first + 1, Width);
        _perYear = CellsOfYear.First(n => n * _years <= Width);
    }

    private int Cells => _years * _perYear;

    /// <summary>What one character stands for.</summary>
    public string Scale => _perYear == 12 ? "a month" : $"{12 / _perYear} months";

    /// <summary>The axis with its years.</summary>
    public string Axis()
    {
        const int YearWidth = 5;
        var axis = new char[Cells + YearWidth];
        Array.Fill(axis, ' ');
        var free = 0;
        for (var year = 0; year < _years; year++)
        {
            var at = year * _perYear;
            if (at >= free)
            {
                (_first + year).ToString(CultureInfo.InvariantCulture).CopyTo(0, axis, at, 4);
                free = at + YearWidth;
            }
        }

        return new string(' ', Label) + new string(axis).TrimEnd();
    }

    /// <summary>A certificate's label and bar: full where the tenant holds it, light where it does not.</summary>
    public string Bar(HistoryCertificate certificate) =>
        certificate.Thumbprint[..Math.Min(8, certificate.Thumbprint.Length)].PadRight(Label) + Row(certificate.NotBefore, certificate.NotAfter, certificate.IsInTenant ? '█' : '░');

    /// <summary>The gaps of what the tenant holds; null where there is none.</summary>
    public string? Gaps()
    {
        var gaps = HistoryTimeline.Of(_certificates.Where(c => c.IsInTenant).Select(c => (c.NotBefore, c.NotAfter))).Gaps;
        if (gaps.Count == 0)
        {
            return null;
        }

        var row = new char[Cells];
        Array.Fill(row, ' ');
        foreach (var (from, to) in gaps)
        {
            Fill(row, from, to, 'x');
        }

        return "gap".PadRight(Label) + new string(row).TrimEnd();
    }

    /// <summary>Where today is.</summary>
    public string Today() => new string(' ', Label + Cell(_now)) + "^ today";

    private string Row(DateTimeOffset from, DateTimeOffset to, char mark)
    {
        var row = new char[Cells];
        Array.Fill(row, ' ');
        Fill(row, from, to, mark);
        return new string(row).TrimEnd() + (Position(to) > Cells ? ">" : "");
    }

    private void Fill(char[] row, DateTimeOffset from, DateTimeOffset to, char mark)
    {
        var first = Cell(from);
        var last = Math.Max(first, Math.Min(Cells - 1, (int)Math.Ceiling(Position(to)) - 1));
        Array.Fill(row, mark, first, last - first + 1);
    }

    private int Cell(DateTimeOffset time) => Math.Clamp((int)Math.Floor(Position(time)), 0, Cells - 1);

    private double Position(DateTimeOffset time)
    {
        // By months, not by days: a year's quarters differ in length, and a certificate that begins on the first of a month begins with a cell.
        var utc = time.UtcDateTime;
        var start = new DateTime(utc.Year, utc.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        var months = ((utc.Year - _first) * 12) + utc.Month - 1 + ((utc - start).TotalDays / DateTime.DaysInMonth(utc.Year, utc.Month));
        return months * _perYear / 12;
    }
}
