using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Writes;

/// <summary>Reads request bodies of entities against the type descriptions.</summary>
internal static class BodyReader
{
    private const string EmptyId = "00000000-0000-0000-0000-000000000000";

    /// <summary>Reads what a client sends to create or change an entity.</summary>
    /// <param name="type">The entity's type.</param>
    /// <param name="body">The body.</param>
    /// <param name="ownId">The id of the object to change; null on creation.</param>
    public static WriteBody Read(TypeKind type, JsonObject body, string? ownId)
    {
        var result = new WriteBody();
        ReadMembers(type, body, ownId, result);
        if (ownId is null)
        {
            foreach (var name in ServiceRules.DemandedOnCreate(type))
            {
                if (result.Properties[name] is null && !result.Violations.Exists(v => v.StartsWith(name + ":", StringComparison.Ordinal)))
                {
                    result.Violations.Add($"{name}: a new {type.Name} needs it");
                }
            }
        }

        return result;
    }

    /// <summary>Reads an entity inside an action's body, such as an assignment; its id is the service's business.</summary>
    public static JsonObject ReadNested(TypeKind type, JsonObject body, string path, List<string> violations)
    {
        var result = new WriteBody();
        CheckDeclaredType(type, body, path, violations);
        ReadMembers(type, body, ownId: "*", result);
        violations.AddRange(result.Violations.Select(v => $"{path}/{v}"));
        return result.Properties;
    }

    private static void ReadMembers(TypeKind type, JsonObject body, string? ownId, WriteBody result)
    {
        foreach (var (name, value) in body)
        {
            if (name.EndsWith("@odata.bind", StringComparison.Ordinal))
            {
                ReadBinding(type, name[..^"@odata.bind".Length], value, result);
            }
            else if (name.Contains('@', StringComparison.Ordinal))
            {
                // Annotations describe the body; they are not part of the object.
                continue;
            }
            else if (type.TryProperty(name, out var property))
            {
                ReadProperty(type, property, value, ownId, result);
            }
            else if (type.TryNavigation(name, out _))
            {
                result.Violations.Add($"{name}: a navigation property cannot be written inline");
            }
            else if (type.IsOpen)
            {
                result.Properties[name] = value?.DeepClone();
            }
            else
            {
                result.Violations.Add($"{name}: The property '{name}' does not exist on type '{type.FullName}'.");
            }
        }
    }

    private static void ReadProperty(TypeKind type, PropertyKind property, JsonNode? value, string? ownId, WriteBody result)
    {
        var name = property.Name;
        if (name == "id")
        {
            ReadId(value, ownId, result);
            return;
        }

        if (ServiceRules.IsComputed(type, name))
        {
            return;
        }

        if (ServiceRules.IsReadOnly(type, name))
        {
            result.Violations.Add($"{name}: {ReadOnlyMark}");
            return;
        }

        var before = result.Violations.Count;
        var read = ValueReader.Read(property, value, name, result.Violations);
        if (result.Violations.Count == before)
        {
            result.Properties[name] = read;
        }
    }

    /// <summary>How a violation by a read-only property reads; such violations can be forgiven by option.</summary>
    public const string ReadOnlyMark = "the property is read-only";

    private static void ReadId(JsonNode? value, string? ownId, WriteBody result)
    {
        var id = value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : null;
        var harmless = value is null || id is "" or EmptyId || ownId == "*" || string.Equals(id, ownId, StringComparison.OrdinalIgnoreCase);
        if (!harmless)
        {
            result.Violations.Add($"id: {ReadOnlyMark}");
        }
    }

    private static void ReadBinding(TypeKind type, string name, JsonNode? value, WriteBody result)
    {
        if (!type.TryNavigation(name, out var navigation) || navigation.IsContained || navigation.IsCollection)
        {
            result.Violations.Add($"{name}@odata.bind: '{type.FullName}' has no such reference");
        }
        else if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
        {
            result.Bindings.Add(new(navigation, text.GetValue<string>()));
        }
        else
        {
            result.Violations.Add($"{name}@odata.bind: a URL is expected");
        }
    }

    internal static void CheckDeclaredType(TypeKind declared, JsonObject body, string path, List<string> violations)
    {
        if (body["@odata.type"] is JsonValue value
            && (value.GetValueKind() != JsonValueKind.String || GraphSchema.Current.Find(value.GetValue<string>()) != declared))
        {
            violations.Add($"{path}: @odata.type {value.ToJsonString()} is not {declared.ODataType}");
        }
    }
}
