using System.Collections.Frozen;
using System.Collections.Immutable;

namespace SmimeOperator.Intune;

/// <summary>What is known of the tenant: the last good reads with our own writes on top. Hands out immutable snapshots, made when asked for.</summary>
internal sealed class SnapshotStore(TimeSpan grace)
{
    private static readonly TenantCollection[] Collections = Enum.GetValues<TenantCollection>();

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantCollection, ImmutableDictionary<string, TenantObject>> _objects = Collections.ToDictionary(
        c => c, _ => ImmutableDictionary.Create<string, TenantObject>(StringComparer.OrdinalIgnoreCase));

    private readonly Dictionary<TenantCollection, WriteJournal<TenantObject>> _objectWrites = Collections.ToDictionary(
        c => c, _ => new WriteJournal<TenantObject>(grace, TenantObjectJson.Same));

    private readonly WriteJournal<ImportedCertificate> _certificateWrites = new(grace, static (one, other) => one == other);
    private readonly Dictionary<SnapshotPart, TenantException> _faults = [];
    private readonly Dictionary<SnapshotPart, TimeSpan> _begun = [];
    private ImmutableDictionary<string, IReadOnlyList<ImportedCertificate>> _certificates =
        ImmutableDictionary.Create<string, IReadOnlyList<ImportedCertificate>>(StringComparer.OrdinalIgnoreCase);

