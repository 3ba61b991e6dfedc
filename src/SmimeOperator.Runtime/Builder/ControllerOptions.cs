using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>How one controller behaves where it differs from the settings of the operator.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public sealed class ControllerOptions<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>How many entities are worked on at a time.</summary>
    /// <value>The default is the operator's setting.</value>
    public int? Workers { get; set; }

    /// <summary>How often an entity is looked at without any reason.</summary>
    /// <value>The default is the operator's setting.</value>
    public TimeSpan? ResyncInterval { get; set; }

    /// <summary>Whether a change of labels asks for a pass. Default: no.</summary>
    public bool TriggerOnLabels { get; set; }

    /// <summary>Further reasons for a pass, given what was and what is.</summary>
    public Func<TEntity, TEntity, bool>? TriggerWhen { get; set; }
}
