using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Something that happened, for the people who watch events and the audit log.</summary>
/// <param name="IsWarning">Whether a person should look at it.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">For a person; never carries a secret.</param>
public sealed record ResourceEvent(bool IsWarning, string Reason, string Message);

/// <summary>What a reconciliation brought.</summary>
/// <typeparam name="TStatus">The kind's status.</typeparam>
public sealed record Outcome<TStatus>
    where TStatus : ResourceStatus
{
    /// <summary>The status to write, if it differs from what is there.</summary>
    public required TStatus Status { get; init; }

    /// <summary>When to look again without being woken; null means a change of the resource or of the tenant will wake it.</summary>
    public TimeSpan? RequeueAfter { get; init; }

    /// <summary>Whether the work ended short of its goal for a passing cause: look again with growing delays.</summary>
    public bool Retry { get; init; }

    /// <summary>What happened.</summary>
    public IReadOnlyList<ResourceEvent> Events { get; init; } = [];

    /// <summary>What was planned against the tenant as it was found.</summary>
    public Plan Plan { get; init; } = Plan.Empty;

    /// <summary>For a deletion: the finalizer can go.</summary>
    public bool Released { get; init; }

    /// <summary>For a Tenant: what differs from the read before.</summary>
    public SnapshotChange? Change { get; init; }
}

/// <summary>What a reconciliation may use.</summary>
/// <param name="Catalog">The resources it may refer to.</param>
/// <param name="ReportProgress">Writes a status in the middle of the work: before objects are made, and when drift was found that is now corrected.</param>
/// <param name="PlanOnly">Plan and report; change nothing, whatever the Tenant's mode.</param>
public sealed record ReconcileScope(
    IResourceCatalog Catalog, Func<ResourceStatus, CancellationToken, Task> ReportProgress, bool PlanOnly = false)
{
    /// <summary>Writes into a Tenant's status what its guard counts; without it the counts end with the process.</summary>
    public KeepRemovals? KeepRemovals { get; init; }

    /// <summary>Looks on; for whoever shows plans.</summary>
    public IPlanObserver? Observer { get; init; }
}

/// <summary>Writes into a Tenant's status what was deleted and unassigned within its guard's window, and nothing else of it.</summary>
/// <param name="tenant">The Tenant.</param>
/// <param name="removals">All of the window.</param>
/// <param name="cancellationToken">Stops the write.</param>
public delegate Task KeepRemovals(ResourceName tenant, IReadOnlyList<RemovalCount> removals, CancellationToken cancellationToken);

/// <summary>Looks on while a resource is worked on. Called from any thread.</summary>
public interface IPlanObserver
{
    /// <summary>A plan was made against the tenant as it was found; whether it passes the guards is not known yet.</summary>
    /// <param name="tenant">The tenant, for whoever wants to know more of it.</param>
    /// <param name="plan">The plan.</param>
    void Planned(IIntuneTenant tenant, Plan plan);

    /// <summary>A change was made.</summary>
    void Made(PlannedChange change);
}

/// <summary>Reconciles the resources of one kind. Never throws for a fault of the tenant or of a spec: the outcome says it.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <typeparam name="TStatus">Its status.</typeparam>
public interface IResourceReconciler<in TEntity, TStatus>
    where TStatus : ResourceStatus
{
    /// <summary>Makes the tenant as the resource says.</summary>
    Task<Outcome<TStatus>> ReconcileAsync(TEntity entity, ReconcileScope scope, CancellationToken cancellationToken);

    /// <summary>Clears up after a resource that is being deleted; the finalizer goes when the outcome says <see cref="Outcome{TStatus}.Released"/>.</summary>
    Task<Outcome<TStatus>> FinalizeAsync(TEntity entity, ReconcileScope scope, CancellationToken cancellationToken);
}
