using Microsoft.AspNetCore.WebUtilities;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Turns what arrives over HTTP into a <see cref="GraphRequest"/>.</summary>
internal static class RequestReader
{
    public static List<KeyValuePair<string, string>> ReadQuery(string text)
    {
        var result = new List<KeyValuePair<string, string>>();
        foreach (var pair in new QueryStringEnumerable(text))
        {
            result.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return result;
    }

    public static async Task<GraphRequest> ReadAsync(HttpContext context, string version, string path, Caller caller)
    {
        var request = context.Request;
        var headers = request.Headers;
        return new GraphRequest
        {
            Method = request.Method,
            Version = version,
            Path = request.Path.Value!,
            Segments = GraphRequest.Cut(path),
            Query = ReadQuery(request.QueryString.Value ?? ""),
            Header = name => headers.TryGetValue(name, out var values) ? values.ToString() : null,
            Body = await ReadBodyAsync(request, context.RequestAborted),
            Caller = caller,
            Origin = $"{request.Scheme}://{request.Host}",
        };
    }

    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
        {
            return default;
        }

        var buffer = new MemoryStream((int)(request.ContentLength ?? 0));
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
