using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SmimeOperator.Intune;

/// <summary>
/// Lets reads through and answers everything else by itself, as the service would if it agreed: what was asked for is then in the
/// snapshot like a write of our own, and nothing has left the machine. It judges the request as it would go out, not what the caller
/// says of it, so that no mistake elsewhere can make a dry run write.
/// </summary>
internal sealed class DryRunHandler : DelegatingHandler
{
    // The POSTs that only read. The parts of a batch are checked one by one.
    private const string Batch = "/$batch";
    private static readonly string[] Questions = ["/directoryObjects/getByIds", "/checkMemberGroups"];

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await IsReadAsync(request, cancellationToken)
            ? await base.SendAsync(request, cancellationToken)
            : await AnswerAsync(request, cancellationToken);

    private static async Task<bool> IsReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
        {
            return true;
        }

        var path = request.RequestUri!.AbsolutePath;
        return request.Method == HttpMethod.Post
            && (Array.Exists(Questions, q => path.EndsWith(q, StringComparison.OrdinalIgnoreCase))
                || (path.EndsWith(Batch, StringComparison.OrdinalIgnoreCase) && await ReadsOnlyAsync(request, cancellationToken)));
    }

    private static async Task<bool> ReadsOnlyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(request, cancellationToken);
        return body?["requests"] is JsonArray parts
            && parts.All(p => string.Equals((string?)p?["method"], "GET", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // An action is answered like a change; only a creation has an object to show.
        var isCreation = request.Method == HttpMethod.Post && !request.RequestUri!.AbsolutePath.EndsWith("/assign", StringComparison.OrdinalIgnoreCase);
        if (!isCreation)
        {
            return new HttpResponseMessage(HttpStatusCode.NoContent) { RequestMessage = request };
        }

        var created = await BodyAsync(request, cancellationToken) ?? [];
        created["id"] = Guid.NewGuid().ToString();
        var content = new StringContent(created.ToJsonString(), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.Created) { RequestMessage = request, Content = content };
    }

    private static async Task<JsonObject?> BodyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null)
        {
            return null;
        }

        // Loaded first, so that the request can still be sent with its content afterwards.
        await request.Content.LoadIntoBufferAsync(cancellationToken);
        return JsonNode.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken)) as JsonObject;
    }
}
