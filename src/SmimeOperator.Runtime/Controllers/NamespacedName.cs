using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>The key of an object among those of its kind. The namespace of a cluster-scoped object is empty.</summary>
public readonly record struct NamespacedName(string Namespace, string Name)
{
    /// <summary>The key of an object.</summary>
    public static NamespacedName Of(IMetadata<V1ObjectMeta> entity) =>
        new(entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name ?? "");

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
}
