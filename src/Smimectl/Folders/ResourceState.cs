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
}

/// <summary>What a look at the folders changed.</summary>
/// <param name="Custom">Resources that are new, changed, to be deleted or wanted again.</param>
/// <param name="Data">Secrets and ConfigMaps that are new, changed or gone.</param>
/// <param name="NamespacesChanged">Whether labels of namespaces changed.</param>
internal sealed record FolderChange(IReadOnlyList<ResourceKey> Custom, IReadOnlyList<ResourceKey> Data, bool NamespacesChanged);

/// <summary>
/// The resources of the folders: what the manifests state, joined with what earlier runs left in the state file. A resource that is no
/// longer stated stays, marked as being deleted, until its reconciler releases it.
/// </summary>
internal sealed class ResourceState(string clusterId, string? endpoint, TimeProvider time, TimeSpan removalDelay, bool isRehearsal = false)
{
    // Longer than any rehearsal takes: what it has made exists nowhere but here, and a second read would not show it.
    private const string OneRead = "24h";

    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKey, ResourceRecord> _records = [];
    private readonly Dictionary<ResourceKey, ManifestResource> _manifests = [];
    private readonly Dictionary<ResourceKey, DateTimeOffset> _missing = [];
    private readonly List<ManifestProblem> _problems = [];
    private IReadOnlySet<ResourceKey> _context = new HashSet<ResourceKey>();
    private ResourceIndex? _index;

    public string ClusterId { get; } = clusterId;

    /// <summary>Problems that only show when a manifest is held against what is in effect.</summary>
    public IReadOnlyList<ManifestProblem> Problems
    {
        get
        {
            lock (_gate)
            {
                return [.. _problems];
            }
        }
    }

    /// <summary>Whether a resource is not stated any more and the look that confirms it is still to come.</summary>
    public bool HasPendingRemovals
    {
        get
        {
            lock (_gate)
            {
                return _missing.Count > 0;
            }
        }
    }

    /// <summary>Every resource, in the order in which they are shown.</summary>
    public IReadOnlyList<ResourceRecord> Records => Select(i => i.All);

    /// <summary>The resources that an index names.</summary>
    public IReadOnlyList<ResourceRecord> Select(Func<ResourceIndex, IEnumerable<ResourceKey>> keys)
    {
        lock (_gate)
        {
            return [.. keys(_index ??= new ResourceIndex(_records.Values)).Select(k => _records[k])];
        }
    }

    public ResourceRecord? Find(ResourceKey key)
    {
        lock (_gate)
        {
            return _records.GetValueOrDefault(key);
        }
    }

    public T? FindManifest<T>(ResourceKey key)
        where T : ManifestResource
    {
        lock (_gate)
        {
            return _manifests.GetValueOrDefault(key) as T;
        }
    }

    public IReadOnlyList<T> Manifests<T>()
        where T : ManifestResource
    {
        lock (_gate)
        {
            return [.. _manifests.Values.OfType<T>()];
        }
    }

    /// <summary>Puts back what an earlier run left. What is only context is stated elsewhere: that the folders lack it means nothing.</summary>
    public void Restore(IEnumerable<ResourceRecord> records, IReadOnlySet<ResourceKey>? context = null)
    {
        lock (_gate)
        {
            _context = context ?? _context;
            _index = null;
            foreach (var record in records)
            {
                _records[record.Key] = record;
            }
        }
    }

    /// <summary>Takes over what the folders state.</summary>
    public FolderChange Apply(FolderContents contents)
    {
        lock (_gate)
        {
            _problems.Clear();
            _index = null;
            var custom = new List<ResourceKey>();
            var data = new List<ResourceKey>();
            var namespaces = false;
            foreach (var manifest in contents.Resources.Values)
            {
                _missing.Remove(manifest.Key);
                if (manifest is CustomManifest stated)
                {
                    if (Put(stated))
                    {
                        custom.Add(stated.Key);
                    }
                }
                else if (!_manifests.TryGetValue(manifest.Key, out var before) || !Same(before, manifest))
                {
                    _manifests[manifest.Key] = manifest;
                    (namespaces, data) = Note(manifest.Key, namespaces, data);
                }
            }

            foreach (var gone in Gone(contents))
            {
                if (_records.TryGetValue(gone, out var record))
                {
                    _records[gone] = With(record, deletedAt: time.GetUtcNow());
                    custom.Add(gone);
                }
                else
                {
                    _manifests.Remove(gone);
                    (namespaces, data) = Note(gone, namespaces, data);
                }
            }

            return new FolderChange(custom, data, namespaces);
        }
    }

    /// <summary>Writes a status; gives back whether it says anything new that is to be kept. A resource that is gone stays gone.</summary>
    public bool SetStatus(ResourceKey key, ResourceStatus status)
    {
        lock (_gate)
        {
            if (!_records.TryGetValue(key, out var record))
            {
                return false;
            }

            _records[key] = record with { Entity = record.Model.With(record.Entity, record.Entity.Metadata, status) };
            return !isRehearsal && (record.Status is not { } before || KindModel.ToJson(status).GetRawText() != KindModel.ToJson(before).GetRawText());
        }
    }

