using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Metrics;
using SmimeOperator.Runtime.Stores;

namespace SmimeOperator.Runtime.Watching;

/// <summary>What every informer needs.</summary>
internal sealed record InformerContext(
    KubernetesApi Api,
    OperatorSettings Settings,
    WatchSettings Watching,
    OperatorMetrics Metrics,
    TimeProvider Time,
    Func<double> Random,
    ILoggerFactory Loggers);

/// <summary>A store and the watches that keep it up to date.</summary>
internal interface IInformer
{
    /// <summary>The kind, for people.</summary>
    string EntityName { get; }

    /// <summary>Completes when everything has been listed once.</summary>
    Task Synced { get; }

    /// <summary>How long the watch that is worst off has given no sign of life.</summary>
    TimeSpan SinceLastSign { get; }

    /// <summary>Runs until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

internal abstract class Informer<T> : IInformer, IObjectStore<T>
    where T : class
{
    private readonly List<Reflector<T>> _reflectors = [];

    protected Informer(InformerContext context, ResourceCodec<T> codec, IEnumerable<ObjectIndex<T>> indexes, string entityName, IEnumerable<WatchScope> scopes)
    {
        EntityName = entityName;
        Store = new ObjectStore<T>(codec, indexes);
        var logger = context.Loggers.CreateLogger($"SmimeOperator.Runtime.Watching.{entityName}");
        foreach (var scope in scopes)
        {
            _reflectors.Add(new Reflector<T>(
                context.Api, scope, codec, Store, context.Watching, entityName, context.Metrics, context.Time, context.Random, logger));
        }

        Synced = Task.WhenAll(_reflectors.Select(static reflector => reflector.Synced));
        context.Metrics.ObserveWatch(entityName, () => SinceLastSign);
    }

    public string EntityName { get; }

    public ObjectStore<T> Store { get; }

    public Task Synced { get; }

    public bool HasSynced => Synced.IsCompleted;

    public bool IsConnected => _reflectors.TrueForAll(static reflector => reflector.IsConnected);

    public TimeSpan SinceLastSign => _reflectors.Max(static reflector => reflector.SinceLastSign);

    public int Count => Store.Count;

    public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? item) => Store.TryGet(key, out item);

    public IReadOnlyList<T> List() => Store.List();

    public IReadOnlyList<T> ByIndex(string indexName, string value) => Store.ByIndex(indexName, value);

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_reflectors.Select(reflector => reflector.RunAsync(cancellationToken)));

    protected static IEnumerable<WatchScope> Scopes(
        ResourceDefinition resource, IEnumerable<string> namespaces, bool clusterScoped, string? labelSelector = null, string? fieldSelector = null)
    {
        var names = namespaces.ToList();
        labelSelector = string.IsNullOrEmpty(labelSelector) ? null : labelSelector;
        var scopes = names.Count == 0 ? [new WatchScope(resource.CollectionPath(null), Namespace: null)]

            // Only a role for the named namespaces is needed then; of cluster-scoped kinds that is the namespaces themselves.
            : clusterScoped ? names.Select(name => new WatchScope(resource.CollectionPath(null), Namespace: null, name))
            : names.Select(name => new WatchScope(resource.CollectionPath(name), name));
        return scopes.Select(scope => scope with { LabelSelector = labelSelector, FieldSelector = fieldSelector });
    }
}

/// <summary>The informer of an entity.</summary>
internal sealed class EntityInformer<TEntity>(InformerContext context, IEnumerable<ObjectIndex<TEntity>> indexes)
    : Informer<TEntity>(
        context,
        new EntityCodec<TEntity>(),
        indexes,
        ResourceDefinition.Of<TEntity>().Kind,
        Scopes(ResourceDefinition.Of<TEntity>(), context.Settings.Namespaces, clusterScoped: false, context.Settings.LabelSelector)),
    IEntityStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>The informer of the metadata of a kind.</summary>
internal sealed class MetadataInformer<TKind>(InformerContext context, MetadataOptions<TKind> options, IEnumerable<MetadataIndex<TKind>> indexes)
    : Informer<ObjectMetadata>(
        context,
        new MetadataCodec(),
        indexes.Select(static index => index.Index),
        ResourceDefinition.Of<TKind>().Kind,
        Scopes(
            ResourceDefinition.Of<TKind>(),
            context.Settings.Namespaces,
            typeof(TKind) == typeof(V1Namespace),
            options.LabelSelector,
            options.FieldSelector)),
    IMetadataStore<TKind>
    where TKind : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>An index over the metadata of a kind.</summary>
[SuppressMessage("Major Code Smell", "S2326", Justification = "The kind tells the registrations apart.")]
internal sealed record MetadataIndex<TKind>(ObjectIndex<ObjectMetadata> Index);
