using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace SmimeOperator.Testing.Graph;

/// <summary>
/// The official schema of Graph's types, read from its CSDL. Holds JSON bodies against it, requests and answers alike. It knows nothing of
/// the simulator and of our client, so that it can judge both.
/// </summary>
public sealed class CsdlSchema
{
    private static readonly XNamespace Edm = "http://docs.oasis-open.org/odata/ns/edm";

    private const string Namespace = "microsoft.graph.";

    private readonly Dictionary<string, CsdlType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CsdlEnum> _enums = new(StringComparer.Ordinal);

    private CsdlSchema(XDocument document)
    {
        foreach (var element in document.Descendants(Edm + "Schema").Elements())
        {
            var name = (string?)element.Attribute("Name");
            switch (element.Name.LocalName)
            {
                case "EnumType":
                    _enums.Add(name!, CsdlEnum.Read(element, Edm));
                    break;
                case "ComplexType" or "EntityType":
                    _types.Add(name!, CsdlType.Read(element, Edm));
                    break;
            }
        }
    }

    /// <summary>All types by name.</summary>
    public IReadOnlyDictionary<string, CsdlType> Types => _types;

    /// <summary>All enumerations by name.</summary>
    public IReadOnlyDictionary<string, CsdlEnum> Enums => _enums;

    /// <summary>Where the schema lies beside this repository; null where it does not.</summary>
    public static string? FindFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmimeOperator.sln")))
            {
                var path = Path.Combine(folder.FullName, "..", "shared", "reference", "graph-beta-subset.csdl");
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }

    /// <summary>Reads the schema that lies beside this repository; null where it does not.</summary>
    public static CsdlSchema? TryLoad() => FindFile() is { } path ? Load(path) : null;

    /// <summary>Reads a schema.</summary>
    public static CsdlSchema Load(string path) => new(XDocument.Load(path));

    /// <summary>Adds a property that the service has gained since this schema was published.</summary>
    public CsdlSchema Accept(string type, string property, string edmType)
    {
        _types[type].Add(new CsdlProperty(property, edmType, IsCollection: false, IsNullable: true) { IsNewer = true });
        return this;
    }

    /// <summary>Adds declarations that the subset leaves out, as CSDL.</summary>
    public CsdlSchema Accept(XElement declarations)
    {
        foreach (var element in declarations.Elements())
        {
            switch (element.Name.LocalName)
            {
                case "EnumType":
                    var enumeration = CsdlEnum.Read(element, Edm);
                    _enums.Add(enumeration.Name, enumeration);
                    break;
                default:
                    var type = CsdlType.Read(element, Edm);
                    _types.Add(type.Name, type);
                    break;
            }
        }

        return this;
    }

    /// <summary>Holds an entity or complex value against a type.</summary>
    /// <param name="body">The value.</param>
    /// <param name="declaredType">The type that the place declares, without namespace; @odata.type may name a derived one.</param>
    /// <param name="complete">Whether every structural property must be there, as in an answer without $select.</param>
    /// <returns>What is wrong, in words; empty when nothing is.</returns>
    public IReadOnlyList<string> Validate(JsonObject body, string declaredType, bool complete = false)
    {
        var violations = new List<string>();
        ValidateObject(body, declaredType, complete, "", violations);
        return violations;
    }

    /// <summary>Holds an answer against the schema: an entity, or a list of them.</summary>
    public IReadOnlyList<string> ValidateAnswer(JsonObject answer, string declaredType)
    {
        if (answer["value"] is not JsonArray list)
        {
            return Validate(answer, declaredType, complete: true);
        }

        return [.. list.SelectMany((item, i) => item is JsonObject entity
            ? Validate(entity, declaredType, complete: true).Select(v => $"[{i}]{v}")
            : [$"[{i}]: no object"])];
    }

    private void ValidateObject(JsonObject body, string declaredType, bool complete, string path, List<string> violations)
    {
        var type = Resolve(body, declaredType, path, violations);
        if (type is null)
        {
            return;
        }

        var properties = Chain(type).SelectMany(t => t.Properties).ToDictionary(p => p.Name, StringComparer.Ordinal);
        var navigations = Chain(type).SelectMany(t => t.Navigations).ToDictionary(n => n.Name, StringComparer.Ordinal);
        var isOpen = Chain(type).Any(t => t.IsOpen);
        foreach (var (name, value) in body)
        {
            var here = $"{path}/{name}";
            if (name.EndsWith("@odata.bind", StringComparison.Ordinal))
            {
                ValidateBinding(navigations, name[..^"@odata.bind".Length], value, here, violations);
            }
            else if (name.Contains('@', StringComparison.Ordinal))
            {
                continue;
            }
            else if (properties.TryGetValue(name, out var property))
            {
                ValidateProperty(property, value, complete, here, violations);
            }
            else if (navigations.TryGetValue(name, out var navigation))
            {
                ValidateExpanded(navigation, value, complete, here, violations);
            }
            else if (!isOpen)
            {
                violations.Add($"{here}: {type.Name} has no such property");
            }
        }

        if (complete)
        {
            var missing = properties.Values.Where(p => !p.IsNewer && !body.ContainsKey(p.Name));
            violations.AddRange(missing.Select(p => $"{path}/{p.Name}: it is missing"));
        }
    }

