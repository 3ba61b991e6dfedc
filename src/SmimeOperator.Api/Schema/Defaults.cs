using System.Collections;
using System.Globalization;
using System.Reflection;
using k8s;
using YamlDotNet.RepresentationModel;
using static SmimeOperator.Api.Schema.Yaml;

namespace SmimeOperator.Api.Schema;

/// <summary>Schema defaults: what the initialisers of the types say.</summary>
internal static class Defaults
{
    /// <summary>The default of a field, or null where it has none.</summary>
    internal static YamlNode? Of(PropertyInfo property) => property.IsMandatory() || NamesTheResource(property)
        ? null
        : ToYaml(property.GetValue(Activator.CreateInstance(property.ReflectedType!)));

    // apiVersion, kind and metadata are there before any default is filled in.
    private static bool NamesTheResource(PropertyInfo property) => typeof(IKubernetesObject).IsAssignableFrom(property.ReflectedType);

    private static YamlNode? ToYaml(object? value) => value switch
    {
        null or "" => null,
        string text => Text(text),
        bool flag => Flag(flag),
        Enum constant => Text(constant.ToString()),
        int or long => Number(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ICollection { Count: 0 } => null,
        IEnumerable items => List(items.Cast<object>().Select(item => ToYaml(item)!)),
        _ => Differences(value),
    };

    // The API server fills in the defaults of the fields inside a default, so only what differs from them is written:
    // nothing for most types, which leaves {}.
    private static YamlMappingNode Differences(object value)
    {
        var ordinary = Activator.CreateInstance(value.GetType());
        return Map(
            from property in Fields.Of(value.GetType())
            let content = property.GetValue(value)
            where property.IsMandatory() || !IsSame(content, property.GetValue(ordinary))
            select (property.JsonName(), ToYaml(content) ?? throw new InvalidOperationException(
                $"{value.GetType().Name}.{property.Name} is mandatory, so an initialiser that makes a {value.GetType().Name} must set it.")));
    }

    private static bool IsSame(object? one, object? other) => ToYaml(one) is { } left ? left.Equals(ToYaml(other)) : ToYaml(other) is null;
}
