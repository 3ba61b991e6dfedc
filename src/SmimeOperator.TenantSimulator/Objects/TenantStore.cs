using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.TenantSimulator.Writes;

namespace SmimeOperator.TenantSimulator.Objects;

/// <summary>The tenant's memory: its collections behind one lock.</summary>
internal sealed class TenantStore
{
    private readonly Dictionary<string, ObjectCollection> _collections =
        CollectionKind.All.ToDictionary(c => c.Name, c => new ObjectCollection(c), StringComparer.Ordinal);

    private readonly Random _random;
    private readonly RSA? _connectorKey;
    private long _sequence;
    private long _revision;

    public TenantStore(SimulatorOptions options)
    {
        Options = options;
        _random = new Random(options.Seed);
        if (options.ConnectorPrivateKeyPem is { } pem)
        {
            _connectorKey = RSA.Create();
            _connectorKey.ImportFromPem(pem);
        }
    }

    public Lock Gate { get; } = new();

    public SimulatorOptions Options { get; }

    /// <summary>Grows with every change; whoever saves the state compares it.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    public DateTimeOffset Now => Options.TimeProvider.GetUtcNow();

    public ObjectCollection this[CollectionKind kind] => _collections[kind.Name];

    public ObjectCollection this[string name] => _collections[name];

    public IEnumerable<ObjectCollection> Collections => _collections.Values;

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_random)
        {
            _random.NextBytes(bytes);
        }

        return new Guid(bytes);
    }

    public long NextSequence() => ++_sequence;

    public void Changed() => Interlocked.Increment(ref _revision);

    public bool IsVisible(TenantObject item) => item.VisibleFrom <= Now;

    public StoredPfx MakePfx(byte[] blob, byte[] password, string padding) => new(blob, password, padding, _connectorKey);

    /// <summary>Adds an object whose properties have been checked. Call it under the lock.</summary>
    /// <param name="kind">The collection.</param>
    /// <param name="type">The object's type.</param>
    /// <param name="id">Its id.</param>
    /// <param name="properties">Its properties; defaults are filled in.</param>
    /// <param name="complete">Adds what is not a property.</param>
    public TenantObject Add(
        CollectionKind kind, TypeKind type, string id, JsonObject properties, Func<TenantObject, TenantObject>? complete = null)
    {
        Stamp(type, properties, isNew: true);
        Defaults.Fill(type, properties);
        var item = new TenantObject
        {
            Id = id,
            Type = type,
            Sequence = NextSequence(),
            Properties = properties,
            VisibleFrom = Now + Options.VisibilityDelay,
        };
        item = complete?.Invoke(item) ?? item;
        this[kind].Add(item);
        Changed();
        return item;
    }

    /// <summary>Puts an object back as it was saved. Call it under the lock.</summary>
    public void Restore(CollectionKind kind, TenantObject item)
    {
        this[kind].Add(item);
        _sequence = Math.Max(_sequence, item.Sequence);
    }

    /// <summary>Puts a changed copy in the place of an object, with a new version and time. Call it under the lock.</summary>
    public void Replace(CollectionKind kind, TenantObject item, bool isChange = true)
    {
        if (isChange)
        {
            Stamp(item.Type, item.Properties, isNew: false);
        }

        this[kind].Replace(item);
        Changed();
    }

    /// <summary>A deep copy of an object's properties, for a change to work on.</summary>
    public static JsonObject CopyOf(TenantObject item) => (JsonObject)item.Properties.DeepClone();

    private void Stamp(TypeKind type, JsonObject properties, bool isNew)
    {
        var now = ValueReader.Format(Now);
        if (isNew && type.TryProperty("createdDateTime", out _) && properties["createdDateTime"] is null)
        {
            properties["createdDateTime"] = now;
        }

        if (type.TryProperty("lastModifiedDateTime", out _) && !(isNew && properties["lastModifiedDateTime"] is not null))
        {
            properties["lastModifiedDateTime"] = now;
        }

        if (type.TryProperty("version", out var version) && version.TypeName == "Int32")
        {
            properties["version"] = isNew ? 1 : (int)properties["version"]! + 1;
        }
    }
}
