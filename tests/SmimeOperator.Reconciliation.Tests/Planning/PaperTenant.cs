using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation.Tests;

/// <summary>A tenant as data, for the pure planners: it keeps what it is given, dressed up as the service dresses it.</summary>
internal sealed class PaperTenant
{
    private readonly Dictionary<string, TenantObject> _objects = [];
    private int _next;

    public List<DerivedCredentialIssuer> Issuers { get; } = [];

    public TenantSnapshot Snapshot => new()
    {
        Revision = 1,
        ReadAt = DateTimeOffset.UnixEpoch,
        Objects = Enum.GetValues<TenantCollection>().ToFrozenDictionary(
            c => c, c => (IReadOnlyDictionary<string, TenantObject>)_objects.Values.Where(o => o.Collection == c).ToDictionary(o => o.Id)),
        CertificatesByUser = new Dictionary<string, IReadOnlyList<ImportedCertificate>>(),
        CertificateCount = 0,
        Connectors = [],
        AssignmentFilters = [],
        DerivedCredentials = Issuers,
        Faults = new Dictionary<SnapshotPart, TenantException>(),
    };

    public IEnumerable<TenantObject> All => _objects.Values;

    public TenantObject Add(TenantCollection collection, string type, JsonElement body)
    {
        var properties = JsonSerializer.SerializeToNode(body)!.AsObject();
        properties.Remove("@odata.type");
        // What the service adds by itself must never read as drift.
        properties["id"] = $"00000000-0000-0000-0000-{++_next:D12}";
        properties["version"] = 1;
        properties["createdDateTime"] = "2026-01-01T00:00:00.1234567Z";
        properties["supportsScopeTags"] = true;
        properties["encodedSettingXml"] = null;
        properties["roleScopeTagIds"] ??= new JsonArray("0");
        return Put(new TenantObject(collection, (string)properties["id"]!, type, ToElement(properties), []));
    }

    public TenantObject Change(TenantObject current, Action<JsonObject> change)
    {
        var properties = JsonSerializer.SerializeToNode(current.Properties)!.AsObject();
        change(properties);
        return Put(current with { Properties = ToElement(properties) });
    }

    public TenantObject Assign(TenantObject current, IEnumerable<TenantAssignment> assignments) =>
        Put(current with { Assignments = [.. assignments, .. current.Assignments.Where(a => a.FromPolicySet)] });

    private TenantObject? Removed(string id)
    {
        _objects.Remove(id);
        return null;
    }

    /// <summary>Does what the applier would have the service do.</summary>
    public TenantObject? Apply(PlannedChange change) => change.Step switch
    {
        ChangeStep.CreateObject create => Bind(
            Add(create.Desired.Shape.Collection, create.Desired.Shape.Type, BodyJson.Of(create.Desired.Body)), create.Desired.References),
        ChangeStep.UpdateObject update => Change(Bind(_objects[update.Current.Id], update.Desired.References), properties =>
        {
            foreach (var sent in BodyJson.Of(update.Desired.BodyOver(update.Current)).EnumerateObject().Where(p => p.Name != "@odata.type"))
            {
                properties[sent.Name] = JsonSerializer.SerializeToNode(sent.Value);
            }
        }),
        ChangeStep.AssignObject assign => Assign(_objects[assign.Current.Id], assign.Assignments),
        ChangeStep.DeleteObject delete => Removed(delete.Id),
        _ => null,
    };

    private TenantObject Bind(TenantObject value, IReadOnlyList<DesiredReference> references) =>
        Put(value with { References = references.ToDictionary(r => r.Navigation, r => All.Select(o => o.Id).Concat(Issuers.Select(i => i.Id)).FirstOrDefault(id => id == r.Id)) });

    private TenantObject Put(TenantObject value) => _objects[value.Id] = value;

    private static JsonElement ToElement(JsonObject properties) => JsonSerializer.SerializeToElement(properties);
}
