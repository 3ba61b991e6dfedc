using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Faults;
using SmimeOperator.TenantSimulator.Limits;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.TenantSimulator.Tokens;
using SmimeOperator.TenantSimulator.Writes;

namespace SmimeOperator.TenantSimulator;

/// <summary>The tenant from inside: everything that a person in the portal, or a test, does to it without going through Graph.</summary>
public sealed partial class SimulatedTenant
{
    private readonly TenantStore _store;
    private readonly FaultRules _faults;
    private readonly RequestLimits _limits;
    private readonly BearerTokens _tokens;

    internal SimulatedTenant(TenantStore store, FaultRules faults, RequestLimits limits, BearerTokens tokens, RequestLog log)
    {
        _store = store;
        _faults = faults;
        _limits = limits;
        _tokens = tokens;
        Log = log;
    }

    /// <summary>The Entra tenant id.</summary>
    public string TenantId => _store.Options.TenantId;

    /// <summary>Everything that was asked of the tenant.</summary>
    public RequestLog Log { get; }

    /// <summary>The names of the collections, as the paths spell them.</summary>
    public static IReadOnlyList<string> Collections { get; } = [.. CollectionKind.All.Select(c => c.Name)];

    /// <summary>The request limits in force; setting them forgets what was counted.</summary>
    public PublishedLimits Limits
    {
        get => _limits.Current;
        set => _limits.Current = value;
    }

    /// <summary>The fault rules in force.</summary>
    public IReadOnlyList<FaultRule> Faults => _faults.Current;

    /// <summary>Adds a fault rule. Of several that match a request, the first one strikes.</summary>
    public void AddFault(FaultRule rule)
    {
        Dictionary<string, IReadOnlyList<TenantObject>>? picture = null;
        if (rule.StaleList)
        {
            lock (_store.Gate)
            {
                picture = _store.Collections.ToDictionary(
                    c => c.Kind.Name, IReadOnlyList<TenantObject> (c) => [.. c.Items], StringComparer.Ordinal);
            }
        }

        _faults.Add(rule, picture);
    }

    /// <summary>Drops all fault rules.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>A bearer token for this tenant.</summary>
    /// <param name="appId">The application.</param>
    /// <param name="roles">Its application permissions; null for a token that may do everything.</param>
    /// <param name="lifetime">One hour when absent; negative for a token that has expired.</param>
    public string IssueToken(string appId, IEnumerable<string>? roles = null, TimeSpan? lifetime = null) =>
        _tokens.Issue(appId, roles, lifetime ?? TimeSpan.FromHours(1));

    /// <summary>How many objects a collection holds.</summary>
    public int Count(string collection)
    {
        lock (_store.Gate)
        {
            return _store[KindOf(collection)].Items.Count;
        }
    }

    /// <summary>All objects of a collection, as Graph would show them, assignments included where there can be any.</summary>
    public IReadOnlyList<JsonObject> List(string collection)
    {
        var kind = KindOf(collection);
        lock (_store.Gate)
        {
            return [.. _store[kind].Items.Select(i => Show(kind, i))];
        }
    }

    /// <summary>One object, visible or not; null when there is none.</summary>
    public JsonObject? Find(string collection, string id)
    {
        var kind = KindOf(collection);
        lock (_store.Gate)
        {
            return _store[kind].Find(id) is { } item ? Show(kind, item) : null;
        }
    }

    /// <summary>The id that a reference of an object leads to, such as a SCEP profile's rootCertificate.</summary>
    public string? FindReference(string collection, string id, string navigation)
    {
        lock (_store.Gate)
        {
            return _store[KindOf(collection)].Find(id)?.References.GetValueOrDefault(navigation);
        }
    }

    /// <summary>What was uploaded with an imported certificate.</summary>
    public StoredPfx? StoredPfx(string id)
    {
        lock (_store.Gate)
        {
            return _store["userPfxCertificates"].Find(id)?.Pfx;
        }
    }

