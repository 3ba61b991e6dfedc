using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Stores;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Finalizers;

/// <summary>Adds and removes our finalizers wherever they stand in the list, by a patch of the list alone.</summary>
/// <remarks>
/// The patch names the version and uid it was made for: a list that somebody else changed meanwhile is refused with a conflict
/// instead of overwritten, and then read again. Fields that the C# type does not know are never touched.
/// </remarks>
internal sealed class FinalizerWriter<TEntity>(
    KubernetesApi api, EntityInformer<TEntity> informer, OperatorSettings settings, ILogger<FinalizerWriter<TEntity>> logger)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private const int MaxAttempts = 5;

    private static readonly EntityCodec<TEntity> Codec = new();

    private readonly ResourceDefinition _resource = ResourceDefinition.Of<TEntity>();

    /// <summary>Adds finalizers. Returns the entity as it is then, null when it is gone or going.</summary>
    public Task<TEntity?> AttachAsync(TEntity entity, IReadOnlyCollection<string> finalizers, CancellationToken cancellationToken) =>
        ChangeAsync(entity, list => finalizers.All(list.Contains) ? null : [.. list.Union(finalizers, StringComparer.Ordinal)], attaching: true, cancellationToken);

    /// <summary>Removes a finalizer. Returns the entity as it is then, null when it is gone.</summary>
    public Task<TEntity?> DetachAsync(TEntity entity, string finalizer, CancellationToken cancellationToken) =>
        ChangeAsync(entity, list => list.Contains(finalizer) ? [.. list.Where(item => item != finalizer)] : null, attaching: false, cancellationToken);

    private async Task<TEntity?> ChangeAsync(
        TEntity entity, Func<IList<string>, string[]?> change, bool attaching, CancellationToken cancellationToken)
    {
        var key = NamespacedName.Of(entity);
        var current = entity;
        for (var attempt = 1; ; attempt++)
        {
            if (attaching && current.Metadata.DeletionTimestamp is not null)
            {
                return null;
            }

            if (change(current.Metadata.Finalizers ?? []) is not { } finalizers)
            {
                return current;
            }

            try
            {
                var patched = await PatchAsync(key, current.Metadata, finalizers, cancellationToken).ConfigureAwait(false);
                informer.Store.Refresh(patched);
                return patched;
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Conflict && attempt < MaxAttempts)
            {
                logger.FinalizerConflict(_resource.Kind, key, attempt);
                var fresh = await api.GetAsync(_resource.ObjectPath(key), KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false);
                if (fresh is null || Read(fresh) is not { } read || read.Metadata.Uid != entity.Metadata.Uid)
                {
                    return null;
                }

                current = read;
            }
        }
    }

    private async Task<TEntity> PatchAsync(
        NamespacedName key, V1ObjectMeta metadata, string[] finalizers, CancellationToken cancellationToken)
    {
        using var body = KubernetesApi.Body(
            JsonSerializer.SerializeToUtf8Bytes(new Patch(new PatchMetadata(metadata.ResourceVersion, metadata.Uid, finalizers)), KubernetesApi.Json),
            KubernetesApi.MergePatch);
        var path = $"{_resource.ObjectPath(key)}?fieldManager={Uri.EscapeDataString(settings.EffectiveFieldManager)}";
        return Read(await api.SendAsync(HttpMethod.Patch, path, body, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false));
    }

    private static TEntity Read(byte[] json) =>
        Codec.TryRead(json, out var entity, out var error) ? entity : throw new InvalidDataException("The answer cannot be read.", error);

    [SuppressMessage("Performance", "CA1812", Justification = "Serialized.")]
    private sealed record Patch(PatchMetadata Metadata);

    private sealed record PatchMetadata(string? ResourceVersion, string? Uid, string[] Finalizers);
}
