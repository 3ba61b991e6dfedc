using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>What the operator knows of the objects of a kind, kept up to date by a watch. Reading costs no request.</summary>
/// <typeparam name="T">The object.</typeparam>
public interface IObjectStore<T>
    where T : class
{
    /// <summary>How many objects there are.</summary>
    int Count { get; }

    /// <summary>Whether the first list has been read completely.</summary>
    bool HasSynced { get; }

    /// <summary>Finds an object.</summary>
    bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? item);

    /// <summary>All objects, as they are now.</summary>
    IReadOnlyList<T> List();

    /// <summary>The objects that the index files under the value.</summary>
    /// <exception cref="ArgumentException">No such index was registered.</exception>
    IReadOnlyList<T> ByIndex(string indexName, string value);
}

/// <summary>The entities of a kind. They are shared: read them, never change them.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public interface IEntityStore<TEntity> : IObjectStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>The metadata of the objects of a kind whose content is not kept.</summary>
/// <typeparam name="TKind">The kind, such as V1Secret.</typeparam>
[SuppressMessage("Major Code Smell", "S2326", Justification = "The kind tells the stores apart.")]
public interface IMetadataStore<TKind> : IObjectStore<ObjectMetadata>
    where TKind : class, IKubernetesObject<V1ObjectMeta>;
