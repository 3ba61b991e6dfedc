using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Writes;

/// <summary>What the service shows for a property that nobody set.</summary>
internal static class Defaults
{
    private const string NoTime = "0001-01-01T00:00:00.0000000Z";

    public static JsonNode? Of(PropertyKind property)
    {
        if (property.IsCollection)
        {
            return property.Name is "roleScopeTagIds" or "roleScopeTags" ? new JsonArray("0") : new JsonArray();
        }

        return property.Nullable ? null : OfNonNull(property.TypeName);
    }

    /// <summary>Fills what a new object's body left open.</summary>
    public static void Fill(TypeKind type, JsonObject properties)
    {
        foreach (var property in type.Properties)
        {
            if (property.Name != "id" && !property.IsNewer && !properties.ContainsKey(property.Name))
            {
                properties[property.Name] = Of(property);
            }
        }
    }

    private static JsonNode OfNonNull(string typeName) => typeName switch
    {
        "String" or "Binary" => JsonValue.Create(""),
        "Boolean" => JsonValue.Create(false),
        "Int32" or "Int64" or "Double" => JsonValue.Create(0),
        "DateTimeOffset" => JsonValue.Create(NoTime),
        _ when GraphSchema.Current.Enums.TryGetValue(typeName, out var enumeration) => JsonValue.Create(enumeration.Default),
        _ => Complex(GraphSchema.Current.Types[typeName]),
    };

    private static JsonObject Complex(TypeKind type)
    {
        var result = new JsonObject();
        Fill(type, result);
        return result;
    }
}
