using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Brings a user's certificate history into the tenant and keeps it there.</summary>
internal sealed class ImportReconciler(
    TenantGate gate, Convergence convergence, ConnectorKeys keys, BulkImportReconciler bulk, TrustedCertificates roots, TimeProvider time)
    : IResourceReconciler<CertificateImport, CertificateImportStatus>
{
    public async Task<Outcome<CertificateImportStatus>> ReconcileAsync(CertificateImport import, ReconcileScope scope, CancellationToken cancellationToken)
    {
        if (import.Spec.Users is not null)
        {
            return await bulk.ReconcileAsync(import, scope, cancellationToken);
        }

        var run = new ImportRun(import, time);
        if (import.Spec.Suspend)
        {
            return run.Suspended();
        }

        return await run.WorkAsync(async () =>
        {
            if (import.Spec.UserPrincipalName is not { } upn)
            {
                throw VerdictException.Stalled(Reasons.InvalidSpec, "write either spec.userPrincipalName (one user) or spec.users (many users from an escrow)");
            }

            var session = await gate.OpenAsync(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            session.Require(SnapshotPart.ImportedCertificates);
            var tenant = session.Resource!;
            var (user, _, remark) = await FindUserAsync(import, upn, session, cancellationToken);
            var secrets = new SourceSecrets(import, scope.Catalog);
            // While there is nothing to import, and nothing was, the connector's key matters to nobody.
            var needsKey = secrets.List().Count > 0 || import.Status?.Certificates is { Count: > 0 };
            var key = needsKey ? await keys.ReadAsync(tenant, scope.Catalog, cancellationToken) : null;
            using var sources = new ImportSources(import, secrets, new TrustAnchors(import, scope.Catalog, roots), user!, time)
            {
                ConnectorKey = key is null ? null : (tenant.Spec.ConnectorKey!, key),
            };
            var rivals = new ImportRivals(import, scope.Catalog);
            var examined = RefuseContested(rivals, user!, await sources.ExamineAsync(cancellationToken));
            var planOnly = scope.PlanOnly || session.ReadOnly;
            run.Begin(user!, remark, rivals, examined, key?.Fingerprint ?? "", tenant.Spec.ConnectorKey ?? new ConnectorKeySpec());
            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Observer = scope.Observer,
                    Owner = run.Owner,
                    Session = session,
                    Plan = run.Plan,
                    Record = run.Record,
                    // One status write a certificate is enough; drift is announced, because its correction would hide it, and so is another key.
                    Announce = plan => plan.Drift.Count > 0 || run.Rotates(plan) ? scope.ReportProgress(run.Intent(plan), cancellationToken) : Task.CompletedTask,
                    Tries = run.Tries,
                    KeepRemovals = scope.KeepRemovals,
                    Managed = () => ManagedCount.Of(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = import.GetAnnotation(Annotations.ApproveDeletions),
                    Material = sources,
                    PlanOnly = planOnly,
                },
                cancellationToken);
            run.Settle(session.Connection.Current!, arrival.Applied);
            return run.WithNextLook(run.Arrived(arrival, planOnly, null));
        });
    }

    public async Task<Outcome<CertificateImportStatus>> FinalizeAsync(CertificateImport import, ReconcileScope scope, CancellationToken cancellationToken)
    {
        if (import.Spec.Users is not null)
        {
            return await bulk.FinalizeAsync(import, scope, cancellationToken);
        }

        var run = new ImportRun(import, time);
        if (import.Spec.DeletionPolicy == DeletionPolicy.Orphan)
        {
            return run.Released(run.Objects.All.Count == 0
                ? []
                : [new ResourceEvent(false, Reasons.Orphaned, $"{run.Objects.All.Count} imported certificates stay in the tenant: spec.deletionPolicy is Orphan")]);
        }

        return await run.WorkAsync(async () =>
        {
            var session = await gate.OpenForCleanupAsync(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            if (session is null)
            {
                return Cleanup.IsOverdue(import.Metadata, time)
                    ? run.Released([new ResourceEvent(true, Reasons.Orphaned, $"{run.Objects.All.Count} imported certificates stay in the tenant: the Tenant or its credential is gone")])
                    : run.Ended(Verdict.Waiting(Reasons.ReferenceNotFound, Cleanup.WaitingMessage));
            }

            session.Require(SnapshotPart.ImportedCertificates);
            if (session.ReadOnly)
            {
                return run.Ended(Verdict.Waiting(Reasons.ReadOnly, "the Tenant is read-only, so nothing is deleted from it"));
            }

            var rivals = new ImportRivals(import, scope.Catalog);
            await ClaimAsync(import, run, session, scope, cancellationToken);
            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Observer = scope.Observer,
                    Owner = run.Owner,
                    Session = session,
                    Plan = snapshot => run.PlanDeletion(snapshot, rivals),
                    Record = run.Record,
                    Announce = _ => Task.CompletedTask,
                    Tries = run.Tries,
                    KeepRemovals = scope.KeepRemovals,
                    Managed = () => ManagedCount.Of(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = import.GetAnnotation(Annotations.ApproveDeletions),
                },
                cancellationToken);
            return arrival.IsComplete ? run.Released([.. ChangeEvents.Of(arrival)]) : run.Arrived(arrival, planOnly: false, null);
        });
    }

    // A process that was killed right after an upload left no status behind: what the sources name was imported all the same.
    private async Task ClaimAsync(CertificateImport import, ImportRun run, TenantSession session, ReconcileScope scope, CancellationToken cancellationToken)
    {
        if (import.Spec.UserPrincipalName is not { } upn)
        {
            return;
        }

        try
        {
            var (user, _, _) = await FindUserAsync(import, upn, session, cancellationToken);
            var tenant = session.Resource ?? throw VerdictException.Waiting(Reasons.ReferenceNotFound, "spec.tenantRef: the Tenant is gone");
            using var sources = new ImportSources(import, new SourceSecrets(import, scope.Catalog), new TrustAnchors(import, scope.Catalog, roots), user!, time)
            {
                ConnectorKey = (tenant.Spec.ConnectorKey!, await keys.ReadAsync(tenant, scope.Catalog, cancellationToken)),
            };
            run.Claim(user!, RefuseContested(new ImportRivals(import, scope.Catalog), user!, await sources.ExamineAsync(cancellationToken)), session.Snapshot);
        }
        catch (VerdictException)
        {
            // The Tenant, the user or the connector key has gone first: what status names is what is known.
        }
    }

    // One user and thumbprint is one record in the tenant, with one purpose: the older resource keeps it.
    private static IReadOnlyList<ImportSource> RefuseContested(ImportRivals rivals, DirectoryUser user, IReadOnlyList<ImportSource> sources) =>
        [.. sources.Select(s => s.Certificate is { } certificate && rivals.Refuse(user, ImportedCertificate.IdOf(user.Id, certificate.Thumbprint)) is { } conflict
            ? s with { State = CertificateState.Refused, Reason = Reasons.Conflict, Message = $"source {s.Name}: {conflict}" }
            : s)];

    // The name in the spec, followed by the object id that it stood for when it was looked up first.
    private static async Task<FoundUser> FindUserAsync(
        CertificateImport import, string upn, TenantSession session, CancellationToken cancellationToken)
    {
        var users = await UserFinder.FindAsync(session.Connection, [upn], _ => import.Status?.UserId is { } id ? [id] : [], cancellationToken);
        var found = users[upn];
        return found.User is not null
            ? found
            : throw (found.Reason == Reasons.AmbiguousMatch
                ? VerdictException.Stalled(found.Reason, $"spec.userPrincipalName: {found.Message}")
                : VerdictException.Waiting(found.Reason!, $"spec.userPrincipalName: {found.Message}"));
    }
}
