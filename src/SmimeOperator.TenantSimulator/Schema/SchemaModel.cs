using System.Diagnostics.CodeAnalysis;

namespace SmimeOperator.TenantSimulator.Schema;

/// <summary>An enumeration: members in the order of declaration.</summary>
internal sealed class EnumKind(string name, bool isFlags, IReadOnlyList<KeyValuePair<string, int>> members)
{
    private readonly Dictionary<string, KeyValuePair<string, int>> _byName =
        members.ToDictionary(m => m.Key, StringComparer.OrdinalIgnoreCase);

    public string Name { get; } = name;

    public bool IsFlags { get; } = isFlags;

    public IReadOnlyList<KeyValuePair<string, int>> Members { get; } = members;

    /// <summary>What a non-null property holds when nobody set it.</summary>
    public string Default => Members[0].Key;

    /// <summary>The member as the service writes it; bit sets in the order of their bits. Null when a name is unknown.</summary>
    public string? Normalise(string text)
    {
        if (!IsFlags)
        {
            return _byName.TryGetValue(text, out var member) ? member.Key : null;
        }

        var bits = 0;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!_byName.TryGetValue(part, out var member))
            {
                return null;
            }

            bits |= member.Value;
        }

        return bits == 0
            ? Members.FirstOrDefault(m => m.Value == 0).Key
            : string.Join(',', Members.Where(m => m.Value != 0 && (bits & m.Value) == m.Value).OrderBy(m => m.Value).Select(m => m.Key));
    }
}

/// <summary>A structural property.</summary>
internal sealed record PropertyKind(string Name, string TypeName, bool Nullable, bool IsCollection)
{
    /// <summary>Properties that the published schema of the day did not have yet: accepted, and shown only once they are set.</summary>
    public bool IsNewer { get; init; }
}

/// <summary>A navigation property.</summary>
internal sealed record NavigationKind(string Name, string TypeName, bool IsCollection, bool IsContained);

/// <summary>A complex or entity type; inherited members are reachable through it once the model is read.</summary>
internal sealed class TypeKind(string name, string? baseName, bool isEntity, bool isAbstract, bool isOpen)
{
    private readonly List<PropertyKind> _own = [];
    private readonly List<NavigationKind> _ownNavigations = [];
    private List<PropertyKind>? _all;
    private Dictionary<string, PropertyKind>? _byName;
    private Dictionary<string, NavigationKind>? _navigations;

    public string Name { get; } = name;

    public string FullName { get; } = "microsoft.graph." + name;

    /// <summary>The value of @odata.type.</summary>
    public string ODataType { get; } = "#microsoft.graph." + name;

    public string? BaseName { get; } = baseName;

    public bool IsEntity { get; } = isEntity;

    public bool IsAbstract { get; } = isAbstract;

    public bool IsOpen { get; } = isOpen;

    public TypeKind? Base { get; private set; }

    public IReadOnlyList<PropertyKind> OwnProperties => _own;

    public IReadOnlyList<NavigationKind> OwnNavigations => _ownNavigations;

    /// <summary>All properties, the base type's first.</summary>
    public IReadOnlyList<PropertyKind> Properties => _all!;

    public bool TryProperty(string name, [NotNullWhen(true)] out PropertyKind? property) => _byName!.TryGetValue(name, out property);

    public bool TryNavigation(string name, [NotNullWhen(true)] out NavigationKind? navigation) =>
        _navigations!.TryGetValue(name, out navigation);

    public bool Is(TypeKind other)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (ReferenceEquals(type, other))
            {
                return true;
            }
        }

        return false;
    }

    internal void Add(PropertyKind property) => _own.Add(property);

    internal void Add(NavigationKind navigation) => _ownNavigations.Add(navigation);

    internal void Link(IReadOnlyDictionary<string, TypeKind> types)
    {
        if (_all is not null)
        {
            return;
        }

        if (BaseName is not null)
        {
            Base = types[BaseName];
            Base.Link(types);
        }

        _all = [.. Base?.Properties ?? [], .. _own];
        _byName = _all.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _navigations = new Dictionary<string, NavigationKind>(Base?._navigations ?? [], StringComparer.Ordinal);
        foreach (var navigation in _ownNavigations)
        {
            _navigations[navigation.Name] = navigation;
        }
    }
}
