using Microsoft.Extensions.Logging;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What became of one change.</summary>
/// <param name="Change">The change.</param>
/// <param name="Result">The object after it, where there is one.</param>
/// <param name="RequestId">The client-request-id it was sent with.</param>
/// <param name="Fault">What the service answered where it failed.</param>
internal sealed record AppliedChange(PlannedChange Change, TenantObject? Result, string? RequestId, TenantException? Fault)
{
    /// <summary>Why there was nothing to send: what was to be uploaded could not be read any more, for example.</summary>
    public Verdict? Obstacle { get; init; }

    /// <summary>Whether it failed and may have been made all the same.</summary>
    public bool MayHaveArrived => Fault is { IsTransient: true, Kind: not FaultKind.Throttled };

    /// <summary>What it means for the resource that the change was not made; null when it was.</summary>
    public Verdict? Failure => Obstacle ?? (Fault is null ? null : Verdict.Of(Fault));
}

/// <summary>Makes the changes of a plan. The only way by which the tenant is ever changed.</summary>
internal sealed partial class Applier(AuditLog audit, TimeProvider time, ILogger<Applier> logger)
{
    // How long a created object may stay invisible before a lost answer counts as "not made" (intune.md §2.6: briefly invisible).
    private static readonly TimeSpan[] LookUpDelays = [TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(20)];

    /// <summary>The same for whoever did not see the creation begin.</summary>
    internal static readonly TimeSpan Horizon = LookUpDelays.Aggregate((sum, delay) => sum + delay);

    /// <summary>Makes the changes of one stage side by side; a fault of one stops none of the others.</summary>
    public async Task<IReadOnlyList<AppliedChange>> ApplyAsync(
        IIntuneTenant tenant, string owner, IReadOnlyList<PlannedChange> changes, IImportMaterial? material, CancellationToken cancellationToken) =>
        await Task.WhenAll(changes.Select(change => ApplyAsync(tenant, owner, change, material, cancellationToken)));

