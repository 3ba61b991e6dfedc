using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Stores;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Status;

/// <summary>Status by server-side apply: it owns what it states and nothing else, and never needs to read before it writes.</summary>
internal sealed class StatusWriter<TEntity> : IStatusWriter<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private const int MaxAttempts = 5;

    private static readonly EntityCodec<TEntity> Codec = new();
    private static readonly MetadataCodec Metadata = new();

    private readonly ResourceDefinition _resource = ResourceDefinition.Of<TEntity>();
    private readonly ConcurrentDictionary<string, Written> _written = new(StringComparer.Ordinal);
    private readonly KubernetesApi _api;
    private readonly EntityInformer<TEntity> _informer;
    private readonly Leadership _leadership;
    private readonly string _query;
    private readonly ILogger _logger;

    public StatusWriter(
        KubernetesApi api, EntityInformer<TEntity> informer, OperatorSettings settings, Leadership leadership, ILogger<StatusWriter<TEntity>> logger)
    {
        _api = api;
        _informer = informer;
        _leadership = leadership;
        _query = $"?fieldManager={Uri.EscapeDataString(settings.EffectiveFieldManager)}&force=true";
        _logger = logger;
        informer.Store.Subscribe(change =>
        {
            if (change.New is null && change.Old?.Metadata.Uid is { } uid)
            {
                _written.TryRemove(uid, out _);
            }
        });
    }

    public async Task<bool> WriteAsync<TStatus>(TEntity entity, TStatus status, CancellationToken cancellationToken)
        where TStatus : class
    {
        var uid = entity.Metadata.Uid ?? "";
        var key = NamespacedName.Of(entity);

        // The store and not the entity at hand: it holds the answer to our own last write even where a pass began before it.
        var current = _informer.TryGet(key, out var stored) && stored.Metadata.Uid == uid ? stored : entity;
        if (JsonMeaning.IsSameText(status, StatusOf<TStatus>(current), KubernetesApi.Json))
        {
            // Where nothing happened, which is nearly always, the text is the same too.
            return false;
        }

        var desired = JsonMeaning.Fingerprint(status, KubernetesApi.Json);
        var present = JsonMeaning.Fingerprint(StatusOf<TStatus>(current), KubernetesApi.Json);
        if (desired == present || (_written.TryGetValue(uid, out var last) && last.Desired == desired && last.Result == present))
        {
            return false;
        }

        _leadership.Demand();
        if (await ApplyAsync(current, status, cancellationToken).ConfigureAwait(false) is not { } answer)
        {
            _logger.StatusOfGoneEntity(_resource.Kind, key);
            return false;
        }

        if (Codec.TryRead(answer, out var updated, out _))
        {
            Remember(uid, desired, JsonMeaning.Fingerprint(StatusOf<TStatus>(updated), KubernetesApi.Json));
            _informer.Store.Refresh(updated);
        }

        _logger.StatusWritten(_resource.Kind, key);
        return true;
    }

    /// <summary>Applies the status to this object and no other; null when it is gone.</summary>
    /// <remarks>
    /// Server-side apply knows no precondition on the uid, but one on the version. A version that is behind costs a look at the
    /// metadata, so that the status of an object never ends up on another one that bears its name now.
    /// </remarks>
    private async Task<byte[]?> ApplyAsync<TStatus>(TEntity entity, TStatus status, CancellationToken cancellationToken)
    {
        var key = NamespacedName.Of(entity);
        var version = entity.Metadata.ResourceVersion;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var body = KubernetesApi.Body(ApplyBody(key, version, status), KubernetesApi.ApplyPatch);
                return await _api.SendAsync(
                    HttpMethod.Patch, _resource.ObjectPath(key, "status") + _query, body, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false);
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Conflict && attempt < MaxAttempts)
            {
                var json = await _api.GetAsync(_resource.ObjectPath(key), KubernetesApi.AsMetadata, cancellationToken).ConfigureAwait(false);
                if (json is null || !Metadata.TryRead(json, out var fresh, out _) || fresh.Uid != entity.Metadata.Uid)
                {
                    return null;
                }

                version = fresh.ResourceVersion;
            }
        }
    }

    // The server may add defaults to what was asked for; that alone must not look like a difference next time.
    private void Remember(string uid, string desired, string result)
    {
        if (desired == result)
        {
            _written.TryRemove(uid, out _);
        }
        else
        {
            _written[uid] = new Written(desired, result);
        }
    }

    private static TStatus? StatusOf<TStatus>(TEntity entity)
        where TStatus : class =>
        (entity as IStatus<TStatus?>)?.Status;

    private byte[] ApplyBody<TStatus>(NamespacedName key, string? version, TStatus status)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", _resource.ApiVersion);
            writer.WriteString("kind", _resource.Kind);
            writer.WriteStartObject("metadata");
            writer.WriteString("name", key.Name);
            if (key.Namespace.Length > 0)
            {
                writer.WriteString("namespace", key.Namespace);
            }

            if (version is not null)
            {
                writer.WriteString("resourceVersion", version);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("status");
            JsonSerializer.Serialize(writer, status, KubernetesApi.Json);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private sealed record Written(string Desired, string Result);
}
