using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Keeps the app, the app policy and the profiles of a SmimePolicy as its spec says.</summary>
internal sealed class PolicyReconciler(TenantGate gate, Convergence convergence, ConvergenceGuard guard, TimeProvider time)
    : IResourceReconciler<SmimePolicy, SmimePolicyStatus>
{
    public async Task<Outcome<SmimePolicyStatus>> ReconcileAsync(SmimePolicy policy, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var run = new Run(policy, time);
        if (policy.Spec.Suspend)
        {
            return run.Suspended();
        }

        if (run.IsNewRequest)
        {
            guard.Forget(run.Owner);
        }

        return await run.WorkAsync(async () =>
        {
            PolicySupport.Check(policy.Spec);
            var session = await gate.OpenAsync(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            session.Require(SnapshotPart.MobileApps, SnapshotPart.AppConfigurations, SnapshotPart.DeviceConfigurations);
            var roots = await TrustedCertificates.ReadAsync(policy, scope.Catalog, cancellationToken);
            var planOnly = scope.PlanOnly || session.ReadOnly;
            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Observer = scope.Observer,
                    Owner = run.Owner,
                    Session = session,
                    Plan = snapshot => run.Plan(snapshot, scope.Catalog, roots),
                    Record = run.Objects.Record,
                    Announce = plan => scope.ReportProgress(run.Progress(plan), cancellationToken),
                    Managed = () => ManagedCount.Of(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = policy.GetAnnotation(Annotations.ApproveDeletions),
                    PlanOnly = planOnly,
                },
                cancellationToken);
            if (arrival.Applied.All(a => a.Fault is null))
            {
                run.Objects.Settle(arrival.Last, run.LastDesired);
                run.ForgetGone(session.Connection.Current!);
            }

            return run.Arrived(arrival, planOnly, Prerequisites.Of(policy.Spec, session));
        });
    }

    public async Task<Outcome<SmimePolicyStatus>> FinalizeAsync(SmimePolicy policy, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var run = new Run(policy, time);
        var name = new ResourceName(policy.Metadata.NamespaceProperty, policy.Metadata.Name);
        var users = scope.Catalog.AssignmentsOf(name).Where(a => a.Metadata.DeletionTimestamp is null).Select(a => a.Metadata.Name).ToList();
        if (users.Count > 0)
        {
            return run.Ended(Verdict.Waiting(Reasons.InUse,
                $"{users.Count} Assignments refer to this policy: {string.Join(", ", users.Order(StringComparer.Ordinal).Take(5))}; delete them first"));
        }

        if (policy.Spec.DeletionPolicy == DeletionPolicy.Orphan)
        {
            return run.Released(Orphaned(run.Objects.All, "spec.deletionPolicy is Orphan"));
        }

        return await run.WorkAsync(async () =>
        {
            var session = await gate.OpenForCleanupAsync(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            if (session is null)
            {
                return Cleanup.IsOverdue(policy.Metadata, time)
                    ? run.Released(Orphaned(run.Objects.All, "the Tenant or its credential is gone"))
                    : run.Ended(Verdict.Waiting(Reasons.ReferenceNotFound, Cleanup.WaitingMessage));
            }

            session.Require(SnapshotPart.MobileApps, SnapshotPart.AppConfigurations, SnapshotPart.DeviceConfigurations);
            if (session.ReadOnly)
            {
                return run.Ended(Verdict.Waiting(Reasons.ReadOnly, "the Tenant is read-only, so nothing is deleted from it"));
            }

            var inUse = AppsOfOthers(policy, scope.Catalog);
            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Observer = scope.Observer,
                    Owner = run.Owner,
                    Session = session,
                    Plan = snapshot => run.PlanDeletion(snapshot, scope.Catalog.ClusterId, inUse),
                    Record = run.Objects.Record,
                    Announce = _ => Task.CompletedTask,
                    Managed = () => ManagedCount.Of(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = policy.GetAnnotation(Annotations.ApproveDeletions),
                },
                cancellationToken);
            return arrival.Applied.Any(a => a.Fault is not null)
                ? run.Arrived(arrival, planOnly: false, null)
                : run.Released([.. ChangeEvents.Of(arrival)]);
        });
    }

    private static IReadOnlyList<ResourceEvent> Orphaned(IEnumerable<OwnedObject> objects, string why) =>
        [.. objects.Select(o => new ResourceEvent(true, Reasons.Orphaned, $"{o.Kind} '{o.Name}' ({o.Id}) stays in the tenant: {why}"))];

    // An app that this policy created may serve others too; their policies name it among their targets.
    private static HashSet<string> AppsOfOthers(SmimePolicy policy, IResourceCatalog catalog) =>
        catalog.PoliciesOf(ResourceReferences.TenantOf(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty)).Any(p => p.Metadata.Uid != policy.Metadata.Uid && p.Metadata.DeletionTimestamp is null)
            ? [.. (policy.Status?.Objects ?? []).Where(o => o.Role == Roles.App).Select(o => o.Id)]
            : [];

    /// <summary>One reconciliation of one policy: its status in the making.</summary>
    private sealed class Run(SmimePolicy policy, TimeProvider time) : ReconcileRun<SmimePolicyStatus>(policy.Metadata, SmimePolicy.KubeKind, policy.Status, time)
    {
        public IReadOnlyList<DesiredObject> LastDesired { get; private set; } = [];

        public PlanningResult Plan(TenantSnapshot snapshot, IResourceCatalog catalog, IReadOnlyDictionary<string, TrustedCertificate> roots)
        {
            var recorded = Objects.All.FirstOrDefault(o => o.Role == Roles.App);
            var app = OutlookAppLocator.Locate(policy.Spec.App, snapshot, recorded?.Id);
            var isOurs = app is not null && OwnershipMark.Find(app.MarkedText) is { } mark
                && mark.ClusterId == catalog.ClusterId && mark.Owner == Owner;
            LastDesired = PolicyDesiredState.Compose(policy, catalog.ClusterId, roots, app, isOurs);
            return ObjectPlanner.Plan(new PlanningInput
            {
                Desired = LastDesired,
                Owned = Objects.All,
                Snapshot = snapshot,
                Drift = policy.Spec.Drift,
                WhenUnwanted = policy.Spec.DeletionPolicy,
            });
        }

        public PlanningResult PlanDeletion(TenantSnapshot snapshot, string clusterId, IReadOnlySet<string> inUse)
        {
            var marked = FoundByMark(snapshot, clusterId);
            return ObjectPlanner.Plan(new PlanningInput
            {
                Desired = [],
                Owned = [.. Objects.All, .. marked.Where(m => Objects.All.All(o => o.Id != m.Id))],
                Snapshot = snapshot,
                Drift = policy.Spec.Drift,
                Deleting = true,
                InUse = inUse,
            });
        }

        /// <summary>Drops records of objects that are neither wanted nor there any more.</summary>
        public void ForgetGone(TenantSnapshot snapshot) => Objects.Forget(o =>
            LastDesired.All(d => d.Role != o.Role) && (ObjectShapes.Of(o.Kind) is not { } shape || snapshot.Find(shape.Collection, o.Id) is null));

        // Status may not know what a killed predecessor made: the marks do.
        private IEnumerable<OwnedObject> FoundByMark(TenantSnapshot snapshot, string clusterId) =>
            from collection in snapshot.Objects.Values
            from found in collection.Values
            let mark = OwnershipMark.Find(found.MarkedText)
            where mark is not null && mark.ClusterId == clusterId && mark.Owner == Owner
            select new OwnedObject { Kind = found.Type, Id = found.Id, Name = found.DisplayName, Role = mark.Role, Created = !mark.Adopted };

        protected override SmimePolicyStatus NewStatus() => new();
    }
}
