using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing.Graph;

namespace SmimeOperator.Reconciliation.Tests.Properties;

/// <summary>
/// What holds for every type that the operator writes, whoever adds one: the registry of shapes says which they are, the official schema what
/// their fields hold, the simulated tenant what becomes of them. <c>PROPERTY_SEED</c> repeats a run.
/// </summary>
public sealed class EveryTypeTests
{
    private const int Samples = 3;
    private const string Role = "property";

    private static readonly CsdlSchema? Official = CsdlSchema.TryLoad()?.AcceptPlatforms();

    public static TheoryData<string> Types => [.. ObjectShapes.All.Select(s => s.Type)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Created_it_is_in_sync_each_field_drifts_alone_and_is_corrected_once_and_what_means_the_same_never_drifts(string type)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PROPERTY_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"PROPERTY_SEED={seed}");
        Assert.SkipWhen(Official is null, "the official schema is not there");
        var random = new Random(seed);
        await using var tenant = await SimulatorHost.StartAsync(new SimulatorOptions { Limits = PublishedLimits.Off }, TestContext.Current.CancellationToken);
        var values = new SchemaValues(Official, random, [tenant.Tenant.AddStoreApp(), tenant.Tenant.AddStoreApp()]);
        var shape = ObjectShapes.Of(type)!;
        await using var world = new World(tenant, shape);
        for (var sample = 0; sample < Samples; sample++)
        {
            var told = $"{type}, sample {sample}, PROPERTY_SEED={seed}";
            var fields = shape.Fields.ToDictionary(f => f.Key, f => ValueOf(values, shape, f.Key, f.Value, told));
            await world.CreateAsync(fields, told);
            await EachFieldDriftsAloneAsync(world, values, shape, told);
            NothingThatMeansTheSameDrifts(world, random, shape, told);
            world.Remove();
        }
    }

    private static JsonNode ValueOf(SchemaValues values, ObjectShape shape, string field, FieldKind kind, string told)
    {
        var property = values.Find(shape.Type, field).ShouldNotBeNull($"{told}: the schema has no {field}");
        if (!shape.CreateOnly.Contains(field))
        {
            values.KindsOf(property).ShouldContain(kind, $"{told}: {field} is {property.TypeName}");
        }

        return values.Of(property);
    }

    private static async Task EachFieldDriftsAloneAsync(World world, SchemaValues values, ObjectShape shape, string told)
    {
        foreach (var (field, kind) in shape.Fields.Where(f => !shape.CreateOnly.Contains(f.Key)))
        {
            var property = values.Find(shape.Type, field)!;
            var before = world.Observed[field]!.DeepClone();
            var (changed, path) = (Other(values, property, kind, before), "/" + field);
            if (kind == FieldKind.Settings)
            {
                (changed, var key) = OtherSetting(before.AsArray());
                path += "/" + key;
            }
            else if (kind == FieldKind.ManagedConfiguration)
            {
                (changed, var key) = OtherManagedProperty(before);
                path += "/" + key;
            }

            await world.ChangeAsync(field, changed);
            var found = world.Plan();
            found.Drift.Select(d => d.Path).ShouldBe([path], $"{told}: {field} from {before} to {changed}");

            // What is fixed at creation takes a new object, and the old one goes.
            (await world.ApplyAsync(found)).ShouldBe(shape.Fixed.Contains(field) ? 2 : 1, $"{told}: {field}");
            var after = world.Plan();
            after.Plan.Changes.ShouldBeEmpty($"{told}: {field} was corrected");
            after.Drift.ShouldBeEmpty($"{told}: {field} was corrected");
        }
    }

    private static JsonNode Other(SchemaValues values, CsdlProperty property, FieldKind kind, JsonNode before)
    {
        if (property.Name == "targetedMobileApps")
        {
            return new JsonArray();
        }

        for (var i = 0; i < 1000; i++)
        {
            var other = values.Of(property);
            var isSame = kind == FieldKind.Flags ? Members(other).SetEquals(Members(before)) : JsonNode.DeepEquals(other, before);
            if (!isSame)
            {
                return other;
            }
        }

        throw new InvalidOperationException($"{property.Name} has one value only.");
    }

    private static (JsonNode Changed, string Key) OtherSetting(JsonArray before)
    {
        var changed = before.DeepClone().AsArray();
        changed[0]!["appConfigKeyValue"] = "changed in the portal";
        return (changed, (string)changed[0]!["appConfigKey"]!);
    }

    private static (JsonNode Changed, string Key) OtherManagedProperty(JsonNode before)
    {
        var payload = SchemaValues.Decode(before);
        var first = payload["managedProperty"]![0]!;
        first["valueString"] = "changed in the portal";
        return (SchemaValues.Encode(payload), (string)first["key"]!);
    }

    private static JsonNode Reordered(Random random, JsonNode before)
    {
        var payload = SchemaValues.Decode(before);
        payload["managedProperty"] = new JsonArray([.. Shuffled(random, [.. payload["managedProperty"]!.AsArray()]).Select(i => i!.DeepClone())]);
        return SchemaValues.Encode(new JsonObject([.. payload.Reverse().Select(p => System.Collections.Generic.KeyValuePair.Create(p.Key, p.Value?.DeepClone()))]));
    }

    private static void NothingThatMeansTheSameDrifts(World world, Random random, ObjectShape shape, string told)
    {
        var observed = world.Observed.DeepClone().AsObject();
        foreach (var (field, kind) in shape.Fields)
        {
            observed[field] = kind switch
            {
                FieldKind.Enum => SwapCase((string)observed[field]!),
                FieldKind.Flags => string.Join(", ", Shuffled(random, [.. Members(observed[field]!)]).Select(SwapCase)),
                FieldKind.Set => new JsonArray([.. Shuffled(random, [.. observed[field]!.AsArray()]).Select(i => (JsonNode)SwapCase((string)i!))]),
                FieldKind.Records or FieldKind.Settings => new JsonArray([.. Shuffled(random, [.. observed[field]!.AsArray()]).Select(i => i!.DeepClone())]),
                FieldKind.ManagedConfiguration => Reordered(random, observed[field]!),
                FieldKind.Text when observed[field] is JsonValue text && text.GetValueKind() == JsonValueKind.String =>
                    ((string)text!).Replace("\n", "\r\n", StringComparison.Ordinal),
                _ => observed[field]?.DeepClone(),
            };
        }

        // What the service writes by itself, and how it writes it.
        observed["version"] = 4711;
        observed["lastModifiedDateTime"] = "2026-02-02T01:02:03.1234567+00:00";
        observed["createdDateTime"] = "2026-02-02T01:02:03Z";
        observed["somethingNew"] = new JsonObject { ["a"] = 1 };
        var found = world.PlanOver(observed);
        found.Drift.Select(d => (d.Path, d.Expected, d.Observed)).ShouldBeEmpty(told);
        found.Plan.Changes.ShouldBeEmpty(told);

        // An empty value, null and a missing one are the same.
        foreach (var (field, kind) in shape.Fields.Where(f =>
            f.Value is FieldKind.Text or FieldKind.Set or FieldKind.Records or FieldKind.Settings && !shape.CreateOnly.Contains(f.Key) && f.Key != world.MarkerField))
        {
            JsonNode empty = kind == FieldKind.Text ? "" : new JsonArray();
            foreach (var shown in new[] { empty.DeepClone(), null })
            {
                world.CompareEmpty(field, empty.DeepClone(), shown).ShouldBeEmpty($"{told}: {field}");
            }

            world.CompareEmpty(field, empty, null, isMissing: true).ShouldBeEmpty($"{told}: {field}");
        }
    }

    private static HashSet<string> Members(JsonNode flags) => [.. ((string)flags!).Split(',', StringSplitOptions.TrimEntries)];

    private static T[] Shuffled<T>(Random random, T[] items)
    {
        random.Shuffle(items);
        return items;
    }

    private static string SwapCase(string text) => string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : char.IsAsciiLetter(c) ? char.ToUpperInvariant(c) : c));

    /// <summary>One object of one type in a simulated tenant, planned and applied as the operator does it.</summary>
    private sealed class World : IAsyncDisposable
    {
        private static readonly DriftSpec Correct = new() { AllowDisruptive = true };

        private readonly SimulatorHost _host;
        private readonly ObjectShape _shape;
        private readonly ServiceProvider _services;
        private readonly IIntuneTenant _tenant;
        private Dictionary<string, JsonNode> _fields = [];
        private OwnedObjects _owned = new(null);

        public World(SimulatorHost host, ObjectShape shape)
        {
            (_host, _shape) = (host, shape);
            _services = new ServiceCollection().AddLogging().AddIntune(o => o.ConsistencyGrace = TimeSpan.Zero).AddReconciliation().BuildServiceProvider();
            _tenant = _services.GetRequiredService<IIntuneTenantFactory>().Connect(new TenantConnection
            {
                TenantId = host.Tenant.TenantId,
                GraphRoot = host.BaseAddress,
                Scope = "https://graph.microsoft.com/.default",
                Credential = null,
                WritesPer20s = 10_000,
                RequestsPer20s = 100_000,
            });
        }

        public string MarkerField => _shape.Collection == TenantCollection.MobileApps ? "notes" : "description";

        public JsonObject Observed => JsonSerializer.SerializeToNode(Current.Properties)!.AsObject();

        private TenantObject Current => _tenant.Current!.Find(_shape.Collection, _owned.All.Single().Id)!;

        private DesiredObject Desired => new()
        {
            Role = Role,
            Shape = _shape,
            Stage = ChangeStage.Profiles,
            Name = "property",
            Mark = new OwnershipMark("cluster", "SmimePolicy/ns/property", "uid", Role),
            Compose = Compose,
        };

        public async Task CreateAsync(Dictionary<string, JsonNode> fields, string told)
        {
            (_fields, _owned) = (fields, new OwnedObjects(null));
            await _tenant.RefreshAsync(TestContext.Current.CancellationToken);
            (await ApplyAsync(Plan())).ShouldBe(1, told);
            var found = Plan();
            found.Drift.Select(d => (d.Path, d.Expected, d.Observed)).ShouldBeEmpty(told);
            found.Plan.Changes.ShouldBeEmpty(told);
        }

        public PlanningResult Plan() => Plan(_tenant.Current!);

        public PlanningResult PlanOver(JsonObject observed)
        {
            var current = Current with { Properties = JsonSerializer.SerializeToElement(observed) };
            return Plan(new TenantSnapshot
            {
                Revision = 1,
                ReadAt = DateTimeOffset.UnixEpoch,
                Objects = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(
                    Enum.GetValues<TenantCollection>(),
                    c => c,
                    c => (IReadOnlyDictionary<string, TenantObject>)(c == _shape.Collection ? new Dictionary<string, TenantObject> { [current.Id] = current } : [])),
                CertificatesByUser = new Dictionary<string, IReadOnlyList<ImportedCertificate>>(),
                CertificateCount = 0,
                Connectors = [],
                AssignmentFilters = [],
                DerivedCredentials = [],
                Faults = new Dictionary<SnapshotPart, TenantException>(),
            });
        }

        public IReadOnlyList<FieldDifference> CompareEmpty(string field, JsonNode desired, JsonNode? shown, bool isMissing = false)
        {
            var observed = isMissing ? new JsonObject() : new JsonObject { [field] = shown };
            return FieldComparison.Compare(
                _shape, JsonSerializer.SerializeToElement(new JsonObject { [field] = desired }), JsonSerializer.SerializeToElement(observed));
        }

        public async Task<int> ApplyAsync(PlanningResult found)
        {
            var applied = await _services.GetRequiredService<Applier>().ApplyAsync(_tenant, "SmimePolicy/ns/property", found.Plan.Changes, null, TestContext.Current.CancellationToken);
            applied.Select(a => a.Fault?.Message).ShouldAllBe(f => f == null);
            applied.ToList().ForEach(_owned.Record);
            await _tenant.RefreshAsync(TestContext.Current.CancellationToken);
            return applied.Count;
        }

        public async Task ChangeAsync(string field, JsonNode value)
        {
            _host.Tenant.Change(Collection, Current.Id, new JsonObject { [field] = value.DeepClone() }).ShouldBeTrue();
            await _tenant.RefreshAsync(TestContext.Current.CancellationToken);
        }

        public void Remove() => _host.Tenant.Delete(Collection, Current.Id).ShouldBeTrue();

        public async ValueTask DisposeAsync()
        {
            await _tenant.DisposeAsync();
            await _services.DisposeAsync();
        }

        private string Collection => SimulatedTenant.Collections.Single(c => _host.Tenant.Find(c, Current.Id) is not null);

        private PlanningResult Plan(TenantSnapshot snapshot) =>
            ObjectPlanner.Plan(new PlanningInput { Desired = [Desired], Owned = _owned.All, Snapshot = snapshot, Drift = Correct });

        private Entity Compose(OwnershipMark mark, TenantObject? current)
        {
            var body = new Entity { OdataType = "#microsoft.graph." + _shape.Type };
            foreach (var (field, value) in _fields.Where(f => current is null || !_shape.CreateOnly.Contains(f.Key)))
            {
                body.AdditionalData[field] = Untyped(field == MarkerField ? mark.AppendTo((string)value!) : value);
            }

            return body;
        }

        private static UntypedNode Untyped(JsonNode? value) => value switch
        {
            null => new UntypedNull(),
            JsonArray array => new UntypedArray(array.Select(Untyped).ToList()),
            JsonObject members => new UntypedObject(members.ToDictionary(m => m.Key, m => Untyped(m.Value))),
            _ => value.GetValueKind() switch
            {
                JsonValueKind.True => new UntypedBoolean(true),
                JsonValueKind.False => new UntypedBoolean(false),
                JsonValueKind.Number => new UntypedInteger((int)value),
                _ => new UntypedString((string)value!),
            },
        };
    }
}
