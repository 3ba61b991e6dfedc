using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using k8s;

namespace SmimeOperator.Runtime.Client;

/// <summary>
/// The few requests that the runtime makes, on the client's own connection and credentials. The typed operations of the client
/// are not enough: they hide when a watch is connected, and drop fields that a type does not know.
/// </summary>
internal sealed class KubernetesApi(IKubernetes client, KubernetesClientConfiguration configuration, TimeProvider time)
{
    public const string MergePatch = "application/merge-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";
    public const string AsJson = "application/json";
    public const string AsMetadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    public const string AsMetadataList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    /// <summary>The longest that a request other than a watch may take.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    private static readonly Lazy<JsonSerializerOptions> SharedJson = new(static () =>
    {
        JsonSerializerOptions? options = null;
        KubernetesJson.AddJsonOptions(o => options = o);
        return options!;
    });

    private readonly Kubernetes _client = client as Kubernetes
        ?? throw new ArgumentException($"The runtime needs the client of KubernetesClient, not {client.GetType()}.", nameof(client));

    /// <summary>The client's own JSON options, so that entities read and written here look as they do elsewhere.</summary>
    public static JsonSerializerOptions Json => SharedJson.Value;

    /// <summary>Sends a request and returns once the headers of a good answer are there; any other answer is an exception.</summary>
    public async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method, string pathAndQuery, HttpContent? content, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, pathAndQuery)) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Version = configuration.DisableHttp2 ? HttpVersion.Version11 : HttpVersion.Version20;
        if (_client.Credentials is not null)
        {
            await _client.Credentials.ProcessHttpRequestAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var response = await _client.HttpClient
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ToExceptionAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request and reads the answer.</summary>
    public async Task<byte[]> SendAsync(
        HttpMethod method, string pathAndQuery, HttpContent? content, string accept, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await OpenAsync(method, pathAndQuery, content, accept, linked.Token).ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The API server did not answer {method} {pathAndQuery} in time.", e);
        }
    }

    /// <summary>Reads one object, null when there is none.</summary>
    public async Task<byte[]?> GetAsync(string path, string accept, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, path, content: null, accept, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public static HttpContent Body(ReadOnlySpan<byte> json, string mediaType = AsJson)
    {
        var content = new ByteArrayContent(json.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    private static async Task<KubernetesApiException> ToExceptionAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var (reason, message) = (response.ReasonPhrase ?? response.StatusCode.ToString(), "");
        try
        {
            using var status = JsonDocument.Parse(body);
            if (status.RootElement.ValueKind == JsonValueKind.Object)
            {
                reason = status.RootElement.TryGetProperty("reason", out var r) ? r.GetString() ?? reason : reason;
                message = status.RootElement.TryGetProperty("message", out var m) ? m.GetString() ?? "" : "";
            }
        }
        catch (JsonException)
        {
            // A proxy in between answers in its own words.
            message = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200)));
        }

        return new KubernetesApiException(response.StatusCode, reason, message);
    }
}