    /// <summary>Lets go of a resource whose deletion is done; false where it was stated again in the meantime.</summary>
    public bool Release(ResourceKey key)
    {
        lock (_gate)
        {
            _index = null;
            return _records.TryGetValue(key, out var record) && record.IsDeleting && _records.Remove(key);
        }
    }

    private bool Put(CustomManifest manifest)
    {
        var entity = manifest.Entity is Tenant stated ? Effective(stated) : manifest.Entity;
        if (!_records.TryGetValue(manifest.Key, out var record))
        {
            var now = time.GetUtcNow();
            var metadata = Metadata(entity.Metadata, Uid(manifest.Key), 1, now.UtcDateTime.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerSecond)), null);
            _records[manifest.Key] = new ResourceRecord(manifest.Key, KindModel.All[manifest.Key.Kind].With(entity, metadata, null), manifest.File);
            return true;
        }

        if (entity is Tenant after && record.Entity is Tenant before && !string.Equals(after.Spec.TenantId, before.Spec.TenantId, StringComparison.OrdinalIgnoreCase))
        {
            _problems.Add(new ManifestProblem(manifest.File, manifest.Line, "spec.tenantId cannot be changed: create another Tenant instead"));
            return false;
        }

        var known = record.Entity.Metadata;
        var changed = record.Model.SpecOf(entity).GetRawText() != record.Model.SpecOf(record.Entity).GetRawText();
        if (!changed && !record.IsDeleting && SameEntries(known.Labels, entity.Metadata.Labels) && SameEntries(known.Annotations, entity.Metadata.Annotations))
        {
            _records[manifest.Key] = record with { File = manifest.File };
            return false;
        }

        // Stated again while it was being deleted: it is wanted after all, and what was deleted already is made anew.
        var generation = (known.Generation ?? 0) + (changed || record.IsDeleting ? 1 : 0);
        var next = Metadata(entity.Metadata, known.Uid, generation, known.CreationTimestamp, null);
        _records[manifest.Key] = new ResourceRecord(manifest.Key, record.Model.With(entity, next, record.Status), manifest.File);
        return true;
    }

    // What a manifest says stays as it is: others read it too.
    private Tenant Effective(Tenant stated)
    {
        var tenant = (Tenant)KindModel.All[Tenant.KubeKind].Restore(stated.Metadata, KindModel.ToJson(stated.Spec), null);
        tenant.Spec.Endpoint = endpoint ?? tenant.Spec.Endpoint;
        if (isRehearsal)
        {
            (tenant.Spec.Mode, tenant.Spec.Interval) = (TenantMode.Enforce, OneRead);
        }

        return tenant;
    }

    // An editor may empty a file before it writes it: what is missing counts as removed when a later look misses it too.
    private List<ResourceKey> Gone(FolderContents contents)
    {
        var absent = _records.Values.Where(r => !r.IsDeleting).Select(r => r.Key).Concat(_manifests.Keys).Where(k => !contents.Resources.ContainsKey(k) && !_context.Contains(k)).ToHashSet();
        if (contents.Problems.Count > 0)
        {
            _missing.Clear();
            return [];
        }

        var now = time.GetUtcNow();
        foreach (var key in absent)
        {
            _missing.TryAdd(key, now);
        }

        var gone = absent.Where(k => now - _missing[k] >= removalDelay).ToList();
        gone.ForEach(k => _missing.Remove(k));
        return gone;
    }

    private static (bool Namespaces, List<ResourceKey> Data) Note(ResourceKey key, bool namespaces, List<ResourceKey> data)
    {
        if (key.Kind == "Namespace")
        {
            return (true, data);
        }

        data.Add(key);
        return (namespaces, data);
    }

    private static bool Same(ManifestResource before, ManifestResource after) => (before, after) switch
    {
        (DataManifest b, DataManifest a) => b.File == a.File && b.Object.Version == a.Object.Version && SameEntries(b.Object.Labels, a.Object.Labels)
            && SameEntries(b.Object.Annotations, a.Object.Annotations),
        (NamespaceManifest b, NamespaceManifest a) => SameEntries(b.Labels, a.Labels),
        _ => false,
    };

    private static bool SameEntries(IEnumerable<KeyValuePair<string, string>>? one, IEnumerable<KeyValuePair<string, string>>? other) =>
        (one ?? []).OrderBy(e => e.Key, StringComparer.Ordinal).SequenceEqual((other ?? []).OrderBy(e => e.Key, StringComparer.Ordinal));

    private static ResourceRecord With(ResourceRecord record, DateTimeOffset deletedAt)
    {
        var known = record.Entity.Metadata;
        var metadata = Metadata(known, known.Uid, known.Generation ?? 1, known.CreationTimestamp, deletedAt.UtcDateTime);
        return record with { Entity = record.Model.With(record.Entity, metadata, record.Status) };
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

    private string Uid(ResourceKey key) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{ClusterId}/{key}")).AsSpan(0, 16)).ToString();
}
