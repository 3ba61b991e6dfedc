using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SmimeOperator.Testing.Graph;

namespace SmimeOperator.Reconciliation.Tests.Properties;

/// <summary>Values for the fields of a type, made from the official schema alone; the same seed makes the same values.</summary>
internal sealed class SchemaValues(CsdlSchema schema, Random random, IReadOnlyList<string> apps)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 <>&'\"äß";

    /// <summary>The property of a type or of one it derives from; null where the schema knows none of that name.</summary>
    public CsdlProperty? Find(string type, string name)
    {
        for (var found = schema.Types.GetValueOrDefault(type); found is not null; found = found.BaseName is null ? null : schema.Types.GetValueOrDefault(found.BaseName))
        {
            if (found.Properties.FirstOrDefault(p => p.Name == name) is { } property)
            {
                return property;
            }
        }

        return null;
    }

    /// <summary>How a field of this type has to be compared.</summary>
    public IReadOnlySet<FieldKind> KindsOf(CsdlProperty property)
    {
        var isComplex = schema.Types.ContainsKey(property.TypeName);
        return (property.IsCollection, property.TypeName) switch
        {
            (true, _) when isComplex => new HashSet<FieldKind> { FieldKind.Records, FieldKind.Usages, FieldKind.Settings },
            (true, _) => new HashSet<FieldKind> { FieldKind.Set },
            // The schema calls it text; what the text is stands in intune.md §1.2.
            (false, "Edm.String") when property.Name == "payloadJson" => new HashSet<FieldKind> { FieldKind.ManagedConfiguration },
            (false, "Edm.String") => new HashSet<FieldKind> { FieldKind.Text },
            (false, "Edm.Boolean") => new HashSet<FieldKind> { FieldKind.Boolean },
            (false, "Edm.Binary") => new HashSet<FieldKind> { FieldKind.Binary },
            (false, "Edm.Int32" or "Edm.Int64" or "Edm.Double") => new HashSet<FieldKind> { FieldKind.Number },
            (false, _) when schema.Enums.TryGetValue(property.TypeName, out var found) => new HashSet<FieldKind> { found.IsFlags ? FieldKind.Flags : FieldKind.Enum },
            _ => new HashSet<FieldKind>(),
        };
    }

    public JsonNode Of(CsdlProperty property) => property.Name switch
    {
        // What no schema says: ids of apps that exist, and one version of all.
        "targetedMobileApps" => new JsonArray(apps[random.Next(apps.Count)]),
        "minimumSupportedOperatingSystem" => new JsonObject { ["v14_0"] = true },
        "payloadJson" => Encode(new JsonObject
        {
            ["kind"] = "androidenterprise#managedConfiguration",
            ["productId"] = "app:com.microsoft.office.outlook",
            ["managedProperty"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new JsonObject { ["key"] = $"key.{i}", ["valueString"] = One("Edm.String", i) })]),
        }),
        _ when property.IsCollection => new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => One(property.TypeName, i))]),
        _ => One(property.TypeName, 0, severalFlags: true),
    };

    public static JsonObject Decode(JsonNode payload) => JsonNode.Parse(Convert.FromBase64String((string)payload!))!.AsObject();

    public static JsonNode Encode(JsonObject payload) => Convert.ToBase64String(Encoding.UTF8.GetBytes(payload.ToJsonString()));

    // Flags in a list's records name one member each: a record is compared as a whole.
    private JsonNode One(string type, int index, bool severalFlags = false)
    {
        if (schema.Enums.TryGetValue(type, out var members))
        {
            var known = members.Members.Where(m => m.Key != "unknownFutureValue" && (!members.IsFlags || m.Value != 0)).Select(m => m.Key).ToArray();
            random.Shuffle(known);
            return string.Join(',', known.Take(members.IsFlags && severalFlags ? random.Next(1, known.Length + 1) : 1));
        }

        return type switch
        {
            // The index keeps what is in one list apart.
            "Edm.String" => index.ToString(CultureInfo.InvariantCulture) + new string(random.GetItems<char>(Letters, random.Next(1, 20))).TrimEnd() + "x",
            "Edm.Boolean" => random.Next(2) == 0,
            "Edm.Binary" => Convert.ToBase64String(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (byte)random.Next(256)).ToArray()),
            "Edm.Int32" or "Edm.Int64" or "Edm.Double" => random.Next(1, 100),
            "Edm.DateTimeOffset" => DateTimeOffset.UnixEpoch.AddSeconds(random.Next()).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            _ => Complex(type, index),
        };
    }

    private JsonObject Complex(string type, int index)
    {
        var found = schema.Types[type];
        if (found.IsAbstract)
        {
            return new JsonObject([KeyValuePair.Create<string, JsonNode?>("@odata.type", "#microsoft.graph." + Derived(type)), .. Complex(Derived(type), index).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))]);
        }

        var value = new JsonObject();
        for (; found is not null; found = found.BaseName is null ? null : schema.Types.GetValueOrDefault(found.BaseName))
        {
            foreach (var property in found.Properties)
            {
                value[property.Name] = property.IsCollection ? Of(property) : One(property.TypeName, index);
            }
        }

        return value;
    }

    private string Derived(string type) => schema.Types.Values.First(t => t.BaseName == type && !t.IsAbstract).Name;
}
