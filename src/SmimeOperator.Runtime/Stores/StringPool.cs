using System.Text.Json;

namespace SmimeOperator.Runtime.Stores;

/// <summary>Shares strings and label sets that many objects have in common. Used by one reader at a time.</summary>
internal sealed class StringPool
{
    /// <summary>Beyond this the pool starts anew: it saves memory only as long as it is small against what it serves.</summary>
    private const int Capacity = 8192;

    // Messages of conditions are sentences, and thousands of resources say the same.
    private const int LongestShared = 512;

    private readonly HashSet<string> _strings = new(StringComparer.Ordinal);
    private readonly HashSet<MetadataMap> _maps = [];

    /// <summary>The string at the reader, shared when it is not too long; no new string is made for one that is known.</summary>
    public string Read(ref Utf8JsonReader reader)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > LongestShared)
        {
            return reader.GetString()!;
        }

        Span<char> buffer = stackalloc char[LongestShared];
        var characters = buffer[..reader.CopyString(buffer)];
        var lookup = _strings.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(characters, out var known))
        {
            return known;
        }

        if (_strings.Count >= Capacity)
        {
            _strings.Clear();
        }

        var value = characters.ToString();
        _strings.Add(value);
        return value;
    }

    public MetadataMap Share(MetadataMap map)
    {
        if (_maps.TryGetValue(map, out var known))
        {
            return known;
        }

        if (_maps.Count >= Capacity)
        {
            _maps.Clear();
        }

        _maps.Add(map);
        return map;
    }
}
