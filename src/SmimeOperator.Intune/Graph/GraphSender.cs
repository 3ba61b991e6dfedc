using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Kiota.Abstractions;

namespace SmimeOperator.Intune;

/// <summary>
/// Sends one call until it is answered for good: through the budget, with a fresh token if need be, again after throttling and outages
/// where that can do no harm. Reading the answer is part of the try, so that an answer cut off half-way is a failed try like any other.
/// </summary>
internal sealed class GraphSender(
    IRequestAdapter adapter, RequestBudget budget, AccessTokens tokens, IntuneMetrics metrics, IntuneOptions options, TimeProvider time, ILogger logger)
{
    private const int LargestErrorBody = 64 * 1024;
    private const int MostMalformedTries = 3;

    /// <summary>The gate before every call; set once, because the gate itself asks through here.</summary>
    public TenantGate? Gate { get; set; }

    /// <summary>Sends a call and reads its answer.</summary>
    /// <param name="call">What is meant.</param>
    /// <param name="request">Makes the request; called for each try.</param>
    /// <param name="read">Reads a 2xx answer; may be called again for a later try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="passGate">False only for the gate's own question.</param>
    public async Task<T> SendAsync<T>(
        GraphCall call,
        Func<RequestInformation> request,
        Func<Stream, CancellationToken, ValueTask<T>> read,
        CancellationToken cancellationToken,
        bool passGate = true)
    {
        if (passGate && Gate is { } gate)
        {
            await gate.PassAsync(cancellationToken);
        }

        var tries = new Tries();
        call.Leaving = cancellationToken;
        using var grace = new WriteGrace(call, options, time, cancellationToken);
        while (true)
        {
            call.Sent = false;
            try
            {
                using var response = await SendOnceAsync(call, request(), grace.Token);
                if (response.IsSuccessStatusCode)
                {
                    return await ReadAsync(response, read, grace.Token);
                }

                await HandleAsync(call, response, tries, cancellationToken);
            }
            catch (BudgetPausedException e)
            {
                throw Fault.Paused(call, e.Remaining);
            }
            catch (JsonException e)
            {
                await AfterMalformedAsync(call, e, tries, cancellationToken);
            }
            catch (Exception e) when (IsNetwork(e, cancellationToken))
            {
                if (RetryRules.MayHaveHappened(call.Repeatable, call.Sent, e) || ++tries.Outages >= options.Tries)
                {
                    throw Fault.NoAnswer(call, e, RetryRules.MayHaveHappened(call.Repeatable, call.Sent, e));
                }

                await WaitAsync(call, "no answer", tries, null, cancellationToken);
            }
        }
    }

    /// <summary>Sends a DELETE; what is gone already counts as deleted.</summary>
    public async Task DeleteAsync(GraphCall call, string address, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(call, () => GraphRequests.Delete(address), GraphJson.ReadIfAnyAsync, cancellationToken);
        }
        catch (TenantException e) when (e.Kind == FaultKind.NotFound)
        {
            return;
        }
    }

    private static bool IsNetwork(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<HttpResponseMessage> SendOnceAsync(GraphCall call, RequestInformation request, CancellationToken cancellationToken)
    {
        var native = new NativeResponseHandler();
        request.AddRequestOptions([call, new ResponseHandlerOption { ResponseHandler = native }]);
        // Asked for as a stream, it is there as soon as its head is; otherwise the client reads the body first, and for that there is no time-out.
        await adapter.SendPrimitiveAsync<Stream>(request, cancellationToken: cancellationToken);
        return (HttpResponseMessage)native.Value!;
    }

    private async ValueTask<T> ReadAsync<T>(
        HttpResponseMessage response, Func<Stream, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);
        return await read(body, either.Token);
    }

    private async Task HandleAsync(GraphCall call, HttpResponseMessage response, Tries tries, CancellationToken cancellationToken)
    {
        var error = GraphError.Parse(await ErrorBodyAsync(response, cancellationToken));
        // A date is meant by the service's clock, and ours may go wrong.
        var now = response.Headers.Date ?? time.GetUtcNow();
        var asked = RetryAfter.Parse(Header(response, "Retry-After"), Header(response, "x-ms-retry-after-ms"), now);
        var mayHaveHappened = RetryRules.MayHaveHappened(call.Repeatable, response.StatusCode, asked is not null);
        var fault = Fault.Of(call, response.StatusCode, error, Header(response, "request-id"), asked, mayHaveHappened);
        var token = response.RequestMessage?.Headers.Authorization?.Parameter ?? "";
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            Throttled(call, asked, tries, fault);
        }
        else if (fault.Kind == FaultKind.CredentialsInvalid && tokens.HasCredential && !tries.TokenRenewed)
        {
            tries.TokenRenewed = true;
            Log.TokenRefused(logger, call.Operation, call.ClientRequestId);
            tokens.Refused(token, null);
        }
        else if (RetryRules.IsOutage(response.StatusCode) && !mayHaveHappened && ++tries.Outages < options.Tries)
        {
            await WaitAsync(call, $"HTTP {(int)response.StatusCode}", tries, asked, cancellationToken);
        }
        else
        {
            if (fault.Kind == FaultKind.PermissionMissing)
            {
                tokens.Doubted(token);
            }

            throw fault;
        }
    }

    // The waiting itself is done in the budget's line, together with everybody else.
    private void Throttled(GraphCall call, TimeSpan? asked, Tries tries, TenantException fault)
    {
        var wait = RetryAfter.WaitFor(asked, tries.Throttles++, options.ThrottleFloor, options.ThrottleCeiling, Random.Shared.NextDouble());
        budget.Throttled(call.Write, wait);
        metrics.Throttled(call.Write);
        Log.Throttled(logger, call.Operation, call.Write ? "writes" : "all requests", wait.TotalSeconds, call.ClientRequestId);
        tries.Throttling += wait;
        if (tries.Throttling > options.ThrottlePatience)
        {
            throw new TenantException(fault.Kind, fault.Message)
            {
                StatusCode = fault.StatusCode,
                Code = fault.Code,
                ClientRequestId = fault.ClientRequestId,
                RequestId = fault.RequestId,
                RetryAfter = wait,
            };
        }
    }

    private async Task AfterMalformedAsync(GraphCall call, JsonException cause, Tries tries, CancellationToken cancellationToken)
    {
        if (call.Repeatable == Repeatable.IfUntouched)
        {
            throw Fault.NoAnswer(call, cause, mayHaveHappened: true);
        }

        if (++tries.Malformed >= MostMalformedTries)
        {
            // The parser's text may quote what it could not read.
            throw Fault.Malformed(call, "the answer is no complete JSON document of the expected form.");
        }

        await WaitAsync(call, "malformed answer", tries, null, cancellationToken);
    }

    private Task WaitAsync(GraphCall call, string reason, Tries tries, TimeSpan? asked, CancellationToken cancellationToken)
    {
        var failures = tries.Outages + tries.Malformed;
        var delay = RetryRules.OutageDelay(failures, options.OutageDelay, Random.Shared.NextDouble());
        delay = asked > delay ? TimeSpan.FromTicks(Math.Min(asked.Value.Ticks, options.ThrottlePatience.Ticks)) : delay;
        Log.TryingAgain(logger, call.Operation, reason, failures + 1, (long)delay.TotalMilliseconds, call.ClientRequestId);
        return Task.Delay(delay, time, cancellationToken);
    }

    private async Task<string?> ErrorBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(response, ReadSomeAsync, cancellationToken);
        }
        catch (Exception e) when (IsNetwork(e, cancellationToken))
        {
            return null;
        }
    }

    private static async ValueTask<string?> ReadSomeAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestErrorBody];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private sealed class Tries
    {
        public int Outages { get; set; }

        public int Malformed { get; set; }

        public int Throttles { get; set; }

        public TimeSpan Throttling { get; set; }

        public bool TokenRenewed { get; set; }
    }
}
