using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// One pass over an import for many users. Users with something to do are worked on a batch at a time, for a while; what is left is left
/// to the next pass, so that a change of the spec is heard and progress is seen. Killed at any point, the next pass finds in the tenant what was made.
/// </summary>
internal sealed class BulkPass(
    CertificateImport import, ReconcileScope scope, TenantSession session, ConnectorKey key, TrustAnchors anchors, BulkMemory memory, BulkRun run,
    Convergence convergence, TimeProvider time)
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    private readonly bool _planOnly = scope.PlanOnly || session.ReadOnly;
    private readonly ConnectorKeySpec _spec = session.Resource!.Spec.ConnectorKey!;
    private readonly ImportRivals _rivals = new(import, scope.Catalog);
    private readonly BulkPlanner _planner = new(import, session.Resource!.Spec.ConnectorKey!, key.Fingerprint, memory.Ledger);
    private readonly List<PlanningResult> _first = [];
    private readonly List<AppliedChange> _applied = [];
    private readonly Dictionary<string, ImportBaseline> _before = [];
    private readonly long _begun = time.GetTimestamp();
    private bool _learned;

    private TenantSnapshot Current => session.Connection.Current ?? session.Snapshot;

    /// <summary>Whether anything was read or made.</summary>
    public bool DidSomething => _learned || _applied.Count > 0;

    public async Task<Arrival> RunAsync(CancellationToken cancellationToken)
    {
        var secrets = await EscrowSecrets.ListAsync(import, scope.Catalog, session, cancellationToken);
        memory.Keep(import.Metadata.Generation ?? 0, secrets);
        await WorkAsync(secrets, cancellationToken);
        memory.IsUnfinished = run.IsUnfinished;
        var lines = Lines(secrets);
        if (!_planOnly && !run.IsUnfinished && run.Interrupted is null)
        {
            await PruneAsync(lines, cancellationToken);
        }

        var last = Hold(_planner.Plan(lines, Current));
        var due = last.Plan.Changes.Concat(last.Plan.Held.Where(h => h.Reason != Reasons.DriftDetected).Select(h => h.Change)).Select(c => c.Role).ToHashSet();
        Adopt(lines, last);
        run.Report = new BulkReport(new BulkReportInput(
            lines, Current, due, memory.Ledger, key.Fingerprint, ImportSources.PurposeOf(import.Spec.Purpose), time.GetUtcNow(),
            line => _rivals.AlsoIn(line.Secret.User!.UserPrincipalName, line.Id!)));
        var first = _planOnly ? BulkPlanner.Merge([last, Removals(lines)]) : BulkPlanner.Merge(_first);
        return new Arrival(first, last, _applied);
    }

    /// <summary>
    /// Takes what the Secrets hold and the tenant has for this resource's own: a process that was killed may have uploaded it and left no word of it.
    /// Opens what this process has not read yet, and uploads nothing.
    /// </summary>
    public async Task ClaimAsync(CancellationToken cancellationToken)
    {
        var secrets = await EscrowSecrets.ListAsync(import, scope.Catalog, session, cancellationToken);
        memory.Keep(import.Metadata.Generation ?? 0, secrets);
        foreach (var batch in secrets.Where(s => s.User is not null && !memory.TryGet(s, out _)).GroupBy(s => s.User!.Id).Chunk(BatchSize))
        {
            await WorkOnAsync([.. batch.SelectMany(s => s)], cancellationToken);
        }

        var purpose = ImportSources.PurposeOf(import.Spec.Purpose);
        foreach (var user in Lines(secrets).Where(l => l.IsWanted && memory.Ledger.Find(l.Id!) is null).GroupBy(l => l.Secret.User!.Id))
        {
            var present = Current.CertificatesOf(user.Key).Where(r => string.Equals(r.IntendedPurpose, purpose, StringComparison.OrdinalIgnoreCase)).Select(r => r.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
            user.Where(l => present.Contains(l.Id!)).ToList().ForEach(l => memory.Ledger.Record(l.Id!, _planner.Baseline));
        }
    }

    private async Task WorkAsync(IReadOnlyList<EscrowSecret> secrets, CancellationToken cancellationToken)
    {
        var batch = new List<EscrowSecret>();
        foreach (var user in WithWork(secrets))
        {
            batch.AddRange(user);
            if (batch.Count >= BatchSize)
            {
                await WorkOnAsync(batch, cancellationToken);
                batch.Clear();
                // A plan is wanted whole; changes are made for a while.
                run.IsUnfinished = !_planOnly && time.GetElapsedTime(_begun) > Slice;
                if (run.IsUnfinished || run.Interrupted is not null)
                {
                    return;
                }
            }
        }

        if (batch.Count > 0)
        {
            await WorkOnAsync(batch, cancellationToken);
        }
    }

    private List<List<EscrowSecret>> WithWork(IReadOnlyList<EscrowSecret> secrets)
    {
        var due = DueIn(Lines(secrets));
        return
        [
            .. secrets.Where(s => s.User is not null).GroupBy(s => s.User!.Id).Select(g => g.ToList())
                .Where(user => user.Exists(s => !memory.TryGet(s, out var known) || IsDue(s, known, due))),
        ];
    }

    private async Task WorkOnAsync(List<EscrowSecret> secrets, CancellationToken cancellationToken)
    {
        using var batch = new BulkBatch(import, scope.Catalog, anchors, (_spec, key), time);
        var due = DueIn(Lines(secrets));
        var toOpen = secrets.Where(s => !memory.TryGet(s, out var known) || (!_planOnly && IsDue(s, known, due))).GroupBy(s => s.User!);
        foreach (var (secret, sources) in await batch.ExamineAsync(toOpen, cancellationToken))
        {
            memory.Put(secret, sources);
            _learned = true;
        }

        if (!_planOnly)
        {
            var lines = Lines(secrets);
            await ConvergeAsync(snapshot => Hold(_planner.Plan(lines, snapshot)), batch, cancellationToken);
        }
    }

    private async Task PruneAsync(IReadOnlyList<EscrowLine> lines, CancellationToken cancellationToken)
    {
        var removals = Removals(lines);
        if (!removals.Plan.IsEmpty)
        {
            await ConvergeAsync(_ => Removals(lines), null, cancellationToken);
        }
    }

    // A Secret that cannot be read, or whose user is unknown, may still hold what was imported: nothing is pruned until all can.
    private PlanningResult Removals(IReadOnlyList<EscrowLine> lines)
    {
        var isKnown = import.Spec.History == HistoryPolicy.Prune && lines.All(l => l.Certificate is not null);
        return isKnown
            ? BulkPlanner.PlanRemovals(memory.Ledger, Current, lines.Select(l => l.Id!).ToHashSet(StringComparer.OrdinalIgnoreCase), _rivals, ChangeCause.Spec)
            : BulkPlanner.Merge([]);
    }

    private async Task ConvergeAsync(Func<TenantSnapshot, PlanningResult> plan, BulkBatch? material, CancellationToken cancellationToken)
    {
        var arrival = await convergence.RunAsync(
            new Journey
            {
                Owner = run.Owner,
                Session = session,
                Plan = plan,
                Record = Record,
                // Once: what goes on for long says how far it is at the end of each pass. Each batch that is encrypted to another key is announced.
                Announce = first => Doubt(first) || first.Drift.Count > 0 || import.Status is null ? scope.ReportProgress(run.Progress(first), cancellationToken) : Task.CompletedTask,
                Managed = () => ManagedCount.Of(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog),
                Approval = k8s.Models.ModelExtensions.GetAnnotation(import, Annotations.ApproveDeletions),
                Material = material,
                Tries = run.Tries,
                KeepRemovals = scope.KeepRemovals,
            },
            cancellationToken);
        _first.Add(arrival.First);
        _applied.AddRange(arrival.Applied);
        foreach (var failed in arrival.Applied.Where(a => a.Failure is not null))
        {
            var verdict = failed.Failure!;
            if (BulkPlanner.ImportedId(failed.Change) is { } refused && !failed.MayHaveArrived && _before.TryGetValue(refused, out var before))
            {
                memory.Ledger.Record(refused, before);
            }

            if (verdict.Reason == Reasons.Rejected && BulkPlanner.ImportedId(failed.Change) is { } id)
            {
                memory.Rejected[id] = (verdict.Reason, verdict.Message);
            }
            else
            {
                run.Interrupted ??= verdict;
            }
        }
    }

    // Killed in the middle, whoever comes next must not take one key for the other.
    private bool Doubt(PlanningResult plan)
    {
        var rotated = plan.Plan.Changes.Select(BulkPlanner.ImportedId).OfType<string>().Where(id => ImportLines.IsRotated(memory.Ledger.Find(id)?.KeyFingerprint, key.Fingerprint)).ToList();
        foreach (var id in rotated)
        {
            _before[id] = memory.Ledger.Find(id)!.Value;
            memory.Ledger.Record(id, _before[id] with { KeyFingerprint = ImportLines.UnknownKey });
        }

        return rotated.Count > 0;
    }

    private void Record(AppliedChange applied)
    {
        switch (applied.Change.Step)
        {
            case ChangeStep.ImportCertificate import:
                memory.Ledger.Record(import.Thumbprint, _planner.Baseline);
                break;
            case ChangeStep.DeleteImport delete:
                memory.Ledger.Remove(delete.Id);
                break;
        }
    }

    // What is there and as it should be is ours from now on, without an upload: made before a crash, or by a resource that git re-created.
    private void Adopt(IReadOnlyList<EscrowLine> lines, PlanningResult plan)
    {
        var pending = plan.Plan.Changes.Concat(plan.Plan.Held.Select(h => h.Change)).Select(c => c.Role).ToHashSet();
        foreach (var user in lines.Where(l => l.IsWanted && !pending.Contains(l.Id!)).GroupBy(l => l.Secret.User!.Id))
        {
            var present = Current.CertificatesOf(user.Key).Select(r => r.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var line in user.Where(l => present.Contains(l.Id!)))
            {
                memory.Ledger.Record(line.Id!, _planner.Baseline);
            }
        }
    }

    // One record that the service does not take, or does not keep, must not stop the others.
    private PlanningResult Hold(PlanningResult result)
    {
        var held = result.Plan.Changes.Select(c => new HeldChange(
            c, memory.Rejected.ContainsKey(c.Role) ? Reasons.Rejected : run.Tries.IsExhausted(c, session.Interval) ? Reasons.NotConverging : "")).Where(h => h.Reason.Length > 0).ToList();
        return held.Count == 0 ? result : result with
        {
            Plan = new Plan { Changes = [.. result.Plan.Changes.Except(held.Select(h => h.Change))], Held = [.. result.Plan.Held, .. held] },
        };
    }

    private IReadOnlyList<EscrowLine> Lines(IEnumerable<EscrowSecret> secrets) => EscrowLines.Of(secrets, memory, _rivals);

    private HashSet<string> DueIn(IEnumerable<EscrowLine> lines) =>
        [.. Hold(_planner.Plan(lines, Current)).Plan.Changes.Select(c => c.Role)];

    private static bool IsDue(EscrowSecret secret, IReadOnlyList<ImportSource> known, HashSet<string> due) =>
        known.Any(s => s.Certificate is { } certificate && due.Contains(ImportedCertificate.IdOf(secret.User!.Id, certificate.Thumbprint)));
}
