using System.Text.Json;

namespace Smimectl;

/// <summary>JSON for programs: one document at the end, or while watching one line for each event and then the document.</summary>
internal sealed class JsonView(TextWriter output, bool lines, ViewNotes notes) : ISyncView
{
    private static readonly JsonSerializerOptions Pretty = new(KindModel.Json) { WriteIndented = true };

    private readonly Lock _gate = new();
    private readonly List<object> _changes = [];

    public async Task ShowAsync(SyncBoard board, CancellationToken cancellationToken)
    {
        board.Listen(e =>
        {
            var item = new { Time = e.At, Resource = e.Key.ToString(), e.Event.IsWarning, e.Event.Reason, e.Event.Message };
            lock (_gate)
            {
                if (lines)
                {
                    output.WriteLine(JsonSerializer.Serialize(item, KindModel.Json));
                    output.Flush();
                }
                else
                {
                    _changes.Add(item);
                }
            }
        });
        var ended = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(ended.SetResult);
        await ended.Task;
    }

    public void Finish(BoardView view, bool isSuccess)
    {
        lock (_gate)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Ready = isSuccess,
                    Summary = TenantSummary.Of(view),
                    Seconds = view.ConvergedAfter is { } after ? Math.Round(after.TotalSeconds, 3) : (double?)null,
                    Writes = notes.Writes(view),
                    Problems = view.Problems.Select(p => new { p.File, p.Line, p.Message }),
                    Resources = view.Records.Select(r => Resource(ResourceRow.Of(r), r)),
                    Events = lines ? null : _changes,
                },
                lines ? KindModel.Json : Pretty));
            output.Flush();
        }
    }

    private static object Resource(ResourceRow row, ResourceRecord record) => new
    {
        row.Kind,
        record.Key.Namespace,
        record.Key.Name,
        row.Ready,
        row.Reason,
        row.Message,
        row.Drift,
        record.Status?.Objects,
    };
}
