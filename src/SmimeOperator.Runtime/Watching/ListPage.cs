using System.Buffers;
using System.Text.Json;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Stores;

namespace SmimeOperator.Runtime.Watching;

/// <summary>One object of a list: what could be read of it, or why it could not.</summary>
internal readonly record struct ListedObject<T>(NamespacedName Key, T? Item, Exception? Error)
    where T : class;

/// <summary>One page of a list.</summary>
internal sealed record ListPage<T>(string? ResourceVersion, string? Continue, IReadOnlyList<ListedObject<T>> Items)
    where T : class
{
    public static async Task<ListPage<T>> ReadAsync(
        KubernetesApi api, string query, ResourceCodec<T> codec, CancellationToken cancellationToken)
    {
        using var response = await api
            .OpenAsync(HttpMethod.Get, query, content: null, codec.ListAccept, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);

        // A page is megabytes; a fresh array for each would fill the large object heap.
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return Parse(buffer.AsSpan(0, length), codec);
                }

                length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static ListPage<T> Parse(ReadOnlySpan<byte> json, ResourceCodec<T> codec)
    {
        string? version = null, token = null;
        var items = new List<ListedObject<T>>();
        var reader = new Utf8JsonReader(json);
        var hasItems = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isMetadata, isItems) = (reader.ValueTextEquals("metadata"u8), reader.ValueTextEquals("items"u8));
            reader.Read();
            if (isMetadata)
            {
                using var metadata = JsonDocument.ParseValue(ref reader);
                version = metadata.RootElement.TryGetProperty("resourceVersion", out var v) ? v.GetString() : null;
                token = metadata.RootElement.TryGetProperty("continue", out var c) ? c.GetString() : null;
            }
            else if (isItems && reader.TokenType == JsonTokenType.StartArray)
            {
                hasItems = true;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    items.Add(ReadItem(json[start..(int)reader.BytesConsumed], codec));
                }
            }
            else
            {
                // An empty list of some servers is null.
                hasItems |= isItems;
                reader.Skip();
            }
        }

        // A list that is not one must never read as an empty one: everything would count as deleted.
        return hasItems && !string.IsNullOrEmpty(version)
            ? new ListPage<T>(version, string.IsNullOrEmpty(token) ? null : token, items)
            : throw new InvalidDataException("The API server's answer is not a list.");
    }

    private static ListedObject<T> ReadItem(ReadOnlySpan<byte> json, ResourceCodec<T> codec) =>
        codec.TryRead(json, out var item, out var error)
            ? new ListedObject<T>(codec.KeyOf(item), item, Error: null)
            : new ListedObject<T>(ObjectHeader.Read(json).Key, Item: null, error);
}
