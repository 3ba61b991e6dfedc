using System.Text.Json;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Keeps the app, the app policy and the profiles of a SmimePolicy as its spec says.</summary>
internal sealed class PolicyReconciler(
    TenantGate gate, Convergence convergence, DeliveryWatch deliveries, AppTurns apps, Predecessor predecessor, TrustedCertificates roots, TimeProvider time)
    : IResourceReconciler<SmimePolicy, SmimePolicyStatus>
{
    public async Task<Outcome<SmimePolicyStatus>> ReconcileAsync(SmimePolicy policy, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var run = new Run(policy, time);
        if (policy.Spec.Suspend)
        {
            return run.Suspended();
        }

        var outcome = await run.WorkAsync(async () =>
        {
            PolicySupport.Check(policy.Spec);
            Adoption.CheckRivals(policy, scope.Catalog);
            var session = await gate.OpenAsync(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty, scope.Catalog, cancellationToken);
            session.Require(SnapshotPart.MobileApps, SnapshotPart.AppConfigurations, SnapshotPart.DeviceConfigurations);
            if (DerivedCredentials.AreUsedBy(policy.Spec))
            {
                session.Require(SnapshotPart.DerivedCredentials);
            }

            var certificates = await roots.ReadAsync(policy, scope.Catalog, time.GetUtcNow(), cancellationToken);
            using var turn = run.MissesApp(session.Snapshot)
                ? await apps.TakeAsync(ResourceReferences.TenantOf(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty), cancellationToken)
                : null;
            session = session with { Snapshot = session.Connection.Current! };
            var planOnly = scope.PlanOnly || session.ReadOnly;
            PlanningResult Plan(TenantSnapshot snapshot) => run.Plan(snapshot, scope.Catalog, certificates, session.Resource?.Spec.Undocumented);
            if (!planOnly)
            {
                session = await predecessor.SeeAsync(
                    run.Owner, session, s => [.. run.Hidden(s, scope.Catalog.ClusterId, Plan(s)), .. run.MissesApp(s) ? predecessor.HiddenApps(policy, scope.Catalog) : []], cancellationToken);
                run.Saw();
            }

            var arrival = await convergence.RunAsync(
                new Journey
                {
                    Observer = scope.Observer,
                    Owner = run.Owner,
                    Session = session,
                    Plan = Plan,
                    Record = run.Objects.Record,
                    Announce = plan => scope.ReportProgress(run.Intent(plan), cancellationToken),
                    Tries = run.Tries,
                    KeepRemovals = scope.KeepRemovals,
                    Managed = () => ManagedCount.Of(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = policy.GetAnnotation(Annotations.ApproveDeletions),
                    PlanOnly = planOnly,
                },
                cancellationToken);
            if (arrival.IsComplete)
            {
                run.Objects.Settle(arrival.Last, run.LastDesired);
                run.ForgetGone(session.Connection.Current!);
            }

            if (!scope.PlanOnly)
            {
                run.Delivery = await deliveries.LookAsync(run.Owner, policy.Spec.Delivery, run.Delivery, run.Objects.All, session, cancellationToken);
            }

            run.Found = Prerequisites.Of(policy, session, scope.Catalog, run.Objects.All);
            return run.Arrived(arrival, planOnly, Prerequisites.Summarise(run.Found));
        });
        return outcome.Retry ? outcome : outcome with { RequeueAfter = outcome.RequeueAfter ?? deliveries.Remaining(run.Owner) };
    }

    public async Task<Outcome<SmimePolicyStatus>> FinalizeAsync(SmimePolicy policy, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var run = new Run(policy, time);
        deliveries.Forget(run.Owner);
        var name = new ResourceName(policy.Metadata.NamespaceProperty, policy.Metadata.Name);
        var users = scope.Catalog.AssignmentsOf(name).ToLookup(a => a.Metadata.DeletionTimestamp is not null, a => a.Metadata.Name);
        if (users[false].ToList() is { Count: > 0 } staying)
        {
            return run.Ended(Verdict.Waiting(Reasons.InUse, $"{staying.Count} Assignments refer to this policy: {Some(staying)}; delete them first"));
        }

        if (users[true].ToList() is { Count: > 0 } going)
        {
            // Only through the policy do they find the tenant, and with it the app, where their targets would stay behind.
            return run.Ended(Verdict.Waiting(Reasons.Progressing, $"{going.Count} Assignments of this policy are being deleted: {Some(going)}"));
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

            session = await predecessor.SeeAsync(run.Owner, session, s => run.Hidden(s, scope.Catalog.ClusterId, plan: null), cancellationToken);
            run.Saw();
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
                    Tries = run.Tries,
                    KeepRemovals = scope.KeepRemovals,
                    Managed = () => ManagedCount.Of(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty, scope.Catalog),
                    Approval = policy.GetAnnotation(Annotations.ApproveDeletions),
                },
                cancellationToken);
            if (!arrival.IsComplete)
            {
                return run.Arrived(arrival, planOnly: false, null);
            }

            predecessor.Forget(run.Owner);
            return run.Released([.. ChangeEvents.Of(arrival)]);
        });
    }

    private static string Some(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Take(5));

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
        private Verdict? _postponed;
        private List<string>? _begun = policy.Status?.Creating;

        public IReadOnlyList<DesiredObject> LastDesired { get; private set; } = [];

        /// <summary>What was found of the prerequisites; until they were looked at, what was found before.</summary>
        public List<PrerequisiteStatus>? Found { get; set; } = policy.Status?.Prerequisites;

        /// <summary>What has reached devices.</summary>
        public DeliveryStatus? Delivery { get; set; } = policy.Spec.Delivery is null ? null : policy.Status?.Delivery;

        /// <summary>Whether the app has to be made.</summary>
        public bool MissesApp(TenantSnapshot snapshot) => OutlookAppLocator.Locate(policy.Spec.App, snapshot, AppId) is null;

        /// <summary>The status while work is in hand: it names what is about to be made. None that follows does, for what was sent was answered or looked up by then.</summary>
        public SmimePolicyStatus Intent(PlanningResult plan)
        {
            var status = Progress(plan);
            var roles = Convergence.CreationsOf(plan.Plan.Changes).Order(StringComparer.Ordinal).ToList();
            status.Creating = roles.Count > 0 ? roles : null;
            return status;
        }

        /// <summary>What a run before this one may have made and the snapshot does not show: what it had begun, and what is on record and would be made once more.</summary>
        public IReadOnlyCollection<string> Hidden(TenantSnapshot snapshot, string clusterId, PlanningResult? plan)
        {
            var shown = Unrecorded(snapshot, clusterId).Select(o => o.Role).ToHashSet();
            var lacking = plan is null
                ? Objects.All.Where(o => o.Created && IsLacking(o, snapshot)).Select(o => o.Role)
                : plan.Plan.Changes.Where(c => c.Missing is not null).Select(c => c.Role);
            return [.. (_begun ?? []).Where(r => !shown.Contains(r)).Concat(lacking).Distinct()];
        }

        /// <summary>What was begun before is known to be there or not.</summary>
        public void Saw() => _begun = null;

        private string? AppId => Objects.All.FirstOrDefault(o => o.Role == Roles.App)?.Id;

        public PlanningResult Plan(
            TenantSnapshot snapshot, IResourceCatalog catalog, IReadOnlyDictionary<string, IReadOnlyList<TrustedCertificate>> certificates, UndocumentedSpec? undocumented)
        {
            var app = OutlookAppLocator.Locate(policy.Spec.App, snapshot, AppId);
            var isOurs = app is not null && Marks.Of(app) is { } mark
                && mark.ClusterId == catalog.ClusterId && mark.Owner == Owner;
            LastDesired =
            [
                .. PolicyDesiredState.Compose(policy, catalog.ClusterId, new PolicyFacts
                {
                    Roots = [.. certificates.SelectMany(c => TrustedRoots.Place(c.Key, c.Value, role => ProfileOf(role, snapshot, catalog.ClusterId)))],
                    App = app,
                    AppIsOurs = isOurs,
                    Issuer = DerivedCredentials.Locate(policy.Spec, snapshot.DerivedCredentials),
                    Undocumented = undocumented,
                }),
                .. Android(snapshot, catalog.ClusterId),
            ];
            Adoption.Check(policy.Spec, LastDesired);
            return ObjectPlanner.Plan(new PlanningInput
            {
                Desired = LastDesired,
                Owned = [.. Objects.All, .. Unwanted(snapshot, catalog.ClusterId)],
                Snapshot = snapshot,
                Drift = policy.Spec.Drift,
                WhenUnwanted = policy.Spec.DeletionPolicy,
                OnExternalDelete = policy.Spec.OnExternalDelete,
            });
        }

        // A missing Android app keeps nothing from the other platforms, and takes nothing away that is there already.
        private IEnumerable<DesiredObject> Android(TenantSnapshot snapshot, string clusterId)
        {
            _postponed = null;
            if (policy.Spec.Platforms?.Android is not { } android)
            {
                return [];
            }

            var (app, problem) = AndroidOutlook.Locate(android.App, snapshot);
            _postponed = problem;
            var isThere = Objects.All.Concat(Unrecorded(snapshot, clusterId)).FirstOrDefault(o => o.Role == Roles.AndroidAppPolicy) is { } known
                && snapshot.Find(TenantCollection.AppConfigurations, known.Id) is not null;
            return app is null && !isThere ? [] : [AndroidOutlook.AppPolicy(new PolicyContext(policy, clusterId), android, app?.Id)];
        }

        protected override Verdict Judge(Arrival arrival, bool planOnly)
        {
            var verdict = base.Judge(arrival, planOnly);
            return verdict.Kind == VerdictKind.Ready && _postponed is not null ? _postponed : verdict;
        }

        public PlanningResult PlanDeletion(TenantSnapshot snapshot, string clusterId, IReadOnlySet<string> inUse)
        {
            return ObjectPlanner.Plan(new PlanningInput
            {
                Desired = [],
                Owned = [.. Objects.All, .. Unrecorded(snapshot, clusterId)],
                Snapshot = snapshot,
                Drift = policy.Spec.Drift,
                Deleting = true,
                InUse = inUse,
            });
        }

        /// <summary>Drops records of objects that are neither wanted nor there any more.</summary>
        public void ForgetGone(TenantSnapshot snapshot) => Objects.Forget(o => LastDesired.All(d => d.Role != o.Role) && IsLacking(o, snapshot));

        private static bool IsLacking(OwnedObject recorded, TenantSnapshot snapshot) =>
            ObjectShapes.Of(recorded.Kind) is not { } shape || snapshot.Find(shape.Collection, recorded.Id) is null;

        // What is in the profile of a trusted certificate; null where there is none.
        private byte[]? ProfileOf(string role, TenantSnapshot snapshot, string clusterId)
        {
            var id = (Objects.All.FirstOrDefault(o => o.Role == role) ?? Unrecorded(snapshot, clusterId).FirstOrDefault(o => o.Role == role))?.Id;
            return id is null ? null
                : snapshot.Find(TenantCollection.DeviceConfigurations, id)?.Properties is { } properties
                    && properties.TryGetProperty("trustedRootCertificate", out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var der)
                ? der
                : [];
        }

        // Status may not know what a killed predecessor made: the marks do.
        private IEnumerable<OwnedObject> Unrecorded(TenantSnapshot snapshot, string clusterId) =>
            from collection in snapshot.Objects.Values
            from found in collection.Values
            let mark = Marks.Of(found)
            where mark is not null && mark.ClusterId == clusterId && mark.Owner == Owner && Objects.All.All(o => o.Id != found.Id) && !Objects.HasReleased(found.Id)
            select new OwnedObject { Kind = found.Type, Id = found.Id, Name = found.DisplayName, Role = mark.Role, Created = !mark.Adopted };

        // What a killed predecessor made, and the spec has dropped since. An app is left to whoever uses it.
        private IEnumerable<OwnedObject> Unwanted(TenantSnapshot snapshot, string clusterId) => policy.Spec.DeletionPolicy == DeletionPolicy.Delete
            ? Unrecorded(snapshot, clusterId).Where(o => o.Created && !Roles.IsApp(o.Role) && LastDesired.All(d => d.Role != o.Role))
            : [];

        protected override SmimePolicyStatus NewStatus() => new() { Prerequisites = Found is { Count: > 0 } ? Found : null, Delivery = Delivery, Creating = _begun };
    }
}
