using SmimeOperator.Api;

namespace Smimectl;

/// <summary>What a look at the folders changed.</summary>
/// <param name="Custom">Resources that are new, changed, to be deleted or wanted again.</param>
/// <param name="Data">Secrets and ConfigMaps that are new, changed or gone.</param>
/// <param name="NamespacesChanged">Whether labels of namespaces changed.</param>
internal sealed record FolderChange(IReadOnlyList<ResourceKey> Custom, IReadOnlyList<ResourceKey> Data, bool NamespacesChanged);

/// <summary>
/// The resources of the folders: what the manifests state, joined with what earlier runs left in the state file. A resource that is no
/// longer stated stays, marked as being deleted, until its reconciler releases it.
/// </summary>
internal sealed class ResourceState(string clusterId, TenantOverrides overrides, TimeProvider time, TimeSpan removalDelay, bool isRehearsal = false)
{
    // Longer than any rehearsal takes: what it has made exists nowhere but here, and a second read would not show it.
    private const string OneRead = "24h";

    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKey, ResourceRecord> _records = [];
    private readonly Dictionary<ResourceKey, ManifestResource> _manifests = [];
    private readonly Absences _absences = new(time, removalDelay);
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
                return _absences.ArePending;
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
                _absences.Seen(manifest.Key);
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
                    _records[gone] = record.Deleted(time.GetUtcNow());
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
            _records[manifest.Key] = ResourceRecord.New(manifest, entity, ClusterId, time.GetUtcNow());
            return true;
        }

        if (entity is Tenant after && record.Entity is Tenant before && !string.Equals(after.Spec.TenantId, before.Spec.TenantId, StringComparison.OrdinalIgnoreCase))
        {
            _problems.Add(new ManifestProblem(manifest.File, manifest.Line, "spec.tenantId cannot be changed: create another Tenant instead"));
            return false;
        }

        var next = record.Restated(manifest, entity);
        _records[manifest.Key] = next;
        return !ReferenceEquals(next.Entity, record.Entity);
    }

    // What a manifest says stays as it is: others read it too.
    private Tenant Effective(Tenant stated)
    {
        var tenant = (Tenant)KindModel.All[Tenant.KubeKind].Restore(stated.Metadata, KindModel.ToJson(stated.Spec), null);
        overrides.ApplyTo(tenant.Spec);
        if (isRehearsal)
        {
            (tenant.Spec.Mode, tenant.Spec.Interval) = (TenantMode.Enforce, OneRead);
        }

        return tenant;
    }

    private IReadOnlyList<ResourceKey> Gone(FolderContents contents)
    {
        if (contents.Problems.Count > 0)
        {
            _absences.Forget();
            return [];
        }

        return _absences.Confirm(
            _records.Values.Where(r => !r.IsDeleting).Select(r => r.Key).Concat(_manifests.Keys).Where(k => !contents.Resources.ContainsKey(k) && !_context.Contains(k)).ToHashSet());
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
        (DataManifest b, DataManifest a) => b.File == a.File && b.Object.Version == a.Object.Version && Entries.AreSame(b.Object.Labels, a.Object.Labels)
            && Entries.AreSame(b.Object.Annotations, a.Object.Annotations),
        (NamespaceManifest b, NamespaceManifest a) => Entries.AreSame(b.Labels, a.Labels),
        _ => false,
    };
}
