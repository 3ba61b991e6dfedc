using System.Reflection;
using k8s.Models;
using YamlDotNet.RepresentationModel;
using static SmimeOperator.Api.Schema.Yaml;
using Entry = (string Key, YamlDotNet.RepresentationModel.YamlNode Value);

namespace SmimeOperator.Api.Schema;

/// <summary>Structural OpenAPI schemas of the types, by reflection.</summary>
internal sealed class SchemaBuilder(Descriptions descriptions)
{
    /// <summary>The schema of a kind: the whole resource.</summary>
    internal YamlMappingNode Kind(Type kind) => Object(kind, descriptions.Of(kind), [], withDefaults: true);

    private YamlMappingNode Object(Type type, string description, IEnumerable<Entry> more, bool withDefaults)
    {
        var fields = Fields.Of(type);
        var mandatory = fields.Where(field => field.IsMandatory()).Select(field => field.JsonName()).ToList();
        return Map([
            ("description", Text(description)),
            ("type", Text("object")),
            .. more,
            .. mandatory.Count > 0 ? [("required", Texts(mandatory))] : Array.Empty<Entry>(),
            ("properties", Map(fields.Select(field => (field.JsonName(), (YamlNode)Field(field, withDefaults))))),
            .. Rules(type),
        ]);
    }

    private YamlMappingNode Field(PropertyInfo field, bool withDefaults)
    {
        if (field.PropertyType == typeof(V1ObjectMeta))
        {
            // The API server knows metadata and lets nobody describe it.
            return Map(("type", Text("object")));
        }

        var description = descriptions.Of(field);
        if (typeof(ResourceStatus).IsAssignableFrom(field.PropertyType))
        {
            return Status(field.PropertyType, description);
        }

        IEnumerable<Entry> initial = withDefaults && Defaults.Of(field) is { } value ? [("default", value)] : [];
        return Fields.IsObject(field.PropertyType)
            ? Object(field.PropertyType, description, [.. initial, .. Rules(field)], withDefaults)
            : Map([("description", Text(description)), .. Value(field), .. initial, .. Rules(field)]);
    }

    // A new resource reads as in progress, not as done, until the operator has looked. Beyond that a status has no defaults:
    // only what the operator has written is there.
    private YamlMappingNode Status(Type type, string description)
    {
        var fresh = (ResourceStatus)Activator.CreateInstance(type)!;
        var initial = Map(("observedGeneration", Number(fresh.ObservedGeneration)));
        return Object(type, description, [("default", initial)], withDefaults: false);
    }

    private IEnumerable<Entry> Value(PropertyInfo field)
    {
        if (Fields.IsList(field.PropertyType))
        {
            return List(field);
        }

        if (Fields.IsMap(field.PropertyType))
        {
            var bounds = Bounds(field);
            return
            [
                ("type", Text("object")),
                ("maxProperties", Number(bounds.Max)),
                ("additionalProperties", Map([.. Scalar(typeof(string)), .. Limits(field)])),
            ];
        }

        return [.. Scalar(field.PropertyType), .. Limits(field)];
    }

    private IEnumerable<Entry> List(PropertyInfo field)
    {
        var item = field.PropertyType.GetGenericArguments()[0];
        var bounds = Bounds(field);
        var keys = field.GetCustomAttribute<MapListAttribute>()?.Keys;
        var listType = keys is not null ? "map" : field.IsDefined(typeof(SetListAttribute)) ? "set" : "atomic";
        return
        [
            ("type", Text("array")),
            .. bounds.Min > 0 ? [("minItems", Number(bounds.Min))] : Array.Empty<Entry>(),
            ("maxItems", Number(bounds.Max)),
            ("x-kubernetes-list-type", Text(listType)),
            .. keys is not null ? [("x-kubernetes-list-map-keys", Texts(keys))] : Array.Empty<Entry>(),
            ("items", Item(field, item)),
        ];
    }

    private YamlMappingNode Item(PropertyInfo field, Type item)
    {
        if (item == typeof(V1Condition))
        {
            return ConditionSchema.Build();
        }

        return Fields.IsObject(item)
            ? Object(item, descriptions.Of(item), [], withDefaults: !typeof(ResourceStatus).IsAssignableFrom(field.ReflectedType))
            : Map([.. Scalar(item), .. Limits(field)]);
    }

    private static IEnumerable<Entry> Scalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => [("type", Text("string"))],
            _ when type == typeof(bool) => [("type", Text("boolean"))],
            _ when type == typeof(int) => [("type", Text("integer")), ("format", Text("int32"))],
            _ when type == typeof(long) => [("type", Text("integer")), ("format", Text("int64"))],
            _ when type == typeof(DateTime) => [("type", Text("string")), ("format", Text("date-time"))],
            { IsEnum: true } => [("type", Text("string")), ("enum", Texts(Enum.GetNames(type)))],
            _ => throw new InvalidOperationException($"There is no schema for {type}."),
        };
    }

    private static IEnumerable<Entry> Limits(PropertyInfo field)
    {
        if (field.GetCustomAttribute<BetweenAttribute>() is { } between)
        {
            yield return ("minimum", Number(between.Min));
            yield return ("maximum", Number(between.Max));
        }

        if (field.GetCustomAttribute<LengthAttribute>() is { } length)
        {
            if (length.Min > 0)
            {
                yield return ("minLength", Number(length.Min));
            }

            yield return ("maxLength", Number(length.Max));
        }

        if (field.GetCustomAttribute<MatchesAttribute>() is { } matches)
        {
            yield return ("pattern", Text(matches.Expression));
        }
    }

    private static IEnumerable<Entry> Rules(MemberInfo member)
    {
        var rules = member.GetCustomAttributes<CelRuleAttribute>(inherit: true).ToList();
        if (rules.Count > 0)
        {
            yield return ("x-kubernetes-validations", Yaml.List(rules.Select(rule => Map([
                ("rule", Text(rule.Rule)),
                ("message", Text(rule.Message)),
                .. rule.FieldPath is { } path ? [("fieldPath", Text(path))] : Array.Empty<Entry>(),
            ]))));
        }
    }

    private static ItemsAttribute Bounds(PropertyInfo field) => field.GetCustomAttribute<ItemsAttribute>()
        ?? throw new InvalidOperationException($"{field.DeclaringType!.Name}.{field.Name} needs [Items]: the API server prices rules by it.");
}
