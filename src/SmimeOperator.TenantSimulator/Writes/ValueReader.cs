using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Writes;

/// <summary>Reads single values: checks the JSON type and turns them into the spelling in which the service answers.</summary>
internal static class ValueReader
{
    public const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    public static JsonNode? Read(PropertyKind property, JsonNode? value, string path, List<string> violations)
    {
        if (value is null)
        {
            // A null collection reads as an empty one, whatever the schema says about null.
            if (property.IsCollection && property.Nullable)
            {
                return new JsonArray();
            }

            if (!property.Nullable)
            {
                violations.Add($"{path}: null is not allowed");
            }

            return null;
        }

        if (!property.IsCollection)
        {
            return ReadOne(property.TypeName, value, path, violations);
        }

        if (value is not JsonArray array)
        {
            violations.Add($"{path}: a collection is expected");
            return null;
        }

        var result = new JsonArray();
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is { } element)
            {
                result.Add(ReadOne(property.TypeName, element, $"{path}[{i}]", violations));
            }
            else
            {
                violations.Add($"{path}[{i}]: null is not allowed");
            }
        }

        return result;
    }

    private static JsonNode? ReadOne(string typeName, JsonNode value, string path, List<string> violations)
    {
        if (GraphSchema.Current.Enums.TryGetValue(typeName, out var enumeration))
        {
            return ReadEnum(enumeration, value, path, violations);
        }

        if (!GraphSchema.IsPrimitive(typeName))
        {
            return ReadComplex(GraphSchema.Current.Types[typeName], value, path, violations);
        }

        var read = value.GetValueKind() switch
        {
            JsonValueKind.String => ReadText(typeName, value.GetValue<string>()),
            JsonValueKind.True or JsonValueKind.False when typeName == "Boolean" => JsonValue.Create(value.GetValue<bool>()),
            JsonValueKind.Number => ReadNumber(typeName, value.ToJsonString()),
            _ => null,
        };
        if (read is null)
        {
            violations.Add($"{path}: {Shorten(value)} is not an Edm.{typeName}");
        }

        return read;
    }

    private static JsonValue? ReadText(string typeName, string text) => typeName switch
    {
        "String" => JsonValue.Create(text),
        "Binary" => Base64.IsValid(text) ? JsonValue.Create(text) : null,
        "DateTimeOffset" => TryDate(text, out var time) ? JsonValue.Create(Format(time)) : null,
        _ => null,
    };

    private static JsonValue? ReadNumber(string typeName, string text) => typeName switch
    {
        "Int32" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : null,
        "Int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : null,
        "Double" => JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static JsonValue? ReadEnum(EnumKind enumeration, JsonNode value, string path, List<string> violations)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? enumeration.Normalise(value.GetValue<string>()) : null;
        if (text is null)
        {
            violations.Add($"{path}: {Shorten(value)} is not a member of {enumeration.Name}");
            return null;
        }

        return JsonValue.Create(text);
    }

    private static JsonObject? ReadComplex(TypeKind declared, JsonNode value, string path, List<string> violations)
    {
        if (value is not JsonObject body)
        {
            violations.Add($"{path}: an object is expected");
            return null;
        }

        var type = declared;
        if (body["@odata.type"] is JsonValue named)
        {
            type = named.GetValueKind() == JsonValueKind.String ? GraphSchema.Current.Find(named.GetValue<string>()) : null;
            if (type is null || !type.Is(declared))
            {
                violations.Add($"{path}: @odata.type {named.ToJsonString()} is not a {declared.FullName}");
                return null;
            }
        }

        if (type.IsAbstract)
        {
            violations.Add($"{path}: @odata.type is missing, {type.FullName} is abstract");
            return null;
        }

        return ReadComplexMembers(type, declared, body, path, violations);
    }

    private static JsonObject ReadComplexMembers(TypeKind type, TypeKind declared, JsonObject body, string path, List<string> violations)
    {
        var result = new JsonObject();
        if (declared.IsAbstract || type != declared)
        {
            result["@odata.type"] = type.ODataType;
        }

        foreach (var (name, _) in body)
        {
            if (!name.Contains('@', StringComparison.Ordinal) && !type.TryProperty(name, out _))
            {
                violations.Add($"{path}/{name}: The property '{name}' does not exist on type '{type.FullName}'.");
            }
        }

        foreach (var property in type.Properties)
        {
            if (body.TryGetPropertyValue(property.Name, out var member))
            {
                result[property.Name] = Read(property, member, $"{path}/{property.Name}", violations);
            }
            else if (!property.IsNewer)
            {
                result[property.Name] = Defaults.Of(property);
            }
        }

        return result;
    }

    private static bool TryDate(string text, out DateTimeOffset time)
    {
        time = default;

        // Without an offset the text names no moment; Edm.DateTimeOffset demands one.
        var hasOffset = text.EndsWith('Z') || (text.Length > 19 && text.AsSpan(19).IndexOfAny('+', '-') >= 0);
        return hasOffset
            && text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out time);
    }

    // A value may be a certificate; a log entry needs no more than its beginning.
    private static string Shorten(JsonNode value)
    {
        var text = value.ToJsonString();
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}
