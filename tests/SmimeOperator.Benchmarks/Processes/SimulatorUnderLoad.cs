using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.Testing;

namespace SmimeOperator.Benchmarks.Processes;

/// <summary>What the tenant was asked.</summary>
/// <param name="Requests">HTTP requests; a batch is one.</param>
/// <param name="Counted">Requests as the service's limits count them: the parts of a batch one by one, its envelope not.</param>
/// <param name="Writes">Those that were to change something.</param>
/// <param name="Throttled">Those answered 429.</param>
internal sealed record TenantTraffic(int Requests, int Counted, int Writes, int Throttled);

/// <summary>The built tenant simulator as a process of its own.</summary>
internal sealed class SimulatorUnderLoad : IAsyncDisposable
{
    private const int Parallel = 16;
    private readonly BackgroundProcess _process;
    private readonly HttpClient _http;

    private SimulatorUnderLoad(BackgroundProcess process, Uri address)
    {
        _process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>The Graph root without version.</summary>
    public Uri Address { get; }

    /// <summary>Starts an empty tenant with one connector.</summary>
    public static async Task<SimulatorUnderLoad> StartAsync(string log, params string[] options)
    {
        var port = FreePort.Next();
        var process = BackgroundProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "SmimeOperator.TenantSimulator.dll"), "--empty", "--port", $"{port}", .. options], log);
        var simulator = new SimulatorUnderLoad(process, new Uri($"http://127.0.0.1:{port}/"));
        await Waiting.UntilAsync("the simulator answers", TimeSpan.FromMinutes(1), simulator.AnswersAsync);
        await simulator.PostAsync("admin/connectors", new JsonObject { ["machineName"] = "connector-1" });
        return simulator;
    }

    /// <summary>Adds users by principal name.</summary>
    public Task AddUsersAsync(IEnumerable<string> names) => System.Threading.Tasks.Parallel.ForEachAsync(
        names,
        new ParallelOptions { MaxDegreeOfParallelism = Parallel },
        async (name, _) => await PostAsync("admin/users", new JsonObject { ["userPrincipalName"] = name, ["mail"] = name }));

    /// <summary>Adds groups by name.</summary>
    public async Task AddGroupsAsync(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            await PostAsync("admin/groups", new JsonObject { ["displayName"] = name });
        }
    }

    /// <summary>Adds Outlook as somebody added it from the App Store.</summary>
    public Task AddOutlookAsync() => PostAsync("admin/apps", new JsonObject { ["displayName"] = "Microsoft Outlook" });

    /// <summary>Adds imported certificates past Graph and its limits.</summary>
    public Task AddCertificatesAsync(IEnumerable<JsonObject> records) => System.Threading.Tasks.Parallel.ForEachAsync(
        records,
        new ParallelOptions { MaxDegreeOfParallelism = Parallel },
        async (record, _) => await PostAsync("admin/objects/userPfxCertificates", record));

    /// <summary>Changes the limits.</summary>
    public async Task SetLimitsAsync(object limits) =>
        (await _http.PutAsJsonAsync("admin/limits", limits)).EnsureSuccessStatusCode().Dispose();

    /// <summary>Forgets what was asked so far.</summary>
    public async Task ClearLogAsync() => (await _http.DeleteAsync("admin/log")).EnsureSuccessStatusCode().Dispose();

    /// <summary>How many imported certificates were taken since the log was cleared, by Graph.</summary>
    public async Task<int> ImportedAsync()
    {
        const string Template = "/deviceManagement/userPfxCertificates";
        var counts = await _http.GetFromJsonAsync<JsonElement>("admin/counts");
        return counts.GetProperty("paths").TryGetProperty(Template, out var path)
            ? path.GetProperty("writes").GetInt32() - path.GetProperty("throttled").GetInt32()
            : 0;
    }

    /// <summary>The requests since the log was cleared.</summary>
    public async Task<IReadOnlyList<LoggedRequest>> RequestsAsync() =>
        await _http.GetFromJsonAsync<List<LoggedRequest>>("admin/log", new JsonSerializerOptions(JsonSerializerDefaults.Web)) ?? [];

    /// <summary>What was asked since the log was cleared.</summary>
    public async Task<TenantTraffic> TrafficAsync()
    {
        var log = await RequestsAsync();
        var envelopes = log.Count(r => r.Path.EndsWith("/$batch", StringComparison.Ordinal));
        return new TenantTraffic(
            log.Count(r => !r.IsInBatch), log.Count - envelopes, log.Count(r => r.IsWrite), log.Count(r => r.Status == 429));
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"The simulator ended: {_process.LogTail()}");
        }

        try
        {
            using var answer = await _http.GetAsync("healthz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task PostAsync(string path, JsonObject body) => (await _http.PostAsJsonAsync(path, body)).EnsureSuccessStatusCode().Dispose();
}

/// <summary>A request in the simulator's log.</summary>
internal sealed record LoggedRequest(string Method, string Path, string? Query, int Status, string AppId, bool IsInBatch, bool IsWrite, TimeSpan At);
