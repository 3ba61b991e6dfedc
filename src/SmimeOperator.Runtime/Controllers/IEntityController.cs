using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>Brings the world to what an entity says. One instance per pass, from a scope of its own.</summary>
/// <remarks>
/// Entities come from the store and are shared: read them, never change them. Write what was found through
/// <see cref="IStatusWriter{TEntity}"/>. An exception is logged and the entity is tried again with growing delays, for ever.
/// </remarks>
/// <typeparam name="TEntity">The entity.</typeparam>
public interface IEntityController<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Called for an entity that exists and is not being deleted; its finalizers are attached by then.</summary>
    Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>Called once an entity is gone, with what was known of it last.</summary>
    /// <remarks>What must not be missed belongs into a finalizer: a deletion while the process is down is not seen.</remarks>
    Task<ReconciliationResult<TEntity>> DeletedAsync(TEntity entity, CancellationToken cancellationToken);
}

/// <summary>Cleans up before an entity may go.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public interface IEntityFinalizer<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Called until it reports success; then the finalizer is removed from the entity.</summary>
    Task<ReconciliationResult<TEntity>> FinalizeAsync(TEntity entity, CancellationToken cancellationToken);
}
