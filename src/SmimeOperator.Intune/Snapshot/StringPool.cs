using System.Buffers;
using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Texts that occur again and again, held once. Lives for one sweep and is used by one reader at a time.</summary>
internal sealed class StringPool
{
    private const int Short = 256;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text that the reader stands on.</summary>
    public string Get(ref Utf8JsonReader reader)
    {
        var length = reader.ValueSpan.Length;
        char[]? rented = null;
        var buffer = length <= Short ? stackalloc char[Short] : rented = ArrayPool<char>.Shared.Rent(length);
        try
        {
            return Get(buffer[..reader.CopyString(buffer)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>The one string of this text.</summary>
    public string Get(ReadOnlySpan<char> text)
    {
        var lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known))
        {
            return known;
        }

        var added = text.ToString();
        _texts.Add(added);
        return added;
    }
}