    private IReadOnlyList<Connector> _connectors = [];
    private IReadOnlyList<AssignmentFilter> _filters = [];
    private IReadOnlyList<DerivedCredentialIssuer> _issuers = [];
    private int _certificateCount;
    private DateTimeOffset? _readAt;
    private long _revision;
    private TenantSnapshot? _current;
    private FrozenDictionary<TenantCollection, IReadOnlyDictionary<string, TenantObject>>? _shownObjects;
    private ImmutableHashSet<string> _unseen = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);
    private HashSet<string> _changedObjects = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string> _changedUsers = new(StringComparer.OrdinalIgnoreCase);
    private bool _sharedChanged;

    /// <summary>The newest snapshot; null until the tenant was read once.</summary>
    public TenantSnapshot? Current
    {
        get
        {
            lock (_lock)
            {
                return _readAt is { } readAt ? _current ??= Make(readAt) : null;
            }
        }
    }

    /// <summary>A collection was read whole.</summary>
    public void ReadObjects(SnapshotPart part, TenantCollection collection, Dictionary<string, TenantObject> list, TimeSpan begun)
    {
        lock (_lock)
        {
            if (IsOutdated(part, begun))
            {
                return;
            }

            _objectWrites[collection].Overlay(list, begun);
            _unseen = _unseen.Clear().Union(_objectWrites.Values.SelectMany(w => w.Unseen));
            var before = _objects[collection];
            var changed = SnapshotDiff.Objects(before, list).ToList();
            if (changed.Count > 0)
            {
                _objects[collection] = before.RemoveRange(changed).AddRange(changed.Where(list.ContainsKey).Select(id => KeyValuePair.Create(id, list[id])));
                _changedObjects.UnionWith(changed);
            }

            // What changed only in the service's own stamps is taken over without a word.
            _objects[collection] = _objects[collection].SetItems(list.Where(o => !ReferenceEquals(o.Value, _objects[collection].GetValueOrDefault(o.Key))));
            Good(part);
        }
    }

    /// <summary>The imported certificates were read whole.</summary>
    public void ReadCertificates(Dictionary<string, ImportedCertificate> list, TimeSpan begun)
    {
        lock (_lock)
        {
            if (IsOutdated(SnapshotPart.ImportedCertificates, begun))
            {
                return;
            }

            _certificateWrites.Overlay(list, begun);
            (_certificates, var changed) = SnapshotDiff.Certificates(_certificates, list.Values);
            _certificateCount = list.Count;
            _changedUsers.UnionWith(changed);
            Good(SnapshotPart.ImportedCertificates);
        }
    }

    /// <summary>The connectors were read whole.</summary>
    public void ReadConnectors(IReadOnlyList<Connector> list, TimeSpan begun)
    {
        lock (_lock)
        {
            if (!IsOutdated(SnapshotPart.Connectors, begun))
            {
                _sharedChanged |= !_connectors.SequenceEqual(list);
                _connectors = list;
                Good(SnapshotPart.Connectors);
            }
        }
    }

    /// <summary>The assignment filters were read whole.</summary>
    public void ReadFilters(IReadOnlyList<AssignmentFilter> list, TimeSpan begun)
    {
        lock (_lock)
        {
            if (!IsOutdated(SnapshotPart.AssignmentFilters, begun))
            {
                _sharedChanged |= !_filters.SequenceEqual(list);
                _filters = list;
                Good(SnapshotPart.AssignmentFilters);
            }
        }
    }

    /// <summary>The issuers of derived credentials were read whole.</summary>
    public void ReadIssuers(IReadOnlyList<DerivedCredentialIssuer> list, TimeSpan begun)
    {
        lock (_lock)
        {
            if (!IsOutdated(SnapshotPart.DerivedCredentials, begun))
            {
                _sharedChanged |= !_issuers.SequenceEqual(list);
                _issuers = list;
                Good(SnapshotPart.DerivedCredentials);
            }
        }
    }

    /// <summary>A part could not be read. What was known of it is kept for comparison, but no longer shown.</summary>
    public void Failed(SnapshotPart part, TenantException fault, TimeSpan begun)
    {
        lock (_lock)
        {
            if (!IsOutdated(part, begun))
            {
                _sharedChanged |= !_faults.TryGetValue(part, out var before) || before.Kind != fault.Kind;
                _faults[part] = fault;
                Changed(objects: true);
            }
        }
    }

    /// <summary>Every part was tried in a read that began at a time.</summary>
    public void ReadWhole(DateTimeOffset readAt)
    {
        lock (_lock)
        {
            _readAt = readAt;
            Changed(objects: false);
        }
    }

    /// <summary>We made or changed an object.</summary>
    public void Put(TenantObject value, TimeSpan at)
    {
        lock (_lock)
        {
            var known = _objects[value.Collection];
            _objectWrites[value.Collection].Put(value.Id, value, known.GetValueOrDefault(value.Id), at);
            _objects[value.Collection] = known.SetItem(value.Id, value);
            _unseen = _unseen.Add(value.Id);
            Changed(objects: true);
        }
    }

    /// <summary>We deleted an object.</summary>
    public void Remove(TenantCollection collection, string id, TimeSpan at)
    {
        lock (_lock)
        {
            _objectWrites[collection].Remove(id, at);
            _objects[collection] = _objects[collection].Remove(id);
            _unseen = _unseen.Remove(id);
            Changed(objects: true);
        }
    }

    /// <summary>We imported a certificate.</summary>
    public void Put(ImportedCertificate value, TimeSpan at)
    {
        lock (_lock)
        {
            var list = _certificates.GetValueOrDefault(value.UserKey) ?? [];
            var before = list.FirstOrDefault(c => IsSameKey(c, value.Id));
            _certificateWrites.Put(value.Id, value, before, at);
            SetUser(value.UserKey, [.. list.Where(c => c != before).Append(value).OrderBy(c => c.Id, StringComparer.Ordinal)], list.Count);
        }
    }

    /// <summary>We deleted an imported certificate.</summary>
    public void RemoveCertificate(string id, TimeSpan at)
    {
        lock (_lock)
        {
            _certificateWrites.Remove(id, at);
            var user = id.Length > 33 && id[32] == '-' ? id[..32] : "";
            var list = _certificates.GetValueOrDefault(user) ?? [];
            SetUser(user, [.. list.Where(c => !IsSameKey(c, id))], list.Count);
        }
    }

    /// <summary>What changed since this was asked last, our own writes left out.</summary>
    public SnapshotChange TakeChange(TenantSnapshot current)
    {
        lock (_lock)
        {
            var change = new SnapshotChange(current, _changedObjects, _changedUsers, _sharedChanged);
            _changedObjects = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            _changedUsers = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            _sharedChanged = false;
            return change;
        }
    }

    private static bool IsSameKey(ImportedCertificate certificate, string id) => string.Equals(certificate.Id, id, StringComparison.OrdinalIgnoreCase);

    private void SetUser(string user, ImportedCertificate[] list, int before)
    {
        _certificates = list.Length == 0 ? _certificates.Remove(user) : _certificates.SetItem(user, list);
        _certificateCount += list.Length - before;
        Changed(objects: false);
    }

    // Two reads of one part may overlap; the one that began later knows more.
    private bool IsOutdated(SnapshotPart part, TimeSpan begun)
    {
        if (_begun.TryGetValue(part, out var last) && begun < last)
        {
            return true;
        }

        _begun[part] = begun;
        return false;
    }

    private void Good(SnapshotPart part)
    {
        _sharedChanged |= _faults.Remove(part);
        Changed(objects: true);
    }

    private void Changed(bool objects)
    {
        _revision++;
        _current = null;
        _shownObjects = objects ? null : _shownObjects;
    }

    private TenantSnapshot Make(DateTimeOffset readAt)
    {
        _shownObjects ??= Collections.ToFrozenDictionary(
            c => c, c => (IReadOnlyDictionary<string, TenantObject>)(IsFaulty(SnapshotReader.PartOf(c)) ? _objects[c].Clear() : _objects[c]));
        var certificates = !IsFaulty(SnapshotPart.ImportedCertificates);
        return new TenantSnapshot
        {
            Revision = _revision,
            ReadAt = readAt,
            Objects = _shownObjects,
            CertificatesByUser = certificates ? _certificates : _certificates.Clear(),
            CertificateCount = certificates ? _certificateCount : 0,
            Connectors = IsFaulty(SnapshotPart.Connectors) ? [] : _connectors,
            AssignmentFilters = IsFaulty(SnapshotPart.AssignmentFilters) ? [] : _filters,
            DerivedCredentials = IsFaulty(SnapshotPart.DerivedCredentials) ? [] : _issuers,
            Unseen = _unseen,
            Faults = _faults.ToFrozenDictionary(),
        };
    }

    private bool IsFaulty(SnapshotPart part) => _faults.ContainsKey(part);
}
