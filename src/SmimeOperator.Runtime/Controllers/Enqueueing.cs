using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>Whom a pass serves.</summary>
public enum QueuePriority
{
    /// <summary>A person changed something and waits.</summary>
    Immediate,

    /// <summary>Resync, refresh, sweeps: when nothing immediate is due.</summary>
    Background,
}

/// <summary>Lets the operator ask for a pass over an entity itself.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public interface IEntityEnqueuer<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Asks for a pass after the delay. Asking again before it ran changes nothing, except that the earlier time wins.</summary>
    void Enqueue(NamespacedName key, TimeSpan delay = default, QueuePriority priority = QueuePriority.Background);
}

/// <summary>Asks for a pass over the entity after a delay; false when the operator does not know the entity.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public delegate Task<bool> EntityQueue<in TEntity>(TEntity entity, TimeSpan queueIn, CancellationToken cancellationToken)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>What a controller may want to know about the pass that it runs in. Injected by scope.</summary>
public sealed class ReconciliationContext
{
    /// <summary>The key of the entity.</summary>
    public NamespacedName Key { get; internal set; }

    /// <summary>Whom the pass serves.</summary>
    public QueuePriority Priority { get; internal set; }

    /// <summary>How many passes in a row failed before this one.</summary>
    public int Failures { get; internal set; }
}
