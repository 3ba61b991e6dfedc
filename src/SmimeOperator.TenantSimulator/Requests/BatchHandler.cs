using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>$batch: up to twenty requests, each for itself before the limits, answered in any order.</summary>
internal sealed class BatchHandler(GraphPipeline pipeline, ErrorBodies errors, Random random)
{
    private const int MostRequests = 20;

    public async Task<GraphAnswer> HandleAsync(GraphRequest outer, CancellationToken cancellationToken)
    {
        outer.Template = "/$batch";
        if (outer.Method != "POST" || outer.ReadBody()?["requests"] is not JsonArray requests)
        {
            return errors.Plain(outer, 400, "BadRequest", "Invalid batch payload format.");
        }

        if (Fault(requests) is { } fault)
        {
            return errors.Plain(outer, 400, "BadRequest", fault);
        }

        var answers = new List<(string Id, GraphAnswer Answer)>();
        var failed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in requests.Select(r => (JsonObject)r!))
        {
            var id = item["id"]!.ToString();
            var blocked = (item["dependsOn"] as JsonArray)?.Any(d => failed.Contains(d!.ToString())) == true;
            var inner = Inner(outer, item);
            var answer = blocked
                ? errors.Plain(inner, 424, "FailedDependency", "Dependency failed.")
                : await pipeline.HandleAsync(inner, cancellationToken);
            if (answer.IsDropped)
            {
                return answer;
            }

            if (answer.Status >= 400)
            {
                failed.Add(id);
            }

            answers.Add((id, answer));
        }

        lock (random)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(answers));
        }

        return new GraphAnswer(200, Render(answers));
    }

    private static string? Fault(JsonArray requests)
    {
        if (requests.Count > MostRequests)
        {
            return $"Number of batch requests in the batch exceeds the limit of {MostRequests}.";
        }

        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in requests)
        {
            if (node is not JsonObject item || item["id"] is null || item["method"] is null || item["url"] is null)
            {
                return "Every batch request needs an id, a method and a url.";
            }

            if (!ids.Add(item["id"]!.ToString()))
            {
                return $"Request Id {item["id"]} has already been used.";
            }

            if (item["body"] is not null && Header(item, "Content-Type") is null)
            {
                return $"Write request : {item["id"]} does not contain Content-Type header or body.";
            }

            var unknown = (item["dependsOn"] as JsonArray)?.FirstOrDefault(d => !ids.Contains(d?.ToString() ?? ""));
            if (unknown is not null)
            {
                return $"Request {item["id"]} depends on {unknown}, which does not come before it.";
            }
        }

        return null;
    }

    private static GraphRequest Inner(GraphRequest outer, JsonObject item)
    {
        var url = item["url"]!.ToString();
        var mark = url.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(mark < 0 ? url : url[..mark]);
        var body = item["body"];
        return new GraphRequest
        {
            Method = item["method"]!.ToString().ToUpperInvariant(),
            Version = outer.Version,
            Path = $"/{outer.Version}/{path.TrimStart('/')}",
            Segments = GraphRequest.Cut(path),
            Query = RequestReader.ReadQuery(mark < 0 ? "" : url[mark..]),
            Header = name => Header(item, name) ?? (name == "client-request-id" ? outer.Header(name) : null),
            Body = body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString()),
            Caller = outer.Caller,
            Origin = outer.Origin,
            IsInBatch = true,
        };
    }

    private static string? Header(JsonObject item, string name) => (item["headers"] as JsonObject)?
        .FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.ToString();

    private static byte[] Render(List<(string Id, GraphAnswer Answer)> answers) => ObjectRenderer.Render(writer =>
    {
        writer.WriteStartArray("responses");
        foreach (var (id, answer) in answers)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteNumber("status", answer.Status);
            writer.WriteStartObject("headers");
            foreach (var (name, value) in answer.Headers)
            {
                writer.WriteString(name, value);
            }

            if (!answer.Body.IsEmpty)
            {
                writer.WriteString("Content-Type", answer.ContentType);
            }

            writer.WriteEndObject();
            WriteBody(writer, answer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void WriteBody(Utf8JsonWriter writer, GraphAnswer answer)
    {
        if (answer.Body.IsEmpty)
        {
            return;
        }

        writer.WritePropertyName("body");
        if (answer.ContentType.StartsWith("application/json", StringComparison.Ordinal) && IsJson(answer.Body))
        {
            writer.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        }
        else
        {
            // What is no JSON travels as base64.
            writer.WriteBase64StringValue(answer.Body.Span);
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        return JsonDocument.TryParseValue(ref reader, out var document) && Dispose(document);
    }

    private static bool Dispose(JsonDocument document)
    {
        document.Dispose();
        return true;
    }
}
