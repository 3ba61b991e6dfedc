using SmimeOperator.Api;

namespace Smimectl;

/// <summary>Lets the operator's own reconcilers loose on a tenant that takes every change and keeps none, and reports what they did.</summary>
internal static class PlanRunner
{
    // What passes by itself is worth waiting for; what a person has to mend is the plan's content.
    private static readonly HashSet<string> Passing = new(
        [Reasons.Throttled, Reasons.ServiceUnavailable, Reasons.TenantReadIncomplete, Reasons.Progressing], StringComparer.Ordinal);

    // Nothing is sent that would have to be paced, and look-ups in the directory that come together are one request.
    private const int Workers = 256;

    /// <exception cref="TimeoutException">The tenant did not answer as long as it was waited for.</exception>
    public static async Task<PlanReport> RunAsync(SyncOptions options, IReadOnlyList<string> notes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var (rehearsal, report) = await RehearseAsync(options, IsDecided, timeout, (ended, token) => ReportAsync(ended, notes, token), cancellationToken);
        if (!rehearsal.IsComplete)
        {
            var open = rehearsal.View.Records.FirstOrDefault(r => !IsDecided(r));
            throw new TimeoutException(
                $"no plan after {timeout.TotalSeconds:0} s{(open is null ? "" : $": {open.Key} {ReadyState.Condition(open, ConditionTypes.Ready)?.Message ?? "was not looked at"}")}; a longer --timeout may help");
        }

        return report;
    }

    /// <summary>Works until every resource is decided or the time is over, and tells how things stand then.</summary>
    public static async Task<Rehearsal> RehearseAsync(
        SyncOptions options, Func<ResourceRecord, bool> isDecided, TimeSpan timeout, CancellationToken cancellationToken) =>
        (await RehearseAsync(options, isDecided, timeout, static (_, _) => Task.FromResult(true), cancellationToken)).Rehearsal;

    // What is asked of the tenants in the end goes through the connections that the reconcilers used, and has what is left of the time.
    private static async Task<(Rehearsal Rehearsal, T Answer)> RehearseAsync<T>(
        SyncOptions options, Func<ResourceRecord, bool> isDecided, TimeSpan timeout, Func<Rehearsal, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var recorder = new PlanRecorder();
        await using var sync = FolderSync.Open(options with { Recorder = recorder, RemovalDelay = TimeSpan.Zero, Workers = Workers });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var limit = new CancellationTokenSource(timeout, options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var running = sync.RunAsync(stop.Token);
        var arriving = sync.Board.WaitAsync(v => v.IsIdle && v.Records.All(isDecided), end.Token);
        await Task.WhenAny(arriving, running);
        await stop.CancelAsync();
        await running;
        cancellationToken.ThrowIfCancellationRequested();
        var rehearsal = new Rehearsal(sync.Board.View, recorder, sync.Contents, arriving.IsCompletedSuccessfully);
        var answer = await ask(rehearsal, end.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return (rehearsal, answer);
    }

    private static async Task<PlanReport> ReportAsync(Rehearsal rehearsal, IReadOnlyList<string> notes, CancellationToken cancellationToken)
    {
        var frozen = rehearsal.Contents.Resources.Values.OfType<CustomManifest>().Select(m => m.Entity).OfType<Tenant>()
            .Where(t => t.Spec.Mode == TenantMode.ReadOnly).Select(t => $"{t.Metadata.NamespaceProperty}/{t.Metadata.Name}").ToList();
        var report = PlanReport.Of(rehearsal, frozen, notes);
        return report.IsEmpty || !rehearsal.IsComplete
            ? report
            : report.With(await ReachReader.ReadAsync(
                report.Resources.SelectMany(r => r.Recording.Planned, (r, c) => (rehearsal.Recorder.TenantOf(r.Key), c)), cancellationToken));
    }

    /// <summary>Whether waiting brings no other judgement of a resource.</summary>
    public static bool IsDecided(ResourceRecord record) =>
        ReadyState.Condition(record, ConditionTypes.Ready) is { } ready
        && ready.ObservedGeneration == record.Entity.Metadata.Generation && !Passing.Contains(ready.Reason);

    /// <summary>The same for somebody who reads the tenant once: a part that could not be read then stays unread.</summary>
    public static bool IsDecidedByOneRead(ResourceRecord record) =>
        IsDecided(record) || ReadyState.Condition(record, ConditionTypes.Ready)?.Reason == Reasons.TenantReadIncomplete;
}
