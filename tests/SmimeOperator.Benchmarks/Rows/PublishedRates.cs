using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SmimeOperator.Benchmarks.Cluster;
using SmimeOperator.Benchmarks.Processes;
using SmimeOperator.Benchmarks.Reporting;

namespace SmimeOperator.Benchmarks.Rows;

/// <summary>The import of many certificates by operator and API server while the tenant holds its limits.</summary>
/// <param name="report">Where the figures go.</param>
/// <param name="imports">Certificates to import.</param>
/// <param name="users">Users that they belong to.</param>
/// <param name="scale">How many times the published rates; the window stays 20 s.</param>
internal sealed class PublishedRates(Report report, int imports, int users, int scale)
{
    private const int WritesPerApp = 100;
    private const int RequestsPerApp = 1000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromHours(2);
    private string Size { get; } = $"{imports} certificates of {users} users, {(scale == 1 ? "published rates" : $"rates {scale} times the published ones, window 20 s")}, 150 ms latency";

    /// <summary>Alone in the tenant.</summary>
    public Task AloneAsync() => RunAsync("import at the limits", null);

    /// <summary>Beside another application that uses half of what the tenant allows all applications together.</summary>
    public Task BesideAnotherAsync() => RunAsync("import beside another application", 0.5);

    /// <summary>Beside another application that leaves us half of our own limit.</summary>
    public Task BesideAGreedyOneAsync() => RunAsync("import beside a greedy application", 0.75);

    private async Task RunAsync(string group, double? taken)
    {
        Report.Progress($"{group}: {Size}");
        await using var cluster = await BenchCluster.StartAsync();
        await using var tenant = await cluster.StartTenantAsync("--page-size", "1000", "--latency-ms", "150");
        await tenant.SetLimitsAsync(new
        {
            writesPerApp = WritesPerApp * scale,
            requestsPerApp = RequestsPerApp * scale,
            writesPerTenant = 2 * WritesPerApp * scale,
            requestsPerTenant = 2 * RequestsPerApp * scale,
        });
        await tenant.AddUsersAsync(Enumerable.Range(0, users).Select(Manifests.User));
        await cluster.Client.CreateAsync(Enumerable.Range(0, imports).Select(i => Manifests.TlsSecret(cluster.Material, i, users)));
        await cluster.Client.CreateAsync(Enumerable.Range(0, imports).Select(i => Manifests.Import(i, users)));
        await cluster.Client.ApplyAsync("tenants", Manifests.Tenant(tenant.Address, "10m", WritesPerApp * scale, RequestsPerApp * scale));
        await tenant.ClearLogAsync();
        await using var other = taken is { } share ? new OtherApplication(tenant.Address, share * 2 * WritesPerApp * scale / Window.TotalSeconds) : null;
        await using var running = cluster.StartOperator();
        await Waiting.UntilAsync("every certificate is in the tenant", Long, async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            return await tenant.ImportedAsync() >= imports;
        });
        Judge(group, (await tenant.RequestsAsync()).Where(r => r.AppId != OtherApplication.Id).ToList(), taken);
        report.Add(group, "processor time of the operator for one certificate, ms", running.Figures.Processor.TotalMilliseconds / imports);
    }

    private void Judge(string group, List<LoggedRequest> ours, double? taken)
    {
        var writes = ours.Where(r => r.IsWrite).OrderBy(r => r.At).ToList();
        var took = writes[^1].At - writes[0].At;
        var available = Math.Min(1, 2 * (1 - (taken ?? 0)));
        var budget = available * WritesPerApp * scale * (took / Window);
        var throttled = ours.Count(r => r.Status == 429);
        report.Add(group, "seconds from the first write to the last", took.TotalSeconds, Size);
        if (taken is null)
        {
            report.AtLeast(group, "share of the write budget used, percent", 100 * imports / budget, 95);
            report.AtMost(group, "answers 429", throttled, 0);
        }
        else
        {
            report.Add(group, "share used of what the other application leaves, percent", 100 * imports / budget, $"it takes {taken:P0} of what the tenant allows");
            report.AtMost(group, "answers 429", throttled, taken <= 0.5 ? 5 : 25);
        }
    }

    /// <summary>Another application that writes at a steady rate, whatever it is answered.</summary>
    private sealed class OtherApplication : IAsyncDisposable
    {
        public const string Id = "another-application";
        private readonly CancellationTokenSource _stop = new();
        private readonly HttpClient _http;
        private readonly Task _writing;

        public OtherApplication(Uri tenant, double writesPerSecond)
        {
            _http = new HttpClient { BaseAddress = tenant };
            var claims = Encoding.UTF8.GetBytes(new JsonObject { ["appid"] = Id, ["exp"] = long.MaxValue }.ToJsonString());
            var token = $"e30.{Convert.ToBase64String(claims).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.";
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            _writing = Task.Run(() => WriteAsync(writesPerSecond));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _writing;
            _http.Dispose();
            _stop.Dispose();
        }

        private async Task WriteAsync(double perSecond)
        {
            var clock = Stopwatch.StartNew();
            var sent = new List<Task>();
            for (var count = 0; !_stop.IsCancellationRequested; count++)
            {
                var due = TimeSpan.FromSeconds(count / perSecond) - clock.Elapsed;
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due);
                }

                sent.Add(DeleteAsync());
                sent.RemoveAll(s => s.IsCompleted);
            }

            await Task.WhenAll(sent);
        }

        // Deletes what does not exist: counts as a write, and changes nothing.
        private async Task DeleteAsync() =>
            (await _http.DeleteAsync("beta/deviceManagement/userPfxCertificates/nobody")).Dispose();
    }
}
