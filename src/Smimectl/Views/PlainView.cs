using System.Globalization;

namespace Smimectl;

/// <summary>One line for everything that happens: for logs, pipes and terminals without cursor movement.</summary>
internal sealed class PlainView(TextWriter output, ViewNotes notes) : ISyncView
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKey, string> _shown = [];
    private readonly HashSet<string> _problems = new(StringComparer.Ordinal);
    private bool _converged;

    public async Task ShowAsync(SyncBoard board, CancellationToken cancellationToken)
    {
        board.Listen(e => Write($"{Time(e.At)} {(e.Event.IsWarning ? "WARN " : "")}{e.Key} {e.Event.Reason}: {e.Event.Message}"));
        try
        {
            while (true)
            {
                var changed = board.Changed;
                Update(board.View);
                await changed.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Update(board.View);
        }
    }

    public void Finish(BoardView view, bool isSuccess)
    {
        if (!isSuccess)
        {
            foreach (var row in view.Records.Where(r => !ReadyState.IsReady(r)).Select(ResourceRow.Of))
            {
                Write($"not ready: {row.Kind} {row.Name}: {(row.Reason.Length == 0 ? "was not looked at" : $"{row.Reason}: {row.Message}")}");
            }
        }
    }

    private void Update(BoardView view)
    {
        foreach (var problem in view.Problems.Select(p => p.ToString()).Concat(view.Skipped).Where(_problems.Add))
        {
            Write(problem);
        }

        _problems.IntersectWith(view.Problems.Select(p => p.ToString()).Concat(view.Skipped));
        foreach (var record in view.Records)
        {
            var row = ResourceRow.Of(record);
            var text = row.Reason.Length == 0 ? $"{record.Key} Ready={row.Ready}" : $"{record.Key} Ready={row.Ready} {row.Reason} drift={row.Drift} objects={row.Objects} {row.Message}";
            if (!_shown.TryGetValue(record.Key, out var before) || before != text)
            {
                _shown[record.Key] = text;
                Write(text);
            }
        }

        foreach (var gone in _shown.Keys.Except(view.Records.Select(r => r.Key)).ToList())
        {
            _shown.Remove(gone);
            Write($"{gone} is gone");
        }

        if (!_converged && notes.Converged(view) is { } sentence)
        {
            _converged = true;
            Write(sentence);
            foreach (var hint in notes.Hints(view))
            {
                Write(hint);
            }
        }
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private static string Time(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
