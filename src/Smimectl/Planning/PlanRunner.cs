using SmimeOperator.Api;

namespace Smimectl;

/// <summary>Lets the operator's own reconcilers loose on a tenant that takes every change and keeps none, and reports what they did.</summary>
internal static class PlanRunner
{
    // What passes by itself is worth waiting for; what a person has to mend is the plan's content.
    private static readonly HashSet<string> Passing = new(
        [Reasons.Throttled, Reasons.ServiceUnavailable, Reasons.TenantReadIncomplete, Reasons.Progressing], StringComparer.Ordinal);

    /// <exception cref="TimeoutException">The tenant did not answer as long as it was waited for.</exception>
    public static async Task<PlanReport> RunAsync(SyncOptions options, IReadOnlyList<string> notes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var recorder = new PlanRecorder();
        await using var sync = FolderSync.Open(options with { Recorder = recorder, RemovalDelay = TimeSpan.Zero });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var limit = new CancellationTokenSource(timeout, options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var running = sync.RunAsync(stop.Token);
        var arriving = sync.Board.WaitAsync(IsDone, end.Token);
        await Task.WhenAny(arriving, running);
        await stop.CancelAsync();
        await running;
        cancellationToken.ThrowIfCancellationRequested();
        var view = sync.Board.View;
        if (limit.IsCancellationRequested)
        {
            var open = view.Records.FirstOrDefault(r => !IsDecided(r));
            throw new TimeoutException(
                $"no plan after {timeout.TotalSeconds:0} s{(open is null ? "" : $": {open.Key} {ReadyState.Condition(open, ConditionTypes.Ready)?.Message ?? "was not looked at"}")}; a longer --timeout may help");
        }

        var frozen = sync.Contents.Resources.Values.OfType<CustomManifest>().Select(m => m.Entity).OfType<Tenant>()
            .Where(t => t.Spec.Mode == TenantMode.ReadOnly).Select(t => $"{t.Metadata.NamespaceProperty}/{t.Metadata.Name}").ToList();
        return PlanReport.Of(view, recorder, sync.Contents, frozen, notes);
    }

    private static bool IsDone(BoardView view) => view.IsIdle && view.Records.All(IsDecided);

    private static bool IsDecided(ResourceRecord record) =>
        ReadyState.Condition(record, ConditionTypes.Ready) is { } ready
        && ready.ObservedGeneration == record.Entity.Metadata.Generation && !Passing.Contains(ready.Reason);
}
