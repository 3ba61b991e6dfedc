using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Brings a user's certificate history into the tenant and keeps it there.</summary>
internal sealed class ImportReconciler(TenantGate gate, Convergence convergence, ConnectorKeys keys, TimeProvider time)
    : IResourceReconciler<CertificateImport, CertificateImportStatus>
{
    public async Task<Outcome<CertificateImportStatus>> ReconcileAsync(CertificateImport import, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var run = new ImportRun(import, time);
        if (import.Spec.Suspend)
        {
            return run.Suspended();
        }

        return await run.WorkAsync(async () =>
        {
            if (import.Spec.Users is not null || import.Spec.UserPrincipalName is not { } upn)
            {
                throw VerdictException.Stalled(Reasons.NotSupported, "this version does not realise spec.users; write one CertificateImport for each user");
            }

            var session = await gate.OpenAsync(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            session.Require(SnapshotPart.ImportedCertificates);
            var tenant = session.Resource!;
            var users = await session.Connection.FindUsersAsync([upn], cancellationToken);
            var user = users.Values.FirstOrDefault(u => string.Equals(u.UserPrincipalName, upn, StringComparison.OrdinalIgnoreCase))
                ?? throw VerdictException.Waiting(Reasons.UserNotFound, $"spec.userPrincipalName: there is no user {upn} in the directory");
            var key = await keys.ReadAsync(tenant, scope.Catalog, cancellationToken);
            using var sources = new ImportSources(import, new SourceSecrets(import, scope.Catalog), user, time)
            {
                ConnectorKey = (tenant.Spec.ConnectorKey!, key),
            };
            var examined = RefuseContested(import, scope.Catalog, user, await sources.ExamineAsync(cancellationToken));
            var planOnly = scope.PlanOnly || session.ReadOnly;
            run.Begin(user, examined, key.Fingerprint, tenant.Spec.ConnectorKey!);
            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Observer = scope.Observer,
                    Owner = run.Owner,
                    Session = session,
                    Plan = run.Plan,
                    Record = run.Record,
                    // One status write a certificate is enough; drift is announced, because its correction would hide it.
                    Announce = plan => plan.Drift.Count > 0 ? scope.ReportProgress(run.Progress(plan), cancellationToken) : Task.CompletedTask,
                    Tries = run.Tries,
                    KeepRemovals = scope.KeepRemovals,
                    Managed = () => ManagedCount.Of(import.Spec.TenantRef, import.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = import.GetAnnotation(Annotations.ApproveDeletions),
                    Material = sources,
                    PlanOnly = planOnly,
                },
                cancellationToken);
            run.Settle(session.Connection.Current!);
            return run.WithNextLook(run.Arrived(arrival, planOnly, null));
        });
    }

    public async Task<Outcome<CertificateImportStatus>> FinalizeAsync(CertificateImport import, ReconcileScope scope, CancellationToken cancellationToken)
    {
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

            var claimed = ClaimedByOthers(import, scope.Catalog);
            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Observer = scope.Observer,
                    Owner = run.Owner,
                    Session = session,
                    Plan = snapshot => run.PlanDeletion(snapshot, claimed),
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

    // One user and thumbprint is one record in the tenant, with one purpose: the older resource keeps it.
    private static IReadOnlyList<ImportSource> RefuseContested(
        CertificateImport import, IResourceCatalog catalog, DirectoryUser user, IReadOnlyList<ImportSource> sources)
    {
        var rivals = Others(import, catalog).Where(o => o.Spec.Purpose != import.Spec.Purpose && IsOlder(o, import)).ToList();
        return rivals.Count == 0
            ? sources
            : [.. sources.Select(s => Rival(s) is { } rival
                ? s with
                {
                    State = CertificateState.Refused,
                    Reason = Reasons.Conflict,
                    Message = $"source {s.Name}: CertificateImport {rival.Metadata.Name} imports the same certificate for {rival.Spec.Purpose}, and the service keeps one record for a user and certificate; remove it from one of the two",
                }
                : s)];

        CertificateImport? Rival(ImportSource source) => source.Certificate is { } certificate
            ? rivals.FirstOrDefault(r => (r.Status?.Objects ?? []).Any(o => o.Id == ImportedCertificate.IdOf(user.Id, certificate.Thumbprint)))
            : null;
    }

    private static HashSet<string> ClaimedByOthers(CertificateImport import, IResourceCatalog catalog) =>
        [.. Others(import, catalog).SelectMany(o => o.Status?.Objects ?? []).Select(o => o.Id)];

    private static IEnumerable<CertificateImport> Others(CertificateImport import, IResourceCatalog catalog) =>
        import.Spec.UserPrincipalName is { } upn
            ? catalog.ImportsOfUser(ResourceReferences.TenantOf(import.Spec.TenantRef, import.Metadata.NamespaceProperty), upn)
                .Where(o => o.Metadata.Uid != import.Metadata.Uid && o.Metadata.DeletionTimestamp is null)
            : [];

    private static bool IsOlder(CertificateImport one, CertificateImport other) =>
        (one.Metadata.CreationTimestamp ?? default, one.Metadata.Uid).CompareTo((other.Metadata.CreationTimestamp ?? default, other.Metadata.Uid)) < 0;
}
