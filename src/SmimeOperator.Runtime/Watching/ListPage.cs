using System.Buffers;
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

        var parser = new ListParser<T>(codec);
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            for (var filled = 0; ;)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                filled += read;
                var taken = parser.Read(buffer.AsSpan(0, filled), isLast: read == 0);
                if (read == 0)
                {
                    return parser.Page();
                }

                filled -= taken;
                buffer.AsSpan(taken, filled).CopyTo(buffer);
                if (filled == buffer.Length)
                {
                    buffer = Larger(buffer);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // One object fills it.
    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
