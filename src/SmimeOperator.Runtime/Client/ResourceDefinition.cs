using System.Collections.Concurrent;
using System.Reflection;
using k8s.Models;

namespace SmimeOperator.Runtime.Client;

/// <summary>Where objects of a kind live in the API.</summary>
internal sealed record ResourceDefinition(string Group, string Version, string Plural, string Kind)
{
    private static readonly ConcurrentDictionary<Type, ResourceDefinition> Known = new();

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    private string Root => Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";

    public static ResourceDefinition Of<T>() => Known.GetOrAdd(typeof(T), static type =>
    {
        var attribute = type.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{type} has no KubernetesEntity attribute.");
        return new ResourceDefinition(attribute.Group ?? "", attribute.ApiVersion, attribute.PluralName, attribute.Kind);
    });

    /// <summary>The path of all objects, or of those in one namespace.</summary>
    public string CollectionPath(string? namespaceName) =>
        string.IsNullOrEmpty(namespaceName) ? $"{Root}/{Plural}" : $"{Root}/namespaces/{Uri.EscapeDataString(namespaceName)}/{Plural}";

    /// <summary>The path of one object or one of its subresources.</summary>
    public string ObjectPath(NamespacedName key, string? subresource = null)
    {
        var path = $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}
