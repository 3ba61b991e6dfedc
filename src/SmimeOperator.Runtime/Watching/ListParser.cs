using System.Text.Json;
using SmimeOperator.Runtime.Stores;

namespace SmimeOperator.Runtime.Watching;

/// <summary>Reads a list object by object as its bytes arrive: a page is megabytes, and nobody needs it as a whole.</summary>
internal sealed class ListParser<T>(ResourceCodec<T> codec)
    where T : class
{
    private readonly List<ListedObject<T>> _items = [];
    private JsonReaderState _state;
    private Place _place;
    private bool _hasItems;
    private string? _version;
    private string? _token;

    private enum Place
    {
        Start,
        List,
        Items,
        End,
    }

    /// <summary>Reads on; what it does not take stands at the front of the next bytes.</summary>
    /// <param name="json">What there is and was not taken yet.</param>
    /// <param name="isLast">Whether nothing follows.</param>
    /// <returns>How many bytes were taken.</returns>
    /// <exception cref="JsonException">It is no JSON, or ends in its middle.</exception>
    public int Read(ReadOnlySpan<byte> json, bool isLast)
    {
        var reader = new Utf8JsonReader(json, isLast, _state);
        int taken;
        do
        {
            (_state, taken) = (reader.CurrentState, (int)reader.BytesConsumed);
        }
        while (Step(ref reader, json));

        return taken;
    }

    /// <summary>The page, once all of it was read.</summary>
    /// <exception cref="InvalidDataException">It was no list, which must never read as an empty one: everything would count as deleted.</exception>
    public ListPage<T> Page() => _hasItems && !string.IsNullOrEmpty(_version)
        ? new ListPage<T>(_version, string.IsNullOrEmpty(_token) ? null : _token, _items)
        : throw new InvalidDataException("The API server's answer is not a list.");

    // One step as a whole, or none where bytes are missing.
    private bool Step(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (_place)
        {
            case Place.Start:
                // What is no object is read to its end, and is no list then.
                _place = reader.TokenType == JsonTokenType.StartObject ? Place.List : Place.End;
                return true;
            case Place.List when reader.TokenType == JsonTokenType.PropertyName:
                return Property(ref reader, json);
            case Place.Items when reader.TokenType != JsonTokenType.EndArray:
                return Item(ref reader, json);
            default:
                _place = _place == Place.Items ? Place.List : Place.End;
                return true;
        }
    }

    private bool Item(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        var item = json[start..(int)reader.BytesConsumed];
        _items.Add(codec.TryRead(item, out var read, out var error)
            ? new ListedObject<T>(codec.KeyOf(read), read, Error: null)
            : new ListedObject<T>(ObjectHeader.Read(item).Key, Item: null, error));
        return true;
    }

    private bool Property(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var (isMetadata, isItems) = (reader.ValueTextEquals("metadata"u8), reader.ValueTextEquals("items"u8));
        if (!reader.Read())
        {
            return false;
        }

        var start = (int)reader.TokenStartIndex;
        if (isItems && reader.TokenType == JsonTokenType.StartArray)
        {
            _place = Place.Items;
        }
        else if (!reader.TrySkip())
        {
            return false;
        }
        else if (isMetadata)
        {
            var value = new Utf8JsonReader(json[start..(int)reader.BytesConsumed]);
            using var metadata = JsonDocument.ParseValue(ref value);
            _version = metadata.RootElement.TryGetProperty("resourceVersion", out var v) ? v.GetString() : null;
            _token = metadata.RootElement.TryGetProperty("continue", out var c) ? c.GetString() : null;
        }

        // An empty list of some servers is null.
        _hasItems |= isItems;
        return true;
    }
}
