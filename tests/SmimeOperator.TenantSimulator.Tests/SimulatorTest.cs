using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests;

/// <summary>A simulator of its own for every test, and short words for what tests say to it.</summary>
public abstract class SimulatorTest : IAsyncLifetime
{
    protected const string Outlook = "https://apps.apple.com/us/app/microsoft-outlook/id951937596";

    private SimulatorHost? _host;
    private HttpClient? _client;

    protected SimulatorHost Host => _host!;

    protected SimulatedTenant Tenant => Host.Tenant;

    protected HttpClient Client => _client!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected virtual SimulatorOptions Options { get; } = new() { Limits = PublishedLimits.Off, PageSize = 10 };

    public async ValueTask InitializeAsync()
    {
        _host = await SimulatorHost.StartAsync(Options, Stop);
        _client = new HttpClient { BaseAddress = _host.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        string method, string path, JsonNode? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendRawAsync(method, path, body?.ToJsonString(), token, headers);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    protected async Task<HttpResponseMessage> SendRawAsync(
        string method, string path, string? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, Stop);
    }

    protected async Task<JsonNode> GetAsync(string path)
    {
        var (status, body) = await SendAsync("GET", path);
        status.ShouldBe(HttpStatusCode.OK, body?.ToJsonString());
        return body!;
    }

    protected async Task<List<JsonNode>> ListAsync(string path)
    {
        var result = new List<JsonNode>();
        for (var next = path; next is not null;)
        {
            var page = await GetAsync(next);
            result.AddRange(page["value"]!.AsArray().Select(v => v!));
            next = (string?)page["@odata.nextLink"];
        }

        return result;
    }

    /// <summary>Posts a body that must be accepted, and gives back the new object.</summary>
    protected async Task<JsonNode> CreateAsync(string path, JsonNode body)
    {
        var (status, answer) = await SendAsync("POST", path, body);
        status.ShouldBe(HttpStatusCode.Created, string.Join("; ", Tenant.Log.Violations) + answer?.ToJsonString());
        return answer!;
    }

    protected async Task<string> CreateRootAsync(string name = "Corp root") =>
        (string)(await CreateAsync(Paths.Profiles, Bodies.Root(name)))["id"]!;

    /// <summary>The message inside Intune's JSON in a string, or the plain one.</summary>
    protected static string MessageOf(JsonNode? body)
    {
        var message = (string)body!["error"]!["message"]!;
        return message.StartsWith('{') ? (string)JsonNode.Parse(message)!["Message"]! : message;
    }

    protected static string? CodeOf(JsonNode? body) => (string?)body!["error"]!["code"];
}