    /// <summary>Sets what devices or users have reported, such as deviceStatusOverview with its successCount.</summary>
    /// <exception cref="ArgumentException">The object has no such summary, or a count does not exist or has the wrong type.</exception>
    public bool Report(string collection, string id, string summary, JsonObject counts)
    {
        var kind = KindOf(collection);
        lock (_store.Gate)
        {
            if (_store[kind].Find(id) is not { } item)
            {
                return false;
            }

            if (!item.Type.TryNavigation(summary, out var navigation) || !navigation.IsContained || navigation.IsCollection)
            {
                throw new ArgumentException($"{item.Type.FullName} has no {summary}.", nameof(summary));
            }

            var values = Check(GraphSchema.Current.Types[navigation.TypeName], counts);
            _store.Replace(kind, item.With(TenantStore.CopyOf(item)) with { Summaries = item.Summaries.SetItem(summary, values) }, isChange: false);
            return true;
        }
    }

    /// <summary>Changes an object behind everybody's back: sets properties, raises the version.</summary>
    /// <exception cref="ArgumentException">A property does not exist or has the wrong type.</exception>
    public bool Change(string collection, string id, JsonObject properties)
    {
        var kind = KindOf(collection);
        lock (_store.Gate)
        {
            if (_store[kind].Find(id) is not { } item)
            {
                return false;
            }

            var copy = TenantStore.CopyOf(item);
            foreach (var (name, value) in Check(item.Type, properties))
            {
                copy[name] = value?.DeepClone();
            }

            var assignments = properties["assignments"] is JsonArray array ? ReadAssignments(kind, id, array) : item.Assignments;
            _store.Replace(kind, item.With(assignments, copy));
            return true;
        }
    }

    /// <summary>Deletes an object behind everybody's back.</summary>
    public bool Delete(string collection, string id)
    {
        lock (_store.Gate)
        {
            var removed = _store[KindOf(collection)].Remove(id);
            if (removed)
            {
                _store.Changed();
            }

            return removed;
        }
    }

    /// <summary>Adds an assignment that belongs to a policy set, which assign actions leave alone.</summary>
    public void AddPolicySetAssignment(string collection, string id, string groupId)
    {
        var kind = KindOf(collection);
        lock (_store.Gate)
        {
            var item = _store[kind].Find(id) ?? throw new ArgumentException($"There is no {collection}('{id}').", nameof(id));
            var target = new JsonObject
            {
                ["@odata.type"] = "#microsoft.graph.groupAssignmentTarget",
                ["deviceAndAppManagementAssignmentFilterId"] = null,
                ["deviceAndAppManagementAssignmentFilterType"] = "none",
                ["groupId"] = groupId,
            };
            var assignment = new AssignmentReader(_store).Complete(kind, id, new JsonObject { ["target"] = target }, "policySets");
            _store.Replace(kind, item.With(item.Assignments.Add(assignment), TenantStore.CopyOf(item)), isChange: false);
        }
    }

    private static CollectionKind KindOf(string collection) =>
        CollectionKind.Find(collection) ?? throw new ArgumentException($"There is no collection '{collection}'.", nameof(collection));

    private static JsonObject Show(CollectionKind kind, TenantObject item) =>
        (JsonObject)JsonNode.Parse(ObjectRenderer.Render(item, kind, kind.Assign != AssignStyle.None))!;

    /// <summary>Holds properties against the type; read-only ones may be set from inside.</summary>
    private static JsonObject Check(TypeKind type, JsonObject properties)
    {
        var violations = new List<string>();
        var result = new JsonObject();
        foreach (var (name, value) in properties)
        {
            if (name is "assignments" or "id" || name.StartsWith('@'))
            {
                continue;
            }

            if (type.TryProperty(name, out var property))
            {
                result[name] = ValueReader.Read(property, value, name, violations);
            }
            else if (type.IsOpen)
            {
                result[name] = value?.DeepClone();
            }
            else
            {
                violations.Add($"{name} does not exist on {type.FullName}");
            }
        }

        return violations.Count == 0 ? result : throw new ArgumentException(string.Join("; ", violations), nameof(properties));
    }

    private ImmutableArray<JsonObject> ReadAssignments(CollectionKind kind, string id, JsonArray array)
    {
        var violations = new List<string>();
        var reader = new AssignmentReader(_store);
        var result = array
            .Select((a, i) => reader.Read(kind, id, a, $"assignments[{i}]", violations))
            .OfType<JsonObject>()
            .ToImmutableArray();
        return violations.Count == 0 ? result : throw new ArgumentException(string.Join("; ", violations), nameof(array));
    }
}
