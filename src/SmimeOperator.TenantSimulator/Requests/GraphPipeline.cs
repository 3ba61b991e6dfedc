using System.Text;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Faults;
using SmimeOperator.TenantSimulator.Limits;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>What every request passes through: faults, limits, permission, the work itself, and the log.</summary>
internal sealed class GraphPipeline(
    SimulatorOptions options,
    GraphRouter router,
    ErrorBodies errors,
    RequestLimits limits,
    FaultRules faults,
    RequestLog log)
{
    private static readonly byte[] HtmlPage =
        Encoding.UTF8.GetBytes("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>proxy</body></html>");

    private static readonly byte[] MalformedJson = Encoding.UTF8.GetBytes("""{"value":[{"id":"1","displayName":""");

    public async Task<GraphAnswer> HandleAsync(GraphRequest request, CancellationToken cancellationToken)
    {
        if (options.Latency > TimeSpan.Zero && !request.IsInBatch)
        {
            await Task.Delay(options.Latency, options.TimeProvider, cancellationToken);
        }

        GraphRouter.Describe(request, out var collection);
        var fault = faults.Find(request);
        var answer = fault is null
            ? Work(request, collection, fault)
            : await FailAsync(request, collection, fault, cancellationToken);
        Record(request, answer);
        if (fault is { Rule: { Silence: not DropMoment.Never, TruncateAfter: null } })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, options.TimeProvider, cancellationToken);
        }

        return answer;
    }

    /// <summary>Notes a request that never gets to the collections, such as one with a bad token.</summary>
    public void Record(GraphRequest request, GraphAnswer answer) => log.Add(new RequestLogEntry
    {
        Number = log.NextNumber(),
        Method = request.Method,
        Path = request.Path,
        Query = request.QueryText,
        Template = request.Template,
        Status = answer.IsDropped ? 0 : answer.Status,
        ClientRequestId = request.Header("client-request-id"),
        AppId = request.Caller.AppId,
        UserAgent = request.Header("User-Agent"),
        BodyType = request.BodyType,
        Violations = request.Violations.Count == 0 ? [] : [.. request.Violations],
        IsInBatch = request.IsInBatch,
        At = log.Elapsed,
    });

    private async Task<GraphAnswer> FailAsync(
        GraphRequest request, CollectionKind? collection, ActiveFault fault, CancellationToken cancellationToken)
    {
        var rule = fault.Rule;
        if (rule.DelayMilliseconds > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(rule.DelayMilliseconds), options.TimeProvider, cancellationToken);
        }

        if (rule.Drop == DropMoment.BeforeCommit || rule.Silence == DropMoment.BeforeCommit)
        {
            return new GraphAnswer(0) { IsDropped = true };
        }

        var replacement = Replacement(request, collection, rule);
        var worked = replacement is null || rule.Commit ? Work(request, collection, fault) : null;
        var answer = replacement ?? worked!;
        if (rule.Headers is { } headers)
        {
            answer = answer with { Headers = [.. answer.Headers, .. headers] };
        }

        if (rule.MalformedJson)
        {
            answer = answer with { Body = MalformedJson };
        }

        if (rule.ContentType is { } type)
        {
            answer = answer with { ContentType = type };
        }

        return answer with
        {
            IsDropped = rule.Drop == DropMoment.AfterCommit || (rule.Silence == DropMoment.AfterCommit && rule.TruncateAfter is null),
            TruncateAfter = rule.TruncateAfter,
            FallsSilent = rule.Silence == DropMoment.AfterCommit,
        };
    }

    private GraphAnswer? Replacement(GraphRequest request, CollectionKind? collection, FaultRule rule)
    {
        if (rule.HtmlPage)
        {
            return new GraphAnswer(rule.Status ?? 200, HtmlPage) { ContentType = "text/html" };
        }

        if (rule.Status is { } status)
        {
            return rule.Body is { } body
                ? new GraphAnswer(status, Encoding.UTF8.GetBytes(body)) { ContentType = "application/json" }
                : errors.For(collection, request, status, ErrorCodes.Of(status), ErrorBodies.Opaque);
        }

        return rule.IgnoreWrite && request.IsWrite ? new GraphAnswer(request.Method == "DELETE" ? 200 : 204) : null;
    }

    private GraphAnswer Work(GraphRequest request, CollectionKind? collection, ActiveFault? fault)
    {
        if (collection is not null && limits.Count(request, collection) is { } wait)
        {
            var refused = collection.IsDirectory
                ? errors.Plain(request, 429, "TooManyRequests", "Please retry again later.")
                : errors.Intune(request, 429, "TooManyRequests", "Too many requests, please retry again later.");
            return refused with { Headers = limits.RetryHeaders(wait) };
        }

        if (collection is not null && request.Caller.Roles is { } roles)
        {
            var accepted = Permissions.Accepted(collection, request.IsWrite);
            if (!accepted.Any(roles.Contains))
            {
                return errors.For(
                    collection,
                    request,
                    403,
                    collection.IsDirectory ? "Authorization_RequestDenied" : "Forbidden",
                    "Application is not authorized to perform this operation. Application must have one of the following scopes: "
                        + string.Join(", ", accepted));
            }
        }

        return router.Handle(request, collection, fault);
    }
}
