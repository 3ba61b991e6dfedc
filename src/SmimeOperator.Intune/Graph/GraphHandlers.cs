using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Kiota.Http.HttpClientLibrary.Extensions;

namespace SmimeOperator.Intune;

/// <summary>Waits for the turn to send, and gives the place back when the answer's head is there. Time in line is no part of the time-out.</summary>
internal sealed class BudgetHandler(RequestBudget budget, IntuneMetrics metrics, TimeProvider time) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GraphHandlers.CallOf(request);
        var began = time.GetTimestamp();
        using var place = await budget.AcquireAsync(call.Lane, call.Write, call.Places, call.Leaving);
        metrics.Waited(call, time.GetElapsedTime(began));
        return await base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Names the request, counts and logs it, and gives up on an answer that does not come.</summary>
internal sealed class TelemetryHandler(IntuneMetrics metrics, TimeSpan timeout, TimeProvider time, ILogger logger) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GraphHandlers.CallOf(request);
        request.Headers.Remove(GraphHandlers.ClientRequestId);
        request.Headers.Add(GraphHandlers.ClientRequestId, call.ClientRequestId);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        var began = time.GetTimestamp();
        var status = "no answer";
        using var activity = IntuneActivities.Start(call, request.Method.Method);
        call.Leaving.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            call.Sent = true;
            var response = await base.SendAsync(request, either.Token);
            status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("No answer in time.", e);
        }
        finally
        {
            var took = time.GetElapsedTime(began);
            metrics.Requested(call, status, took);
            IntuneActivities.End(activity, status);
            Log.Requested(logger, call.Operation, status, (long)took.TotalMilliseconds, call.ClientRequestId);
        }
    }
}

/// <summary>What the handlers share.</summary>
internal static class GraphHandlers
{
    /// <summary>The header that names a request.</summary>
    public const string ClientRequestId = "client-request-id";

    /// <summary>The call that a request belongs to.</summary>
    public static GraphCall CallOf(HttpRequestMessage request) =>
        request.GetRequestOption<GraphCall>() ?? throw new InvalidOperationException("Every request to the tenant belongs to a call.");

    /// <summary>Puts the handlers before the shared connections.</summary>
    public static HttpMessageHandler Pipeline(
        HttpMessageHandler connections, RequestBudget budget, IntuneMetrics metrics, IntuneOptions options, IWriteFence fence, TimeProvider time,
        ILogger logger)
    {
        var sending = new BudgetHandler(budget, metrics, time)
        {
            InnerHandler = new TelemetryHandler(metrics, options.RequestTimeout, time, logger)
            {
                InnerHandler = new FenceHandler(fence, options.UserAgent) { InnerHandler = new Shared(connections) },
            },
        };
        // Before the budget: what is not sent costs nothing of it.
        return options.DryRun ? new DryRunHandler { InnerHandler = sending } : sending;
    }

    // The connections belong to the factory; a tenant that is disposed must not take them along.
    private sealed class Shared(HttpMessageHandler connections) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _invoker = new(connections, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _invoker.SendAsync(request, cancellationToken);
    }
}
