using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune;

/// <summary>Reads many addresses in few requests ($batch, twenty parts each). Each part counts against the budget by itself and may be throttled by itself.</summary>
internal sealed class GraphBatch(GraphSender sender, RequestBudget budget, IntuneMetrics metrics, IntuneOptions options, TimeProvider time)
{
    /// <summary>Reads addresses relative to a version's root; answers come in the order of the addresses. One part that fails fails all, but for what is not found, where that is an answer.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadAsync(
        string operation, string attempt, string versionRoot, IReadOnlyList<string> addresses, CancellationToken cancellationToken,
        bool mayBeAbsent = false)
    {
        var answers = await ReadAllAsync(
            new Reading(operation, attempt, versionRoot, addresses, IsEventual: false), fault => mayBeAbsent && fault.StatusCode == (int)HttpStatusCode.NotFound, cancellationToken);
        return [.. answers.Select(a => a.Body)];
    }

    /// <summary>Reads each address for itself, as an advanced query of the directory: a part that is refused says why and fails no other.</summary>
    public Task<BatchAnswer[]> ReadEachAsync(
        string operation, string attempt, string versionRoot, IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
        ReadAllAsync(new Reading(operation, attempt, versionRoot, addresses, IsEventual: true), static _ => true, cancellationToken);

    private async Task<BatchAnswer[]> ReadAllAsync(Reading reading, Func<TenantException, bool> isAnswer, CancellationToken cancellationToken)
    {
        var answers = new BatchAnswer[reading.Addresses.Count];
        var batches = Enumerable.Range(0, answers.Length).Chunk(budget.MaximumPlaces)
            .Select(parts => ReadBatchAsync(reading, parts, answers, isAnswer, cancellationToken));
        await Task.WhenAll(batches);
        return answers;
    }

    private async Task ReadBatchAsync(
        Reading reading, int[] parts, BatchAnswer[] answers, Func<TenantException, bool> isAnswer, CancellationToken cancellationToken)
    {
        var (left, throttling) = (parts, TimeSpan.Zero);
        for (var round = 0; left.Length > 0; round++)
        {
            var call = GraphCall.Read(reading.Operation, reading.Attempt, left.Length);
            var body = GraphBody.Serialize(new Body([.. left.Select(i => new Part(Name(i), reading.Addresses[i], reading.IsEventual))]));
            var answer = await sender.SendAsync(
                call, () => GraphRequests.WithBody(Method.POST, reading.VersionRoot + "/$batch", body), GraphJson.ReadAsync, cancellationToken);
            var (again, wait, outage) = Sort(call, left, answer, answers, isAnswer, round);
            if (wait is { } pause)
            {
                budget.Throttled(write: false, pause);
                metrics.Throttled(write: false);
                throttling += pause;
            }

            if (again.Count > 0 && (throttling > options.ThrottlePatience || (outage && round + 1 >= options.Tries)))
            {
                throw outage
                    ? new TenantException(FaultKind.Unavailable, reading.Attempt + " failed: parts of a batch were refused again and again.") { ClientRequestId = call.ClientRequestId }
                    : Fault.Paused(call, wait ?? options.ThrottleFloor);
            }

            if (outage)
            {
                await Task.Delay(RetryRules.OutageDelay(round + 1, options.OutageDelay, Random.Shared.NextDouble()), time, cancellationToken);
            }

            left = [.. again];
        }
    }

    private (List<int> Again, TimeSpan? Wait, bool Outage) Sort(
        GraphCall call, int[] parts, JsonElement answer, BatchAnswer[] answers, Func<TenantException, bool> isAnswer, int round)
    {
        var responses = Responses(call, answer);
        var again = new List<int>();
        TimeSpan? wait = null;
        var outage = false;
        foreach (var part in parts)
        {
            if (!responses.TryGetValue(Name(part), out var response)
                || !response.TryGetProperty("status", out var number) || !number.TryGetInt32(out var status))
            {
                throw Fault.Malformed(call, "a part of the batch was not answered.");
            }

            if (status is >= 200 and < 300)
            {
                answers[part] = new BatchAnswer(response.TryGetProperty("body", out var content) ? content : default, null);
            }
            else if (status == (int)HttpStatusCode.TooManyRequests)
            {
                again.Add(part);
                var asked = RetryAfter.Parse(Header(response, "Retry-After"), Header(response, "x-ms-retry-after-ms"), time.GetUtcNow());
                var needed = RetryAfter.WaitFor(asked, round, options.ThrottleFloor, options.ThrottleCeiling, Random.Shared.NextDouble());
                wait = wait is null || needed > wait ? needed : wait;
            }
            else if (RetryRules.IsOutage((HttpStatusCode)status))
            {
                again.Add(part);
                outage = true;
            }
            else
            {
                var error = GraphError.Parse(response.TryGetProperty("body", out var text) ? text.GetRawText() : null);
                var fault = Fault.Of(call, (HttpStatusCode)status, error, null, null, mayHaveHappened: false);
                answers[part] = isAnswer(fault) ? new BatchAnswer(default, fault) : throw fault;
            }
        }

        return (again, wait, outage);
    }

    private static Dictionary<string, JsonElement> Responses(GraphCall call, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("responses", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw Fault.Malformed(call, "the answer is no batch.");
        }

        var found = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var response in list.EnumerateArray())
        {
            if (GraphJson.Text(response, "id") is { } id)
            {
                found[id] = response;
            }
        }

        return found;
    }

    private static string? Header(JsonElement response, string name)
    {
        if (response.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object)
        {
            foreach (var header in headers.EnumerateObject())
            {
                if (string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    return header.Value.ToString();
                }
            }
        }

        return null;
    }

    private static string Name(int part) => (part + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>What is read, and as what.</summary>
    /// <param name="Operation">A stable word for metrics.</param>
    /// <param name="Attempt">What is attempted, as the start of a sentence.</param>
    /// <param name="VersionRoot">The version's root.</param>
    /// <param name="Addresses">Addresses relative to it.</param>
    /// <param name="IsEventual">Whether the parts say that the directory's index will do: counts and casts are answered from nothing else.</param>
    private sealed record Reading(string Operation, string Attempt, string VersionRoot, IReadOnlyList<string> Addresses, bool IsEventual);

    private sealed class Body(IReadOnlyList<Part> parts) : IParsable
    {
        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

        public void Serialize(ISerializationWriter writer) =>
            writer.WriteCollectionOfObjectValues("requests", parts);
    }

    private sealed class Part(string id, string url, bool isEventual) : IParsable
    {
        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

        public void Serialize(ISerializationWriter writer)
        {
            writer.WriteStringValue("id", id);
            writer.WriteStringValue("method", "GET");
            writer.WriteStringValue("url", url);
            if (isEventual)
            {
                writer.WriteObjectValue("headers", new EventualHeader());
            }
        }
    }

    private sealed class EventualHeader : IParsable
    {
        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

        public void Serialize(ISerializationWriter writer) => writer.WriteStringValue("ConsistencyLevel", "eventual");
    }
}

/// <summary>The answer to one part of a batch.</summary>
/// <param name="Body">The document; undefined where there is none.</param>
/// <param name="Fault">Why it was refused; null where it was answered.</param>
internal readonly record struct BatchAnswer(JsonElement Body, TenantException? Fault);
