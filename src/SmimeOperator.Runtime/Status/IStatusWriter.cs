using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>Writes the status of an entity, and only when it means something else than what is there.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public interface IStatusWriter<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Makes the status what is given, whole: members of ours that are missing in it are removed. Returns whether a request was
    /// needed; false also when the entity is gone.
    /// </summary>
    /// <exception cref="KubernetesApiException">The API server refused.</exception>
    Task<bool> WriteAsync<TStatus>(TEntity entity, TStatus status, CancellationToken cancellationToken)
        where TStatus : class;
}
