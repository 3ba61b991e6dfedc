using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>A resource with its status, as the folder and the last run left it.</summary>
/// <param name="Key">What it is called.</param>
/// <param name="Entity">The resource; immutable, a change makes a new one.</param>
/// <param name="File">The file that states it.</param>
internal sealed record ResourceRecord(ResourceKey Key, IKubernetesObject<V1ObjectMeta> Entity, string File)
{
    public KindModel Model => KindModel.All[Key.Kind];

    public ResourceStatus? Status => Model.StatusOf(Entity);

    public bool IsDeleting => Entity.Metadata.DeletionTimestamp is not null;

    /// <summary>A resource that is stated for the first time.</summary>
    public static ResourceRecord New(CustomManifest manifest, IKubernetesObject<V1ObjectMeta> entity, string clusterId, DateTimeOffset now)
    {
        // An API server's times have whole seconds.
        var created = now.UtcDateTime.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerSecond));
        var uid = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{clusterId}/{manifest.Key}")).AsSpan(0, 16)).ToString();
        return new ResourceRecord(manifest.Key, KindModel.All[manifest.Key.Kind].With(entity, Metadata(entity.Metadata, uid, 1, created, null), null), manifest.File);
    }

    /// <summary>The same resource as it is stated now. Stated again while it was being deleted, it is wanted after all, and what was deleted already is made anew.</summary>
    public ResourceRecord Restated(CustomManifest manifest, IKubernetesObject<V1ObjectMeta> entity)
    {
        var known = Entity.Metadata;
        var changed = Model.SpecOf(entity).GetRawText() != Model.SpecOf(Entity).GetRawText();
        if (!changed && !IsDeleting && Entries.AreSame(known.Labels, entity.Metadata.Labels) && Entries.AreSame(known.Annotations, entity.Metadata.Annotations))
        {
            return this with { File = manifest.File };
        }

        var metadata = Metadata(entity.Metadata, known.Uid, (known.Generation ?? 0) + (changed || IsDeleting ? 1 : 0), known.CreationTimestamp, null);
        return new ResourceRecord(Key, Model.With(entity, metadata, Status), manifest.File);
    }

    /// <summary>The same resource, to be deleted.</summary>
    public ResourceRecord Deleted(DateTimeOffset at)
    {
        var known = Entity.Metadata;
        return this with { Entity = Model.With(Entity, Metadata(known, known.Uid, known.Generation ?? 1, known.CreationTimestamp, at.UtcDateTime), Status) };
    }

    private static V1ObjectMeta Metadata(V1ObjectMeta stated, string uid, long generation, DateTime? created, DateTime? deleted) => new()
    {
        Name = stated.Name,
        NamespaceProperty = stated.NamespaceProperty,
        Labels = stated.Labels,
        Annotations = stated.Annotations,
        Uid = uid,
        Generation = generation,
        CreationTimestamp = created,
        DeletionTimestamp = deleted,
        Finalizers = [ApiGroup.Finalizer],
    };
}