    private CsdlType? Resolve(JsonObject body, string declaredType, string path, List<string> violations)
    {
        var name = body["@odata.type"] is JsonValue value ? value.ToString() : null;
        var shortName = name?.TrimStart('#');
        if (shortName?.StartsWith(Namespace, StringComparison.Ordinal) == true)
        {
            shortName = shortName[Namespace.Length..];
        }

        if (!_types.TryGetValue(shortName ?? declaredType, out var type))
        {
            violations.Add($"{path}: the type {name ?? declaredType} does not exist");
        }
        else if (type.IsAbstract)
        {
            violations.Add($"{path}: {type.Name} is abstract");
        }
        else if (!Chain(type).Any(t => t.Name == declaredType))
        {
            violations.Add($"{path}: {type.Name} is no {declaredType}");
        }
        else
        {
            return type;
        }

        return null;
    }

    private IEnumerable<CsdlType> Chain(CsdlType type)
    {
        for (var t = type; t is not null; t = t.BaseName is null ? null : _types[t.BaseName])
        {
            yield return t;
        }
    }

    private static void ValidateBinding(
        Dictionary<string, CsdlNavigation> navigations, string name, JsonNode? value, string path, List<string> violations)
    {
        if (!navigations.TryGetValue(name, out var navigation) || navigation.IsContained)
        {
            violations.Add($"{path}: there is no such reference");
        }
        else if (!Uri.TryCreate(value?.ToString(), UriKind.Absolute, out _))
        {
            violations.Add($"{path}: an absolute URL is expected");
        }
    }

    private void ValidateProperty(CsdlProperty property, JsonNode? value, bool complete, string path, List<string> violations)
    {
        if (value is null)
        {
            if (!property.IsNullable)
            {
                violations.Add($"{path}: it must not be null");
            }
        }
        else if (!property.IsCollection)
        {
            ValidateValue(property.TypeName, value, complete, path, violations);
        }
        else if (value is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                var element = property with { IsCollection = false, IsNullable = false };
                ValidateProperty(element, array[i], complete, $"{path}[{i}]", violations);
            }
        }
        else
        {
            violations.Add($"{path}: a collection is expected");
        }
    }

    private void ValidateExpanded(CsdlNavigation navigation, JsonNode? value, bool complete, string path, List<string> violations)
    {
        foreach (var item in value as JsonArray ?? [value?.DeepClone()])
        {
            if (item is JsonObject entity)
            {
                ValidateObject(entity, navigation.TypeName, complete, path, violations);
            }
            else if (item is not null)
            {
                violations.Add($"{path}: an object is expected");
            }
        }
    }

    private void ValidateValue(string typeName, JsonNode value, bool complete, string path, List<string> violations)
    {
        if (_enums.TryGetValue(typeName, out var enumeration))
        {
            var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
            if (text is null || !enumeration.Has(text))
            {
                violations.Add($"{path}: {value.ToJsonString()} is no {typeName}");
            }
        }
        else if (!typeName.StartsWith("Edm.", StringComparison.Ordinal))
        {
            if (value is JsonObject body)
            {
                ValidateObject(body, typeName, complete, path, violations);
            }
            else
            {
                violations.Add($"{path}: an object is expected");
            }
        }
        else if (!IsPrimitive(typeName, value))
        {
            violations.Add($"{path}: {value.ToJsonString()} is no {typeName}");
        }
    }

    private static bool IsPrimitive(string typeName, JsonNode value)
    {
        var kind = value.GetValueKind();
        var text = kind == JsonValueKind.String ? value.GetValue<string>() : null;
        return typeName switch
        {
            "Edm.String" => text is not null,
            "Edm.Boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "Edm.Int32" => IsInteger(value, out var number) && number is >= int.MinValue and <= int.MaxValue,
            "Edm.Int64" => IsInteger(value, out _),
            "Edm.Double" => kind == JsonValueKind.Number,
            "Edm.Binary" => text is not null && Convert.TryFromBase64String(text, new byte[text.Length], out _),
            "Edm.DateTimeOffset" => text is not null
                && text.Length >= 20
                && text[10] == 'T'
                && (text[^1] == 'Z' || text[^6] is '+' or '-')
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => false,
        };
    }

    private static bool IsInteger(JsonNode value, out long number)
    {
        number = 0;
        return value.GetValueKind() == JsonValueKind.Number
            && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
