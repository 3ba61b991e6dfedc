using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>Reads an object from the API server when it is needed and keeps nothing of it: for the data of Secrets and ConfigMaps.</summary>
public interface IObjectReader
{
    /// <summary>Reads an object; null when there is none.</summary>
    /// <exception cref="KubernetesApiException">The API server refused.</exception>
    Task<TObject?> GetAsync<TObject>(NamespacedName key, CancellationToken cancellationToken)
        where TObject : class, IKubernetesObject<V1ObjectMeta>;
}
