using System.Globalization;

namespace Smimectl;

/// <summary>Draws how many certificates end in each coming month: columns for a wide page, bars for a narrow one; the style sheet shows one of them.</summary>
internal static class ExpiryChart
{
    private const int Wide = 720;
    private const int Top = 22;
    private const int Plot = 150;
    private const int Narrow = 330;
    private const int Line = 22;
    private const int LabelWidth = 66;

    public static void Write(Html html, AuditExpiry expiry)
    {
        var most = expiry.Months.Max(m => m.Count);
        var label = Describe(expiry);
        Columns(html, expiry, most, label);
        Bars(html, expiry, most, label);
    }

    private static string Describe(AuditExpiry expiry)
    {
        var peak = expiry.Months.MaxBy(m => m.Count)!;
        return $"Certificates that end in each of the coming {expiry.Months.Count} months"
            + $"; the most, {Numbers.Of(peak.Count)}, in {Month(peak)}. The figures stand in the table below.";
    }

    private static void Columns(Html html, AuditExpiry expiry, int most, string label)
    {
        var step = (double)Wide / expiry.Months.Count;
        const int Height = Top + Plot + 40;
        html.Tag("svg", [("class", "chart wide"), ("viewBox", $"0 0 {Wide} {Height}"), ("role", "img"), ("aria-label", label)], () =>
        {
            html.Empty("line", ("class", "axis"), ("x1", "0"), ("x2", Number(Wide)), ("y1", Number(Top + Plot + 0.5)), ("y2", Number(Top + Plot + 0.5)));
            for (var i = 0; i < expiry.Months.Count; i++)
            {
                var month = expiry.Months[i];
                var (x, height) = (i * step, Length(month.Count, most, Plot));
                var middle = Number(x + (step / 2));
                if (month.Count > 0)
                {
                    html.Empty("rect", ("class", "bar"), ("x", Number(x + 4)), ("y", Number(Top + Plot - height)), ("width", Number(step - 8)), ("height", Number(height)), ("rx", "2"));
                    Label(html, middle, Number(Top + Plot - height - 6), "value", "middle", Numbers.Of(month.Count));
                }

                Label(html, middle, Number(Top + Plot + 16), "tick", "middle", month.Start.ToString("MMM", CultureInfo.InvariantCulture));
                if (i == 0 || month.Start.Month == 1)
                {
                    Label(html, middle, Number(Top + Plot + 33), "year", "middle", month.Start.ToString("yyyy", CultureInfo.InvariantCulture));
                }
            }
        });
    }

    private static void Bars(Html html, AuditExpiry expiry, int most, string label)
    {
        var height = (expiry.Months.Count * Line) + 4;
        html.Tag("svg", [("class", "chart narrow"), ("viewBox", $"0 0 {Narrow} {height}"), ("role", "img"), ("aria-label", label)], () =>
        {
            html.Empty("line", ("class", "axis"), ("x1", Number(LabelWidth - 0.5)), ("x2", Number(LabelWidth - 0.5)), ("y1", "0"), ("y2", Number(height)));
            for (var i = 0; i < expiry.Months.Count; i++)
            {
                var month = expiry.Months[i];
                var y = (i * Line) + 2;
                var width = Length(month.Count, most, Narrow - LabelWidth - 48);
                Label(html, Number(LabelWidth - 8), Number(y + 14), "tick", "end", Month(month));
                if (month.Count > 0)
                {
                    html.Empty("rect", ("class", "bar"), ("x", Number(LabelWidth)), ("y", Number(y + 2)), ("width", Number(width)), ("height", "16"), ("rx", "2"));
                    Label(html, Number(LabelWidth + width + 6), Number(y + 14), "value", "start", Numbers.Of(month.Count));
                }
            }
        });
    }

    private static void Label(Html html, string x, string y, string @class, string anchor, string text) =>
        html.Tag("text", [("class", @class), ("x", x), ("y", y), ("text-anchor", anchor)], () => html.Text(text));

    // Something is never drawn as nothing.
    private static double Length(int count, int most, int full) => count == 0 ? 0 : Math.Max(2, (double)count / most * full);

    public static string Month(AuditMonth month) => month.Start.ToString("MMM yyyy", CultureInfo.InvariantCulture);

    private static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
