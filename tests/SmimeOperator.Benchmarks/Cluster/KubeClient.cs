using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using SmimeOperator.Testing;

namespace SmimeOperator.Benchmarks.Cluster;

/// <summary>The API server as a person's tools use it, without the price of a kubectl process for each of 60,000 objects.</summary>
internal sealed class KubeClient : IDisposable
{
    private const int Parallel = 16;
    private const string Group = "apis/smime-operator.io/v1alpha1";
    private readonly HttpClient _http;

    public KubeClient(ApiServer server)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(server.CertificateAuthority);
        var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = trust } };
        _http = new HttpClient(handler) { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
        var token = File.ReadLines(server.Kubeconfig).First(l => l.Contains("token: ", StringComparison.Ordinal)).Split("token: ")[1];
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Creates many objects; the path is that of their collection.</summary>
    public async Task CreateAsync(IEnumerable<(string Path, JsonObject Body)> objects)
    {
        await System.Threading.Tasks.Parallel.ForEachAsync(
            objects,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (item, cancellationToken) =>
            {
                using var content = new StringContent(item.Body.ToJsonString(), Encoding.UTF8, "application/json");
                using var answer = await _http.PostAsync(item.Path, content, cancellationToken);
                if (!answer.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException($"POST {item.Path}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
                }
            });
    }

    /// <summary>Applies a resource of ours on the server's side, as kubectl and Flux do; returns its generation.</summary>
    public async Task<long> ApplyAsync(string plural, JsonObject body)
    {
        var path = $"{Group}/namespaces/{body["metadata"]!["namespace"]}/{plural}/{body["metadata"]!["name"]}?fieldManager=bench&force=true";
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/apply-patch+yaml");
        using var answer = await _http.PatchAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (long)JsonNode.Parse(text)!["metadata"]!["generation"]!
            : throw new InvalidOperationException($"PATCH {path}: {text}");
    }

    /// <summary>How many resources of ours are Ready for their newest spec, and how many there are.</summary>
    public async Task<(int Ready, int All)> CountReadyAsync(string @namespace, string plural)
    {
        var (ready, all) = (0, 0);
        string? next = null;
        do
        {
            var page = await _http.GetStringAsync($"{Group}/namespaces/{@namespace}/{plural}?limit=1000&continue={Uri.EscapeDataString(next ?? "")}");
            var list = JsonNode.Parse(page)!;
            next = (string?)list["metadata"]!["continue"];
            foreach (var item in list["items"]!.AsArray())
            {
                all++;
                ready += IsReady(item!) ? 1 : 0;
            }
        }
        while (!string.IsNullOrEmpty(next));
        return (ready, all);
    }

    /// <summary>Watches a kind from now on; the callback gets every object that is Ready for its newest spec.</summary>
    public async Task WatchAsync(string @namespace, string plural, Action<JsonNode> ready, Action opened, CancellationToken cancellationToken)
    {
        var list = JsonNode.Parse(await _http.GetStringAsync($"{Group}/namespaces/{@namespace}/{plural}?limit=1", cancellationToken))!;
        var path = $"{Group}/namespaces/{@namespace}/{plural}?watch=true&resourceVersion={list["metadata"]!["resourceVersion"]}";
        await using var stream = await _http.GetStreamAsync(path, cancellationToken);
        opened();
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonNode.Parse(line)!["object"] is { } item && IsReady(item))
            {
                ready(item);
            }
        }
    }

    /// <summary>Writes that the API server took for resources and events of ours so far, whoever made them.</summary>
    public async Task<long> WritesAsync()
    {
        var metrics = await _http.GetStringAsync("metrics");
        return metrics.Split('\n')
            .Where(l => l.StartsWith("apiserver_request_total{", StringComparison.Ordinal)
                && (l.Contains("group=\"smime-operator.io\"", StringComparison.Ordinal) || l.Contains("resource=\"events\"", StringComparison.Ordinal))
                && !l.Contains("verb=\"GET\"", StringComparison.Ordinal)
                && !l.Contains("verb=\"LIST\"", StringComparison.Ordinal)
                && !l.Contains("verb=\"WATCH\"", StringComparison.Ordinal))
            .Sum(l => (long)double.Parse(l[(l.LastIndexOf('}') + 2)..], CultureInfo.InvariantCulture));
    }

    public void Dispose() => _http.Dispose();

    private static bool IsReady(JsonNode item) =>
        item["status"] is { } status
        && (long?)status["observedGeneration"] == (long?)item["metadata"]!["generation"]
        && status["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true;
}
