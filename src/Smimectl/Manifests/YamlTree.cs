namespace Smimectl;

/// <summary>A node of a YAML document, and the line it stands on.</summary>
internal abstract record YamlTree(int Line);

/// <summary>A scalar. A plain one (without quotes) may mean a number, a boolean or nothing.</summary>
internal sealed record YamlText(string Value, bool IsPlain, int Line) : YamlTree(Line);

/// <summary>A sequence.</summary>
internal sealed record YamlList(IReadOnlyList<YamlTree> Items, int Line) : YamlTree(Line);

/// <summary>A mapping; no key stands in it twice.</summary>
internal sealed record YamlMap(IReadOnlyList<(YamlText Key, YamlTree Value)> Entries, int Line) : YamlTree(Line)
{
    public YamlTree? Find(string key) => Entries.FirstOrDefault(e => e.Key.Value == key).Value;

    /// <summary>A text entry, or null.</summary>
    public string? Text(string key) => (Find(key) as YamlText)?.Value;
}
