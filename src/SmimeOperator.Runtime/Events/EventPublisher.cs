using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>Whether an event is news or trouble.</summary>
public enum EventType
{
    /// <summary>Things went as they should.</summary>
    Normal,

    /// <summary>A person may want to look.</summary>
    Warning,
}

/// <summary>Tells people about an entity, as `kubectl describe` shows it. Never fails and never waits for the API server.</summary>
public delegate Task EventPublisher(
    IKubernetesObject<V1ObjectMeta> entity,
    string reason,
    string message,
    EventType type = EventType.Normal,
    CancellationToken cancellationToken = default);
