using System.Globalization;
using System.Xml.Linq;

namespace SmimeOperator.Testing.Graph;

/// <summary>An enumeration of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsFlags">Whether several members may be set at once.</param>
/// <param name="Members">Members and values in the order of declaration.</param>
public sealed record CsdlEnum(string Name, bool IsFlags, IReadOnlyList<KeyValuePair<string, int>> Members)
{
    /// <summary>Whether a text names a member, or several where that is allowed.</summary>
    public bool Has(string text) => IsFlags
        ? text.Split(',').All(part => Members.Any(m => m.Key == part.Trim()))
        : Members.Any(m => m.Key == text);

    internal static CsdlEnum Read(XElement element, XNamespace edm) => new(
        (string)element.Attribute("Name")!,
        (bool?)element.Attribute("IsFlags") ?? false,
        [.. element.Elements(edm + "Member").Select(m => KeyValuePair.Create(
            (string)m.Attribute("Name")!, int.Parse((string)m.Attribute("Value")!, CultureInfo.InvariantCulture)))]);
}

/// <summary>A structural property of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Edm.X, or the name of an enumeration or complex type without namespace.</param>
/// <param name="IsCollection">Whether it holds many.</param>
/// <param name="IsNullable">Whether null is allowed.</param>
public sealed record CsdlProperty(string Name, string TypeName, bool IsCollection, bool IsNullable)
{
    /// <summary>Whether the service gained it after the schema was published.</summary>
    public bool IsNewer { get; init; }
}

/// <summary>A navigation property of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">The type it leads to, without namespace.</param>
/// <param name="IsCollection">Whether it leads to many.</param>
/// <param name="IsContained">Whether what it leads to belongs to the owner.</param>
public sealed record CsdlNavigation(string Name, string TypeName, bool IsCollection, bool IsContained);

/// <summary>An entity or complex type of the schema, with its own members only.</summary>
public sealed class CsdlType
{
    private readonly List<CsdlProperty> _properties;

    private CsdlType(XElement element, XNamespace edm)
    {
        Name = (string)element.Attribute("Name")!;
        BaseName = (string?)element.Attribute("BaseType") is { } type ? Short(type) : null;
        IsEntity = element.Name.LocalName == "EntityType";
        IsAbstract = (bool?)element.Attribute("Abstract") ?? false;
        IsOpen = (bool?)element.Attribute("OpenType") ?? false;
        _properties = [.. element.Elements(edm + "Property").Select(p => new CsdlProperty(
            (string)p.Attribute("Name")!, Element(p), IsMany(p), (bool?)p.Attribute("Nullable") ?? true))];
        Navigations = [.. element.Elements(edm + "NavigationProperty").Select(n => new CsdlNavigation(
            (string)n.Attribute("Name")!, Element(n), IsMany(n), (bool?)n.Attribute("ContainsTarget") ?? false))];
    }

    /// <summary>The name without namespace.</summary>
    public string Name { get; }

    /// <summary>The base type's name.</summary>
    public string? BaseName { get; }

    /// <summary>Whether it is an entity.</summary>
    public bool IsEntity { get; }

    /// <summary>Whether only derived types have values.</summary>
    public bool IsAbstract { get; }

    /// <summary>Whether properties that are not declared are allowed.</summary>
    public bool IsOpen { get; }

    /// <summary>The properties that this type declares itself.</summary>
    public IReadOnlyList<CsdlProperty> Properties => _properties;

    /// <summary>The navigation properties that this type declares itself.</summary>
    public IReadOnlyList<CsdlNavigation> Navigations { get; }

    internal static CsdlType Read(XElement element, XNamespace edm) => new(element, edm);

    internal void Add(CsdlProperty property) => _properties.Add(property);

    private static bool IsMany(XElement element) =>
        ((string)element.Attribute("Type")!).StartsWith("Collection(", StringComparison.Ordinal);

    private static string Element(XElement element)
    {
        var type = (string)element.Attribute("Type")!;
        return Short(IsMany(element) ? type["Collection(".Length..^1] : type);
    }

    private static string Short(string type) =>
        type.StartsWith("Edm.", StringComparison.Ordinal) ? type : type[(type.LastIndexOf('.') + 1)..];
}
