using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmimeOperator.Runtime.Finalizers;
using SmimeOperator.Runtime.Hosting;
using SmimeOperator.Runtime.Status;
using SmimeOperator.Runtime.Stores;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Builder;

internal sealed class OperatorBuilder(IServiceCollection services) : IOperatorBuilder
{
    public IServiceCollection Services => services;

    public IOperatorBuilder AddController<TImplementation, TEntity>(Action<ControllerOptions<TEntity>>? configure = null)
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (IsRegistered<ControllerHost<TEntity>>())
        {
            throw new InvalidOperationException($"{typeof(TEntity).Name} has a controller already.");
        }

        var options = new ControllerOptions<TEntity>();
        configure?.Invoke(options);
        AddStore<TEntity>();
        services.AddSingleton(options);
        services.AddScoped<IEntityController<TEntity>, TImplementation>();
        services.AddSingleton<FinalizerWriter<TEntity>>();
        services.AddSingleton<EntityPass<TEntity>>();
        services.AddSingleton<ControllerHost<TEntity>>();
        services.AddSingleton<IControllerHost>(static provider => provider.GetRequiredService<ControllerHost<TEntity>>());
        services.AddSingleton<IEntityEnqueuer<TEntity>>(static provider => provider.GetRequiredService<ControllerHost<TEntity>>());
        services.AddSingleton<EntityQueue<TEntity>>(static provider =>
        {
            var (store, enqueuer) = (provider.GetRequiredService<IEntityStore<TEntity>>(), provider.GetRequiredService<IEntityEnqueuer<TEntity>>());
            return (entity, queueIn, _) =>
            {
                var key = NamespacedName.Of(entity);
                var known = store.TryGet(key, out var _);
                if (known)
                {
                    enqueuer.Enqueue(key, queueIn);
                }

                return Task.FromResult(known);
            };
        });
        return this;
    }

    public IOperatorBuilder AddFinalizer<TImplementation, TEntity>(string identifier)
        where TImplementation : class, IEntityFinalizer<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        // The API server refuses anything else, but only when the first entity comes.
        if (!identifier.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException("A finalizer is named domain/name.", nameof(identifier));
        }

        services.TryAddScoped<TImplementation>();
        services.AddSingleton(new FinalizerRegistration<TEntity>(identifier, typeof(TImplementation)));
        return this;
    }

    public IOperatorBuilder AddStore<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (!IsRegistered<EntityInformer<TEntity>>())
        {
            services.AddSingleton<EntityInformer<TEntity>>();
            services.AddSingleton<IInformer>(static provider => provider.GetRequiredService<EntityInformer<TEntity>>());
            services.AddSingleton<IEntityStore<TEntity>>(static provider => provider.GetRequiredService<EntityInformer<TEntity>>());
            services.AddSingleton<IStatusWriter<TEntity>, StatusWriter<TEntity>>();
        }

        return this;
    }

    public IOperatorBuilder AddMetadataStore<TKind>(Action<MetadataOptions<TKind>>? configure = null)
        where TKind : class, IKubernetesObject<V1ObjectMeta>
    {
        if (IsRegistered<MetadataInformer<TKind>>())
        {
            throw new InvalidOperationException($"The metadata of {typeof(TKind).Name} is kept already.");
        }

        var options = new MetadataOptions<TKind>();
        configure?.Invoke(options);
        services.AddSingleton(options);
        services.AddSingleton<MetadataInformer<TKind>>();
        services.AddSingleton<IInformer>(static provider => provider.GetRequiredService<MetadataInformer<TKind>>());
        services.AddSingleton<IMetadataStore<TKind>>(static provider => provider.GetRequiredService<MetadataInformer<TKind>>());
        return this;
    }

    public IOperatorBuilder AddIndex<TEntity>(string name, Func<TEntity, IEnumerable<string>> values)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        services.AddSingleton(new ObjectIndex<TEntity>(name, values));
        return this;
    }

    public IOperatorBuilder AddMetadataIndex<TKind>(string name, Func<ObjectMetadata, IEnumerable<string>> values)
        where TKind : class, IKubernetesObject<V1ObjectMeta>
    {
        services.AddSingleton(new MetadataIndex<TKind>(new ObjectIndex<ObjectMetadata>(name, values)));
        return this;
    }

    public IOperatorBuilder AddRelated<TRelated, TEntity>(
        Func<TRelated, IEntityStore<TEntity>, IEnumerable<NamespacedName>> map, Func<TRelated?, TRelated?, bool>? matters = null)
        where TRelated : class, IKubernetesObject<V1ObjectMeta>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        AddStore<TRelated>();
        services.AddSingleton<IRelation<TEntity>>(new Relation<TRelated, TEntity>(
            static provider => provider.GetRequiredService<EntityInformer<TRelated>>(), map, matters));
        return this;
    }

    public IOperatorBuilder AddRelatedMetadata<TKind, TEntity>(
        Func<ObjectMetadata, IEntityStore<TEntity>, IEnumerable<NamespacedName>> map,
        Func<ObjectMetadata?, ObjectMetadata?, bool>? matters = null)
        where TKind : class, IKubernetesObject<V1ObjectMeta>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (!IsRegistered<MetadataInformer<TKind>>())
        {
            AddMetadataStore<TKind>();
        }

        services.AddSingleton<IRelation<TEntity>>(new Relation<ObjectMetadata, TEntity>(
            static provider => provider.GetRequiredService<MetadataInformer<TKind>>(), map, matters));
        return this;
    }

    private bool IsRegistered<TService>() => services.Any(static service => service.ServiceType == typeof(TService));
}
