using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using k8s;
using k8s.Models;
using SmimeOperator.Runtime.Client;

namespace SmimeOperator.Runtime.Stores;

/// <summary>How objects of a kind are asked for, read, and told apart.</summary>
internal abstract class ResourceCodec<T>
    where T : class
{
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public abstract string ListAccept { get; }

    public abstract string WatchAccept { get; }

    public abstract NamespacedName KeyOf(T item);

    public abstract string? UidOf(T item);

    public abstract string? VersionOf(T item);

    /// <summary>Reads an object; false when it does not fit the type, or is no JSON at all.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Converters of entities may throw anything; whatever it is, the object is unreadable and is reported as such.")]
    public bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out T? item, [NotNullWhen(false)] out Exception? error)
    {
        try
        {
            item = Read(json);
            error = null;
            return true;
        }
        catch (Exception e)
        {
            item = null;
            error = e;
            return false;
        }
    }

    protected abstract T Read(ReadOnlySpan<byte> json);
}

/// <summary>Whole entities, without what only servers and kubectl need.</summary>
internal sealed class EntityCodec<TEntity> : ResourceCodec<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    // Resources of a kind say the same things again and again: reasons, messages, names of keys and providers.
    private readonly JsonSerializerOptions _json = new(KubernetesApi.Json) { Converters = { new SharedStringConverter() } };

    public override string ListAccept => KubernetesApi.AsJson;

    public override string WatchAccept => KubernetesApi.AsJson;

    public override NamespacedName KeyOf(TEntity item) => NamespacedName.Of(item);

    public override string? UidOf(TEntity item) => item.Metadata.Uid;

    public override string? VersionOf(TEntity item) => item.Metadata.ResourceVersion;

    protected override TEntity Read(ReadOnlySpan<byte> json)
    {
        var entity = JsonSerializer.Deserialize<TEntity>(json, _json);
        if (entity?.Metadata?.Name is null)
        {
            throw new JsonException("The object has no metadata.name.");
        }

        // Half of an object's memory, and never looked at: nothing here is ever sent back whole.
        entity.Metadata.ManagedFields = null;
        entity.Metadata.Annotations?.Remove(LastApplied);
        return entity;
    }
}

/// <summary>Metadata only: the server is asked to leave out everything else, and whatever it sends is skipped unread.</summary>
internal sealed class MetadataCodec : ResourceCodec<ObjectMetadata>
{
    private readonly StringPool _pool = new();
    private readonly Lock _gate = new();

    public override string ListAccept => KubernetesApi.AsMetadataList;

    public override string WatchAccept => KubernetesApi.AsMetadata;

    public override NamespacedName KeyOf(ObjectMetadata item) => item.Key;

    public override string? UidOf(ObjectMetadata item) => item.Uid;

    public override string? VersionOf(ObjectMetadata item) => item.ResourceVersion;

    protected override ObjectMetadata Read(ReadOnlySpan<byte> json)
    {
        // One codec serves the readers of all namespaces, and the pool knows no others beside it.
        lock (_gate)
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMetadata = reader.ValueTextEquals("metadata"u8);
                reader.Read();
                if (isMetadata)
                {
                    return ReadMetadata(ref reader);
                }

                reader.Skip();
            }
        }

        throw new JsonException("The object has no metadata.");
    }

    private ObjectMetadata ReadMetadata(ref Utf8JsonReader reader)
    {
        string? name = null, namespaceName = null, uid = null, version = null;
        MetadataMap labels = MetadataMap.Empty, annotations = MetadataMap.Empty;
        var deleting = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = Property(ref reader);
            reader.Read();
            switch (property)
            {
                case "name":
                    name = reader.GetString();
                    break;
                case "namespace":
                    namespaceName = _pool.Read(ref reader);
                    break;
                case "uid":
                    uid = reader.GetString();
                    break;
                case "resourceVersion":
                    version = reader.GetString();
                    break;
                case "deletionTimestamp":
                    deleting = reader.TokenType == JsonTokenType.String;
                    break;
                case "labels":
                    labels = _pool.Share(ReadMap(ref reader));
                    break;
                case "annotations":
                    annotations = _pool.Share(ReadMap(ref reader));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (name is null)
        {
            throw new JsonException("The object has no metadata.name.");
        }

        return new ObjectMetadata
        {
            Key = new NamespacedName(namespaceName ?? "", name),
            Uid = uid ?? "",
            ResourceVersion = version ?? "",
            IsDeleting = deleting,
            Labels = labels,
            Annotations = annotations,
        };
    }

    private static string? Property(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("name"u8) ? "name"
        : reader.ValueTextEquals("namespace"u8) ? "namespace"
        : reader.ValueTextEquals("uid"u8) ? "uid"
        : reader.ValueTextEquals("resourceVersion"u8) ? "resourceVersion"
        : reader.ValueTextEquals("deletionTimestamp"u8) ? "deletionTimestamp"
        : reader.ValueTextEquals("labels"u8) ? "labels"
        : reader.ValueTextEquals("annotations"u8) ? "annotations"
        : null;

    private MetadataMap ReadMap(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return MetadataMap.Empty;
        }

        var entries = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(LastApplied))
            {
                reader.Read();
                continue;
            }

            var key = _pool.Read(ref reader);
            reader.Read();
            entries.Add(new KeyValuePair<string, string>(key, _pool.Read(ref reader)));
        }

        return entries.Count == 0 ? MetadataMap.Empty : new MetadataMap([.. entries]);
    }
}
