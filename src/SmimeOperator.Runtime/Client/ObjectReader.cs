using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime.Client;

internal sealed class ObjectReader(KubernetesApi api) : IObjectReader
{
    public async Task<TObject?> GetAsync<TObject>(NamespacedName key, CancellationToken cancellationToken)
        where TObject : class, IKubernetesObject<V1ObjectMeta>
    {
        var path = ResourceDefinition.Of<TObject>().ObjectPath(key);
        var json = await api.GetAsync(path, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false);
        return json is null ? null : System.Text.Json.JsonSerializer.Deserialize<TObject>(json, KubernetesApi.Json);
    }
}