    private async Task<AppliedChange> ApplyAsync(
        IIntuneTenant tenant, string owner, PlannedChange change, IImportMaterial? material, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(tenant, owner, change, material, cancellationToken);
        }
        catch (TenantException fault)
        {
            LogFailed(owner, change.Action, change.Type, change.Id ?? "", change.Name, fault.Kind, fault.Message, fault.ClientRequestId ?? "");
            return new AppliedChange(change, null, fault.ClientRequestId, fault);
        }
        catch (VerdictException obstacle)
        {
            return new AppliedChange(change, null, null, null) { Obstacle = obstacle.Verdict };
        }
    }

    private async Task<AppliedChange> SendAsync(
        IIntuneTenant tenant, string owner, PlannedChange change, IImportMaterial? material, CancellationToken cancellationToken)
    {
        var lane = change.Cause switch
        {
            ChangeCause.Drift => RequestLane.Refresh,
            ChangeCause.Deletion => RequestLane.Delete,
            _ when change.Action is ChangeAction.Create or ChangeAction.Import => RequestLane.Create,
            _ => RequestLane.Change,
        };
        switch (change.Step)
        {
            case ChangeStep.CreateObject create:
                return await CreateAsync(tenant, owner, change, create.Desired, lane, cancellationToken);
            case ChangeStep.UpdateObject update:
                return await UpdateAsync(tenant, owner, change, update, lane, cancellationToken);
            case ChangeStep.AssignObject assign:
                var assigned = await tenant.AssignAsync(assign.Current, assign.Assignments, lane, cancellationToken);
                audit.Wrote(AuditVerb.Assign, owner, change, assign.Current.Id, assigned.ClientRequestId);
                return new AppliedChange(change, assigned.Value, assigned.ClientRequestId, null);
            case ChangeStep.DeleteObject delete:
                var deleted = await tenant.DeleteAsync(delete.Collection, delete.Id, lane, cancellationToken);
                audit.Wrote(AuditVerb.Delete, owner, change, delete.Id, deleted.ClientRequestId);
                return new AppliedChange(change, null, deleted.ClientRequestId, null);
            case ChangeStep.DeleteImport delete:
                var removed = await tenant.DeleteImportAsync(delete.Id, lane, cancellationToken);
                audit.Wrote(AuditVerb.Delete, owner, change, delete.Id, removed.ClientRequestId);
                return new AppliedChange(change, null, removed.ClientRequestId, null);
            case ChangeStep.ImportCertificate import:
                using (var upload = await material!.ComposeAsync(import.Thumbprint, withKey: !tenant.IsDryRun, cancellationToken))
                {
                    var imported = await tenant.ImportAsync(upload.Body, upload.UserId, lane, cancellationToken);
                    audit.Wrote(AuditVerb.Import, owner, change, imported.Value.Id, imported.ClientRequestId);
                    return new AppliedChange(change, null, imported.ClientRequestId, null);
                }

            default:
                return new AppliedChange(change, null, null, null);
        }
    }

    // A PATCH that changes nothing can still take something from people, so fields and references are sent only where they differ.
    private async Task<AppliedChange> UpdateAsync(
        IIntuneTenant tenant, string owner, PlannedChange change, ChangeStep.UpdateObject update, RequestLane lane, CancellationToken cancellationToken)
    {
        var references = update.Desired.References.Where(r => change.Differences.Any(d => d.Path == "/" + r.Navigation)).ToList();
        Written<TenantObject>? written = null;
        if (change.Differences.Count > references.Count)
        {
            written = await tenant.UpdateAsync(update.Current, update.Desired.BodyOver(update.Current), lane, cancellationToken);
            audit.Wrote(AuditVerb.Update, owner, change, update.Current.Id, written.ClientRequestId);
        }

        foreach (var reference in references)
        {
            written = await tenant.BindAsync(update.Current, reference.Navigation, reference.Path, lane, cancellationToken);
            audit.Wrote(AuditVerb.Bind, owner, change, update.Current.Id, written.ClientRequestId);
        }

        return new AppliedChange(change, written?.Value, written?.ClientRequestId, null);
    }

    // A creation whose answer was lost may have been made: it is looked up by its mark before it is repeated.
    private async Task<AppliedChange> CreateAsync(
        IIntuneTenant tenant, string owner, PlannedChange change, DesiredObject desired, RequestLane lane, CancellationToken cancellationToken)
    {
        TenantException lost;
        try
        {
            var created = await tenant.CreateAsync(desired.Shape.Collection, desired.CreationBody, lane, cancellationToken);
            audit.Wrote(AuditVerb.Create, owner, change, created.Value.Id, created.ClientRequestId);
            return new AppliedChange(change, created.Value, created.ClientRequestId, null);
        }
        catch (TenantException fault) when (fault.Kind == FaultKind.OutcomeUnknown)
        {
            lost = fault;
        }

        foreach (var delay in LookUpDelays)
        {
            await Task.Delay(delay, time, cancellationToken);
            var snapshot = await tenant.RereadAsync(PartOf(desired.Shape.Collection), cancellationToken);
            if (snapshot.All(desired.Shape.Collection).FirstOrDefault(o => desired.Mark.SameObject(Marks.Of(o))) is { } found)
            {
                audit.Wrote(AuditVerb.Create, owner, change, found.Id, lost.ClientRequestId);
                return new AppliedChange(change, found, lost.ClientRequestId, null);
            }
        }

        // Not there after half a minute: it was not made, and the next plan makes it.
        return new AppliedChange(change, null, lost.ClientRequestId, lost);
    }

    /// <summary>The part of the snapshot that shows a collection.</summary>
    internal static SnapshotPart PartOf(TenantCollection collection) => collection switch
    {
        TenantCollection.MobileApps => SnapshotPart.MobileApps,
        TenantCollection.AppConfigurations => SnapshotPart.AppConfigurations,
        _ => SnapshotPart.DeviceConfigurations,
    };

    [LoggerMessage(3002, LogLevel.Warning, "{Owner}: {Action} {Type} {Id} ({Name}) failed, {Kind}: {Problem}, client-request-id {RequestId}")]
    private partial void LogFailed(
        string owner, ChangeAction action, string type, string id, string name, FaultKind kind, string problem, string requestId);
}
