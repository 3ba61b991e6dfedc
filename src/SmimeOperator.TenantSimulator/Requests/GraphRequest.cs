using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>A request to Graph, whether it came by itself or inside a batch.</summary>
internal sealed class GraphRequest
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public required string Method { get; init; }

    /// <summary>beta or v1.0.</summary>
    public required string Version { get; init; }

    /// <summary>The path as sent, the version included.</summary>
    public required string Path { get; init; }

    /// <summary>The path behind the version, cut into segments, keys in parentheses as segments of their own.</summary>
    public required IReadOnlyList<string> Segments { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Query { get; init; }

    public required Func<string, string?> Header { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>Scheme and host as the client sees them; links in answers begin with it.</summary>
    public required string Origin { get; init; }

    public bool IsInBatch { get; init; }

    public bool IsWrite => Method is not ("GET" or "HEAD");

    public string Root => $"{Origin}/{Version}";

    public string QueryText => string.Join('&', Query.Select(q => $"{q.Key}={q.Value}"));

    /// <summary>What the handlers found out for the log.</summary>
    public List<string> Violations { get; } = [];

    public string? BodyType { get; set; }

    public string Template { get; set; } = "/{unknown}";

    /// <summary>The body as an object; null when it is none.</summary>
    public JsonObject? ReadBody()
    {
        try
        {
            var body = JsonNode.Parse(Body.Span, documentOptions: Strict) as JsonObject;
            BodyType = body?["@odata.type"]?.ToString();
            return body;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Cuts a path, without its version, into segments: a('b')/c and a/b/c are the same.</summary>
    public static List<string> Cut(string path)
    {
        var result = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var open = segment.IndexOf('(', StringComparison.Ordinal);
            if (open <= 0 || !segment.EndsWith(')'))
            {
                result.Add(segment);
                continue;
            }

            result.Add(segment[..open]);
            var key = segment[(open + 1)..^1];
            key = key is ['\'', .., '\''] ? key[1..^1].Replace("''", "'", StringComparison.Ordinal) : key;
            if (key.Length > 0)
            {
                result.Add(key);
            }
        }

        return result;
    }
}

/// <summary>The answer to a <see cref="GraphRequest"/>.</summary>
internal sealed record GraphAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public GraphAnswer(int status)
        : this(status, default)
    {
    }

    public string ContentType { get; init; } =
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The connection breaks instead of carrying the answer.</summary>
    public bool IsDropped { get; init; }

    /// <summary>Bytes after which the connection breaks within the body.</summary>
    public int? TruncateAfter { get; init; }

    /// <summary>Keeps the connection open after a body that was cut short.</summary>
    public bool FallsSilent { get; init; }
}
