using System.Globalization;

namespace SmimeOperator.TenantSimulator.Schema;

/// <summary>Everything the simulator knows about Graph's types, read from the descriptions once.</summary>
internal sealed class GraphSchema
{
    private static readonly HashSet<string> Primitives =
        new(StringComparer.Ordinal) { "String", "Boolean", "Int32", "Int64", "Double", "Binary", "DateTimeOffset" };

    private readonly Dictionary<string, TypeKind> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EnumKind> _enums = new(StringComparer.Ordinal);

    private GraphSchema()
    {
        Read(EnumDescriptions.Text, newer: false);
        Read(TypeDescriptions.Text, newer: false);
        Read(NewerDescriptions.Text, newer: true);
        foreach (var type in _types.Values)
        {
            type.Link(_types);
        }
    }

    public static GraphSchema Current { get; } = new();

    public IReadOnlyDictionary<string, TypeKind> Types => _types;

    public IReadOnlyDictionary<string, EnumKind> Enums => _enums;

    public static bool IsPrimitive(string typeName) => Primitives.Contains(typeName);

    /// <summary>Finds a type by "#microsoft.graph.x", "microsoft.graph.x", "graph.x" or "x".</summary>
    public TypeKind? Find(string name)
    {
        var start = name.StartsWith('#') ? 1 : 0;
        var dot = name.LastIndexOf('.');
        if (dot >= 0)
        {
            var space = name[start..dot];
            if (space is not ("microsoft.graph" or "graph"))
            {
                return null;
            }

            start = dot + 1;
        }

        return _types.GetValueOrDefault(name[start..]);
    }

    private void Read(string text, bool newer)
    {
        var words = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A continuation is indented; everything else starts the next declaration.
            if (line[0] != ' ' && words.Count > 0)
            {
                Declare(words, newer);
                words.Clear();
            }

            words.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        Declare(words, newer);
    }

    private void Declare(List<string> words, bool newer)
    {
        if (words[0] is "enum" or "flags")
        {
            _enums.Add(words[1], new EnumKind(words[1], words[0] == "flags", ReadMembers(words.Skip(2))));
            return;
        }

        if (words[0] == "extend")
        {
            ReadMembers(_types[words[1]], words.Skip(2), newer);
            return;
        }

        var bar = words.IndexOf("|");
        var head = bar < 0 ? words : words[..bar];
        var kind = head.FindIndex(w => w is "entity" or "complex");
        var colon = head.IndexOf(":");
        var type = new TypeKind(
            head[kind + 1],
            colon < 0 ? null : head[colon + 1],
            head[kind] == "entity",
            head.IndexOf("abstract") is >= 0 and var a && a < kind,
            head.IndexOf("open") is >= 0 and var o && o < kind);
        ReadMembers(type, bar < 0 ? [] : words.Skip(bar + 1), newer: false);
        _types.Add(type.Name, type);
    }

    private static List<KeyValuePair<string, int>> ReadMembers(IEnumerable<string> words)
    {
        var members = new List<KeyValuePair<string, int>>();
        var next = 0;
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? next : int.Parse(word.AsSpan(equals + 1), CultureInfo.InvariantCulture);
            members.Add(new(equals < 0 ? word : word[..equals], value));
            next = value + 1;
        }

        return members;
    }

    private static void ReadMembers(TypeKind type, IEnumerable<string> words, bool newer)
    {
        foreach (var word in words)
        {
            var arrow = word.IndexOf('>', StringComparison.Ordinal);
            var separator = arrow < 0 ? word.IndexOf(':', StringComparison.Ordinal) : arrow - 1;
            var kind = word[(arrow < 0 ? separator + 1 : arrow + 1)..];
            var nullable = kind.EndsWith('?');
            kind = nullable ? kind[..^1] : kind;
            var collection = kind.StartsWith('[');
            kind = collection ? kind[1..^1] : kind;
            if (arrow < 0)
            {
                type.Add(new PropertyKind(word[..separator], kind, nullable, collection) { IsNewer = newer });
            }
            else
            {
                type.Add(new NavigationKind(word[..separator], kind, collection, word[separator] == '='));
            }
        }
    }
}
