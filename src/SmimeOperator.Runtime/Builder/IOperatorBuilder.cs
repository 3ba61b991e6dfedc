using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace SmimeOperator.Runtime;

/// <summary>Says what the operator watches and what it does about it.</summary>
public interface IOperatorBuilder
{
    /// <summary>The services.</summary>
    IServiceCollection Services { get; }

    /// <summary>Registers the controller of an entity, with its store.</summary>
    IOperatorBuilder AddController<TImplementation, TEntity>(Action<ControllerOptions<TEntity>>? configure = null)
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Registers a finalizer of an entity. It is attached before the controller sees the entity first.</summary>
    IOperatorBuilder AddFinalizer<TImplementation, TEntity>(string identifier)
        where TImplementation : class, IEntityFinalizer<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Keeps a store of whole entities that have no controller here.</summary>
    IOperatorBuilder AddStore<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Keeps a store of the metadata of a kind; the content never reaches the process.</summary>
    IOperatorBuilder AddMetadataStore<TKind>(Action<MetadataOptions<TKind>>? configure = null)
        where TKind : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Files entities under values, for <see cref="IObjectStore{T}.ByIndex"/>.</summary>
    IOperatorBuilder AddIndex<TEntity>(string name, Func<TEntity, IEnumerable<string>> values)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Files metadata under values, for <see cref="IObjectStore{T}.ByIndex"/>.</summary>
    IOperatorBuilder AddMetadataIndex<TKind>(string name, Func<ObjectMetadata, IEnumerable<string>> values)
        where TKind : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>A change of one entity asks for passes over others.</summary>
    /// <param name="map">The entities concerned; called for what was and what is.</param>
    /// <param name="matters">Whether a change counts, given what was (null: new) and what is (null: gone). Without it all do.</param>
    IOperatorBuilder AddRelated<TRelated, TEntity>(
        Func<TRelated, IEntityStore<TEntity>, IEnumerable<NamespacedName>> map, Func<TRelated?, TRelated?, bool>? matters = null)
        where TRelated : class, IKubernetesObject<V1ObjectMeta>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>A change of an object whose metadata is kept asks for passes over entities.</summary>
    /// <param name="map">The entities concerned; called for what was and what is.</param>
    /// <param name="matters">Whether a change counts, given what was (null: new) and what is (null: gone). Without it all do.</param>
    IOperatorBuilder AddRelatedMetadata<TKind, TEntity>(
        Func<ObjectMetadata, IEntityStore<TEntity>, IEnumerable<NamespacedName>> map,
        Func<ObjectMetadata?, ObjectMetadata?, bool>? matters = null)
        where TKind : class, IKubernetesObject<V1ObjectMeta>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;
}
