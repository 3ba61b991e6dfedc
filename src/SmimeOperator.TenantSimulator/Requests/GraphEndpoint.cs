using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Graph over HTTP.</summary>
internal sealed class GraphEndpoint(GraphPipeline pipeline, BatchHandler batches, ErrorBodies errors, BearerTokens tokens)
{
    public async Task HandleAsync(HttpContext context, string version, string path)
    {
        var refusal = tokens.Read(context.Request.Headers.Authorization, out var caller);
        var request = await RequestReader.ReadAsync(context, version, path, caller);
        GraphAnswer answer;
        if (refusal is not null)
        {
            answer = errors.Plain(request, 401, "InvalidAuthenticationToken", refusal);
            pipeline.Record(request, answer);
        }
        else if (request.Segments is ["$batch"])
        {
            answer = await batches.HandleAsync(request, context.RequestAborted);
            pipeline.Record(request, answer);
        }
        else
        {
            answer = await pipeline.HandleAsync(request, context.RequestAborted);
        }

        await WriteAsync(context, request, answer);
    }

    private static async Task WriteAsync(HttpContext context, GraphRequest request, GraphAnswer answer)
    {
        if (answer.IsDropped)
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers["request-id"] = context.TraceIdentifier;
        if (request.Header("client-request-id") is { } id)
        {
            response.Headers["client-request-id"] = id;
        }

        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Body.IsEmpty)
        {
            response.ContentLength = answer.Status == 204 ? null : 0;
            return;
        }

        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (answer.TruncateAfter is not { } length || length >= answer.Body.Length)
        {
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
            return;
        }

        // The server closes a connection whose body stays short of its length. An abort would overtake what was sent, and the answer would not even begin.
        await response.Body.WriteAsync(answer.Body[..length], context.RequestAborted);
        if (answer.FallsSilent)
        {
            await response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }
    }
}
