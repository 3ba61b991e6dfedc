using Microsoft.Extensions.Logging;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Brings the certificates of many users, from an escrow's Secrets, into the tenant and keeps them there.</summary>
internal sealed partial class BulkImportReconciler(
    TenantGate gate, Convergence convergence, ConnectorKeys keys, BulkMemories memories, TrustedCertificates roots, TimeProvider time, ILogger<BulkImportReconciler> logger)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public async Task<Outcome<CertificateImportStatus>> ReconcileAsync(CertificateImport import, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var memory = memories.Of(import);
        var run = new BulkRun(import, memory, time);
        if (import.Spec.Suspend)
        {
            return run.Suspended();
        }

        // Secrets arrive by the thousand, and each wakes the resource.
        if (memory.RestUntil - time.GetUtcNow() is { Ticks: > 0 } rest && memory.Generation == import.Metadata.Generation && import.Status is { } unchanged)
        {
            return new Outcome<CertificateImportStatus> { Status = unchanged, RequeueAfter = rest };
        }

        return await run.WorkAsync(async () =>
        {
            var session = await gate.OpenAsync(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            session.Require(Intune.SnapshotPart.ImportedCertificates);
            var key = await keys.ReadAsync(session.Resource!, scope.Catalog, cancellationToken);
            var pass = new BulkPass(import, scope, session, key, new TrustAnchors(import, scope.Catalog, roots), memory, run, convergence, time);
            var outcome = run.Close(await pass.RunAsync(cancellationToken), scope.PlanOnly || session.ReadOnly);
            memory.RestUntil = pass.DidSomething && !run.IsUnfinished ? time.GetUtcNow() + Rest : default;
            foreach (var failure in run.News)
            {
                LogFailure(run.Owner, failure.Reason, failure.Message);
            }

            return outcome;
        });
    }

    public async Task<Outcome<CertificateImportStatus>> FinalizeAsync(CertificateImport import, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var memory = memories.Of(import);
        var run = new BulkRun(import, memory, time);
        var outcome = import.Spec.DeletionPolicy == DeletionPolicy.Orphan
            ? Left(run, memory, "spec.deletionPolicy is Orphan", isWarning: false)
            : await DeleteAsync(import, run, memory, scope, cancellationToken);
        if (outcome.Released)
        {
            memories.Forget(import);
        }

        return outcome;
    }

    private Task<Outcome<CertificateImportStatus>> DeleteAsync(
        CertificateImport import, BulkRun run, BulkMemory memory, ReconcileScope scope, CancellationToken cancellationToken) => run.WorkAsync(async () =>
        {
            var session = await gate.OpenForCleanupAsync(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            if (session is null)
            {
                return Cleanup.IsOverdue(import.Metadata, time)
                    ? Left(run, memory, "the Tenant or its credential is gone", isWarning: true)
                    : run.Ended(Verdict.Waiting(Reasons.ReferenceNotFound, Cleanup.WaitingMessage));
            }

            session.Require(Intune.SnapshotPart.ImportedCertificates);
            if (session.ReadOnly)
            {
                return run.Ended(Verdict.Waiting(Reasons.ReadOnly, "the Tenant is read-only, so nothing is deleted from it"));
            }

            await ClaimAsync(import, run, memory, session, scope, cancellationToken);
            var rivals = new ImportRivals(import, scope.Catalog);
            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Owner = run.Owner,
                    Session = session,
                    Plan = snapshot => BulkPlanner.PlanRemovals(memory.Ledger, snapshot, new HashSet<string>(), rivals, ChangeCause.Deletion),
                    Record = applied => memory.Ledger.Remove(applied.Change.Id!),
                    Announce = _ => Task.CompletedTask,
                    Tries = run.Tries,
                    KeepRemovals = scope.KeepRemovals,
                    Managed = () => ManagedCount.Of(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = k8s.Models.ModelExtensions.GetAnnotation(import, Annotations.ApproveDeletions),
                },
                cancellationToken);
            return arrival.Applied.Select(a => a.Failure).FirstOrDefault(f => f is not null) is { } failed
                ? run.Ended(failed)
                : run.Released([new ResourceEvent(false, Reasons.Deleted, $"{arrival.Applied.Count} imported certificates were deleted from the tenant")]);
        });

    private async Task ClaimAsync(
        CertificateImport import, BulkRun run, BulkMemory memory, TenantSession session, ReconcileScope scope, CancellationToken cancellationToken)
    {
        if (session.Resource is not { } tenant)
        {
            return;
        }

        try
        {
            var key = await keys.ReadAsync(tenant, scope.Catalog, cancellationToken);
            await new BulkPass(import, scope with { PlanOnly = true }, session, key, new TrustAnchors(import, scope.Catalog, roots), memory, run, convergence, time).ClaimAsync(cancellationToken);
        }
        catch (VerdictException)
        {
            // The connector key has gone first: what status names is what is known.
        }
    }

    private static Outcome<CertificateImportStatus> Left(BulkRun run, BulkMemory memory, string why, bool isWarning) => run.Released(memory.Ledger.Count == 0
        ? []
        : [new ResourceEvent(isWarning, Reasons.Orphaned, $"{memory.Ledger.Count} imported certificates stay in the tenant: {why}")]);

    [LoggerMessage(3101, LogLevel.Warning, "{Owner}: {Reason}: {Problem}")]
    private partial void LogFailure(string owner, string reason, string problem);
}
