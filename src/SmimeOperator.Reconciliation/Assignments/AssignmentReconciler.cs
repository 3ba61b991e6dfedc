using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Assigns a policy's objects, and the app, to the people that its Assignments name.</summary>
internal sealed class AssignmentReconciler(TenantGate gate, AppTurns apps, Convergence convergence, TimeProvider time)
    : IResourceReconciler<Assignment, AssignmentStatus>
{
    public Task<Outcome<AssignmentStatus>> ReconcileAsync(Assignment assignment, ReconcileScope scope, CancellationToken cancellationToken) =>
        RunAsync(assignment, scope, deleting: false, cancellationToken);

    public Task<Outcome<AssignmentStatus>> FinalizeAsync(Assignment assignment, ReconcileScope scope, CancellationToken cancellationToken) =>
        RunAsync(assignment, scope, deleting: true, cancellationToken);

    private async Task<Outcome<AssignmentStatus>> RunAsync(Assignment assignment, ReconcileScope scope, bool deleting, CancellationToken cancellationToken)
    {
        var run = new AssignmentRun(assignment, time);
        return assignment.Spec.Suspend && !deleting ? run.Suspended() : await run.WorkAsync(() => RunAsync(run, assignment, scope, deleting, cancellationToken));
    }

    private async Task<Outcome<AssignmentStatus>> RunAsync(
        AssignmentRun run, Assignment assignment, ReconcileScope scope, bool deleting, CancellationToken cancellationToken)
    {
        var catalog = scope.Catalog;
        var policyName = new ResourceName(assignment.Metadata.NamespaceProperty, assignment.Spec.PolicyRef.Name);
        var policy = catalog.FindPolicy(policyName);
        if (policy is null)
        {
            return deleting
                ? run.Released([])
                : run.Ended(Verdict.Waiting(Reasons.ReferenceNotFound, $"spec.policyRef: there is no SmimePolicy {policyName}"));
        }

        var session = deleting
            ? await gate.OpenForCleanupAsync(policy.Spec.TenantRef, policyName.Namespace, catalog, cancellationToken)
            : await gate.OpenAsync(policy.Spec.TenantRef, policyName.Namespace, catalog, cancellationToken);
        if (session is null)
        {
            return Cleanup.IsOverdue(assignment.Metadata, time)
                ? run.Released([new ResourceEvent(true, Reasons.Orphaned, "the assignments stay in the tenant: the Tenant or its credential is gone")])
                : run.Ended(Verdict.Waiting(Reasons.ReferenceNotFound, Cleanup.WaitingMessage));
        }

        session.Require(SnapshotPart.MobileApps, SnapshotPart.AppConfigurations, SnapshotPart.DeviceConfigurations);
        if (deleting && session.ReadOnly)
        {
            return run.Ended(Verdict.Waiting(Reasons.ReadOnly, "the Tenant is read-only, so nothing is unassigned in it"));
        }

        var objects = PolicyObjects.Of(policy, session.Snapshot, catalog.AssignmentsOf(policyName).Prepend(assignment).SelectMany(a => a.Status?.Objects ?? []));
        if (!deleting && objects.All(o => o.Role != Roles.AppPolicy))
        {
            var why = policy.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Message ?? "it was not reconciled yet";
            return run.Ended(Verdict.Waiting(Reasons.DependencyNotReady, $"SmimePolicy {policyName} has no app policy in the tenant yet: {why}"));
        }

        var planOnly = scope.PlanOnly || session.ReadOnly;
        // Whoever asks for a group after a start is followed by those who ask for the others.
        var resolver = new TargetResolver(session, FilterReach.Of(policy.Spec), () => catalog
            .PoliciesOf(ResourceReferences.TenantOf(policy.Spec.TenantRef, policyName.Namespace))
            .SelectMany(p => catalog.AssignmentsOf(new ResourceName(p.Metadata.NamespaceProperty, p.Metadata.Name))));
        var own = deleting ? null : await resolver.ResolveAsync(assignment, cancellationToken);
        run.Begin(own);
        if (run.HasUnrecordedTargets && !planOnly)
        {
            // An app's other assignments are nobody's to remove: what will be ours there is on record before it is made.
            await scope.ReportProgress(run.Progress($"assigning to {own!.Targets.Count} targets"), cancellationToken);
        }

        // The directory is asked before the turn, which others wait for; within it the answers are at hand.
        await ResolveAllAsync(resolver, SiblingsOf(assignment, policyName, catalog), cancellationToken);
        using var turn = await apps.TakeAsync(ResourceReferences.TenantOf(policy.Spec.TenantRef, policyName.Namespace), cancellationToken);
        session = session with { Snapshot = session.Connection.Current! };
        session.Require(SnapshotPart.MobileApps, SnapshotPart.AppConfigurations, SnapshotPart.DeviceConfigurations);
        var siblings = SiblingsOf(assignment, policyName, catalog);
        var (others, unknown) = await ResolveAllAsync(resolver, siblings, cancellationToken);
        if (deleting && unknown is not null)
        {
            // Once the finalizer is gone nobody would remember what this Assignment brought.
            return run.Ended(Verdict.Waiting(Reasons.DependencyNotReady,
                $"Assignment {unknown} of the same policy cannot tell yet whom it needs, so nothing is unassigned; mend or delete it"));
        }

        run.Begin(objects, AssignmentMerge.Merge(own is null ? others : [own, .. others]));
        var heir = run.Heir(siblings, others);
        if (deleting && heir is not null)
        {
            return run.Ended(Verdict.Waiting(Reasons.DependencyNotReady,
                $"Assignment {heir} of the same policy wants what this one brought and has not taken it over yet; resume, mend or delete it if it does not by itself"));
        }

        var appOfOthers = AppTargetsOfOthers(policy, catalog);
        var arrival = await convergence.RunAsync(
            new Journey
            {
                Observer = scope.Observer,
                Owner = run.Owner,
                Session = session,
                Plan = snapshot => AssignmentPlanner.Plan(new AssignmentPlanningInput
                {
                    Objects = objects,
                    FormerApps = run.FormerApps,
                    Wanted = run.Wanted,
                    Ours = run.Ours(siblings),
                    Postponed = planOnly ? new HashSet<(TargetKind, string?)>() : run.Unrecorded(siblings),
                    OursOnApp = run.OursOnApp(siblings),
                    AppOfOthers = appOfOthers,
                    RemoveForeign = !deleting && siblings.Append(assignment).All(a => a.Spec.Foreign == ForeignAssignments.Remove),
                    AddOnly = unknown is not null,
                    Owned = run.Objects.All,
                    Snapshot = snapshot,
                    Drift = assignment.Spec.Drift,
                    Deleting = deleting,
                }),
                Record = _ => { },
                Announce = plan => plan.Drift.Count > 0 ? scope.ReportProgress(run.Progress(plan), cancellationToken) : Task.CompletedTask,
                Tries = run.Tries,
                KeepRemovals = scope.KeepRemovals,
                Managed = () => ManagedCount.Of(policy.Spec.TenantRef, policyName.Namespace, catalog),
                Approval = assignment.GetAnnotation(Annotations.ApproveDeletions),
                PlanOnly = planOnly,
            },
            cancellationToken);
        run.Settle(arrival, isComplete: unknown is null && heir is null);
        return deleting && arrival.IsComplete
            ? run.Released([.. ChangeEvents.Of(arrival)])
            : run.Arrived(arrival, planOnly, null);
    }

    private static List<Assignment> SiblingsOf(Assignment assignment, ResourceName policy, IResourceCatalog catalog) =>
        [.. catalog.AssignmentsOf(policy).Where(a => a.Metadata.DeletionTimestamp is null && a.Metadata.Uid != assignment.Metadata.Uid)];

    // A sibling whose names cannot be resolved stops itself; here it only means that nothing may be taken away.
    private static async Task<(IReadOnlyList<ResolvedAssignment> Resolved, string? Unknown)> ResolveAllAsync(
        TargetResolver resolver, IReadOnlyList<Assignment> siblings, CancellationToken cancellationToken)
    {
        var resolved = new List<ResolvedAssignment>();
        string? unknown = null;
        foreach (var sibling in siblings)
        {
            try
            {
                resolved.Add(await resolver.ResolveAsync(sibling, cancellationToken));
            }
            catch (VerdictException)
            {
                unknown ??= sibling.Metadata.Name;
            }
        }

        return (resolved, unknown);
    }

    private static HashSet<(TargetKind, string?)> AppTargetsOfOthers(SmimePolicy policy, IResourceCatalog catalog) =>
    [
        .. catalog.PoliciesOf(ResourceReferences.TenantOf(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty))
            .Where(p => p.Metadata.Uid != policy.Metadata.Uid)
            .SelectMany(p => catalog.AssignmentsOf(new ResourceName(p.Metadata.NamespaceProperty, p.Metadata.Name)))
            .Where(a => a.Metadata.DeletionTimestamp is null && a.Spec.App.Intent != AppIntent.None)
            .SelectMany(AssignmentRun.KeysOf),
    ];
}
