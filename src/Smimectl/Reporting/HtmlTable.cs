namespace Smimectl;

/// <summary>A cell: text, or what writes it.</summary>
internal readonly record struct HtmlCell(string? Text, Action? Content = null, bool IsNumber = false)
{
    public static implicit operator HtmlCell(string? text) => new(text);

    public static implicit operator HtmlCell(int number) => new(Numbers.Of(number), IsNumber: true);
}

/// <summary>
/// A table that becomes a list of cards on a narrow screen. The style sheet takes the display of a table away from it there, and with it what assistive
/// technology knows of rows and cells; so that is said by roles.
/// </summary>
internal static class HtmlTable
{
    public static void Write(Html html, string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<HtmlCell>> rows) =>
        html.Tag("table", [("role", "table")], () =>
        {
            html.Element("caption", null, caption);
            html.Tag("thead", [("role", "rowgroup")], () => html.Tag("tr", [("role", "row")], () =>
            {
                foreach (var column in columns)
                {
                    html.Tag("th", [("scope", "col"), ("role", "columnheader")], () => html.Text(column));
                }
            }));
            html.Tag("tbody", [("role", "rowgroup")], () =>
            {
                foreach (var row in rows)
                {
                    html.Tag("tr", [("role", "row")], () => Cells(html, columns, row));
                    html.Raw("\n");
                }
            });
        });

    private static void Cells(Html html, IReadOnlyList<string> columns, IReadOnlyList<HtmlCell> row)
    {
        for (var i = 0; i < row.Count; i++)
        {
            var cell = row[i];
            var isHead = i == 0;
            html.Tag(
                isHead ? "th" : "td",
                [("scope", isHead ? "row" : null), ("role", isHead ? "rowheader" : "cell"), ("data-label", columns[i]), ("class", cell.IsNumber ? "number" : null)],
                cell.Content ?? (() => html.Text(cell.Text)));
        }
    }
}
