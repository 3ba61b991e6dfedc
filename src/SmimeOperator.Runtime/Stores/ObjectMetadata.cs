using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SmimeOperator.Runtime;

/// <summary>What is kept of an object whose content is none of the store's business, such as a Secret. A cluster has tens of thousands, so each byte counts.</summary>
public sealed class ObjectMetadata
{
    // API servers write a GUID and a number, which take a fifth of their text; to readers both are opaque, so any other form is kept as it is.
    private readonly Guid _uid;
    private readonly string? _otherUid;
    private readonly ulong _version;
    private readonly string? _otherVersion;

    /// <summary>Namespace and name.</summary>
    public required NamespacedName Key { get; init; }

    /// <summary>The object's uid.</summary>
    public required string Uid
    {
        get => _otherUid ?? _uid.ToString();
        init => _otherUid = Guid.TryParseExact(value, "D", out _uid) && _uid.ToString() == value ? null : value;
    }

    /// <summary>The version of the object.</summary>
    public required string ResourceVersion
    {
        get => _otherVersion ?? _version.ToString(CultureInfo.InvariantCulture);
        init => _otherVersion = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _version)
            && _version.ToString(CultureInfo.InvariantCulture) == value ? null : value;
    }

    /// <summary>Whether the object is being deleted.</summary>
    public bool IsDeleting { get; init; }

    /// <summary>The labels.</summary>
    public MetadataMap Labels { get; init; } = MetadataMap.Empty;

    /// <summary>The annotations, without the copy of the whole object that kubectl apply leaves there.</summary>
    public MetadataMap Annotations { get; init; } = MetadataMap.Empty;
}

/// <summary>Labels or annotations, in a tenth of the memory of a dictionary: there are few per object, and many objects.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Labels are a map in the words of the API.")]
public sealed class MetadataMap : IReadOnlyDictionary<string, string>, IEquatable<MetadataMap>
{
    /// <summary>No entries.</summary>
    public static readonly MetadataMap Empty = new([]);

    private readonly KeyValuePair<string, string>[] _entries;

    internal MetadataMap(KeyValuePair<string, string>[] entries) => _entries = entries;

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Select(static entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<string> Values => _entries.Select(static entry => entry.Value);

    /// <inheritdoc/>
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (var entry in _entries)
        {
            if (string.Equals(entry.Key, key, StringComparison.Ordinal))
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The same entries; the API server sends them sorted, so that order is no difference.</summary>
    public bool Equals(MetadataMap? other) => other is not null && _entries.AsSpan().SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetadataMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var entry in _entries)
        {
            hash.Add(entry.Key, StringComparer.Ordinal);
            hash.Add(entry.Value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
