using System.Globalization;
using SmimeOperator.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Smimectl;

/// <summary>The live table for people at a terminal.</summary>
internal sealed class TableView(IAnsiConsole console, ViewNotes notes, TimeProvider time) : ISyncView
{
    private const int ShownEvents = 8;
    private const int ShownProblems = 6;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private IReadOnlyList<string> _hints = [];

    public async Task ShowAsync(SyncBoard board, CancellationToken cancellationToken) => await console.Live(Render(board.View))
        .Overflow(VerticalOverflow.Ellipsis)
        .StartAsync(async live =>
        {
            try
            {
                while (true)
                {
                    var changed = board.Changed;
                    live.UpdateTarget(Render(board.View));
                    // One picture a frame, however much happens in it.
                    await Task.Delay(Frame, time, cancellationToken);
                    await changed.WaitAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException)
            {
                live.UpdateTarget(Render(board.View));
            }
        });

    public void Finish(BoardView view, bool isSuccess)
    {
        if (!isSuccess)
        {
            console.MarkupLine("[red]not everything is ready[/]");
        }
    }

    internal IRenderable Render(BoardView view)
    {
        var parts = new List<IRenderable>();
        parts.AddRange(view.Problems.Take(ShownProblems).Select(p => new Text(p.ToString(), new Style(Color.Red))));
        if (view.Problems.Count > 0)
        {
            parts.Add(new Text($"{view.Problems.Count} problems: what these files stated last stays in effect, and nothing is deleted until they are repaired", new Style(Color.Red)));
        }

        parts.AddRange(view.Skipped.Take(ShownProblems).Select(s => new Text(s, new Style(Color.Grey))));
        parts.Add(Resources(view));
        if (Progress(view) is { } progress)
        {
            parts.Add(progress);
        }

        if (notes.Converged(view) is { } sentence)
        {
            if (_hints.Count == 0)
            {
                _hints = notes.Hints(view);
            }

            parts.Add(new Text(sentence, new Style(Color.Green)));
        }

        parts.AddRange(_hints.Select(h => new Text(h, new Style(Color.Grey))));
        parts.AddRange(view.Events.Where(e => e.IsTenantChange || e.Event.IsWarning).TakeLast(ShownEvents).Select(Line));
        return new Rows(parts);
    }

    private static Table Resources(BoardView view)
    {
        var table = new Table().Border(TableBorder.Simple).Expand();
        foreach (var heading in (string[])["Kind", "Name", "Ready", "Reason", "Drift", "Objects", "Message"])
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = heading != "Message" });
        }

        foreach (var row in view.Records.Select(ResourceRow.Of))
        {
            var color = row.Ready switch { "True" => Color.Green, "False" => Color.Yellow, _ => Color.Grey };
            table.AddRow(
                new Text(row.Kind), new Text(row.Name), new Text(row.Ready, new Style(color)), new Text(row.Reason),
                new Text(row.Drift, new Style(row.Drift == "drifted" ? Color.Red : Color.Default)), new Text(row.Objects), new Text(row.Message));
        }

        return table;
    }

    private static Text? Progress(BoardView view)
    {
        const int Width = 30;
        var counts = view.Records.Select(r => r.Status).OfType<CertificateImportStatus>().Select(s => s.Counts).OfType<ImportCounts>().ToList();
        var (imported, desired) = (counts.Sum(c => c.Imported), counts.Sum(c => c.Desired));
        if (desired == 0)
        {
            return null;
        }

        var filled = Width * imported / desired;
        return new Text(string.Create(CultureInfo.InvariantCulture, $"imports {new string('█', filled)}{new string('░', Width - filled)} {imported}/{desired}"));
    }

    private static Text Line(BoardEvent item) => new(
        string.Create(CultureInfo.InvariantCulture, $"{item.At:HH:mm:ss} {item.Key} {item.Event.Message}"),
        new Style(item.Event.IsWarning ? Color.Yellow : Color.Default));
}
