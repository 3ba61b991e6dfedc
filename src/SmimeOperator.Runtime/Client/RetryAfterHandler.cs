using System.Net;
using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.Client;

/// <summary>Waits as long as an overloaded API server asks for, then repeats the request. The client itself does not.</summary>
/// <remarks>
/// A 429 or 503 with Retry-After was refused before it was acted on, so that repeating is safe for every verb.
/// Without the header the answer goes to the caller, whose own backoff knows better.
/// </remarks>
public sealed class RetryAfterHandler(TimeProvider time, ILogger<RetryAfterHandler> logger) : DelegatingHandler
{
    private const int MaxAttempts = 10;

    /// <summary>What a server may ask for at most; more than this is a mistake or an attack.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null)
        {
            await request.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        }

        for (var attempt = 1; ; attempt++)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (attempt == MaxAttempts || WaitAskedFor(response, time.GetUtcNow()) is not { } wait)
            {
                return response;
            }

            logger.ServerAsksToWait((int)response.StatusCode, wait, request.Method.Method, request.RequestUri?.AbsolutePath);
            response.Dispose();
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    internal static TimeSpan? WaitAskedFor(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || response.Headers.RetryAfter is not { } header)
        {
            return null;
        }

        var wait = header.Delta ?? (header.Date - now) ?? TimeSpan.Zero;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }
}
