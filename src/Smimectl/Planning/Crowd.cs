namespace Smimectl;

/// <summary>
/// Some users, or some devices, as far as the directory tells: who certainly belongs, who may, and groups of which only the number of members
/// is known, or not even that. Crowds add up without counting anybody twice.
/// </summary>
internal sealed class Crowd
{
    private readonly HashSet<string> _certain = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _possible = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _counted = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string>? _spared;
    private bool _isOpen;

    /// <summary>Whether everybody of the tenant may belong.</summary>
    public bool IsEverybody => _spared is not null;

    /// <summary>Somebody who may belong, or certainly does.</summary>
    public void Add(string id, bool isCertain)
    {
        _possible.Add(id);
        if (isCertain)
        {
            _certain.Add(id);
        }
    }

    /// <summary>A group of which any member may belong, and only their number is known.</summary>
    public void AddCounted(string group, int members) => _counted[group] = members;

    /// <summary>Somebody may belong, and nobody knows how many.</summary>
    public void AddUnknown() => _isOpen = true;

    /// <summary>Everybody of the tenant may belong.</summary>
    /// <param name="spared">But for these.</param>
    public void AddEverybody(IEnumerable<string> spared)
    {
        var others = spared.ToHashSet(StringComparer.OrdinalIgnoreCase);
        others.ExceptWith(_possible);
        if (_spared is null)
        {
            _spared = others;
        }
        else
        {
            _spared.IntersectWith(others);
        }
    }

    /// <summary>Whoever belongs to another crowd belongs to this one too.</summary>
    public void Add(Crowd other)
    {
        _certain.UnionWith(other._certain);
        _possible.UnionWith(other._possible);
        foreach (var (group, members) in other._counted)
        {
            _counted[group] = members;
        }

        _isOpen |= other._isOpen;
        if (other._spared is not null)
        {
            AddEverybody(other._spared);
        }

        _spared?.ExceptWith(_possible);
    }

    /// <summary>How many belong.</summary>
    /// <param name="everybody">How many there are in the tenant; null where that is not known.</param>
    public Headcount Count(int? everybody)
    {
        // Who may belong is one of the groups' members, and one of the tenant's.
        int? ofGroups = _isOpen || _spared is not null ? null : _possible.Count + _counted.Values.Sum();
        var ofTenant = everybody - (_spared?.Count ?? 0);
        var most = ofGroups < ofTenant || ofTenant is null ? ofGroups : ofTenant;
        return new Headcount(_certain.Count, most is { } m ? Math.Max(m, _certain.Count) : null);
    }
}
