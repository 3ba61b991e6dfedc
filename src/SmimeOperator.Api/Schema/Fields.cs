using System.Reflection;
using System.Text.Json;

namespace SmimeOperator.Api.Schema;

/// <summary>The fields of a type as manifests know them.</summary>
internal static class Fields
{
    /// <summary>The fields in the order they are written in, those of a base type first.</summary>
    internal static IReadOnlyList<PropertyInfo> Of(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(property => Depth(property.DeclaringType!))
            .ThenBy(property => property.MetadataToken)];

    internal static string JsonName(this PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    internal static bool IsMandatory(this PropertyInfo property) => property.IsDefined(typeof(MandatoryAttribute));

    /// <summary>Whether the type is one of ours with fields of its own.</summary>
    internal static bool IsObject(Type type) => type.IsClass && type.Assembly == typeof(Fields).Assembly;

    internal static bool IsList(Type type) => IsGeneric(type, typeof(List<>));

    internal static bool IsMap(Type type) => type == typeof(Dictionary<string, string>);

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;
}
