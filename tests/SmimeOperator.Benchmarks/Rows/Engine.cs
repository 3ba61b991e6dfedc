using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SmimeOperator.Benchmarks.Processes;
using SmimeOperator.Benchmarks.Reporting;
using SmimeOperator.Intune;
using SmimeOperator.Intune.Models;
using SmimeOperator.Testing;

namespace SmimeOperator.Benchmarks.Rows;

/// <summary>The tenant engine by itself: how reading the tenant grows, and its writes beside those of a client that sends one after the other.</summary>
internal sealed class Engine(Report report) : IAsyncDisposable
{
    private const string TenantId = "11111111-2222-3333-4444-555555555555";
    private const int Writers = 50;

    // The other collections, and whose tenant it is.
    private const int OtherRequests = 8;
    private readonly ServiceProvider _services = new ServiceCollection().AddIntune().BuildServiceProvider();
    private readonly TemporaryFolder _folder = new();

    /// <summary>A read of the whole tenant with more and more certificates.</summary>
    public async Task GrowthAsync()
    {
        foreach (var count in (int[])[100, 1_000, 10_000, 50_000])
        {
            Report.Progress($"Reading a tenant of {count} certificates");
            await using var simulator = await SimulatorUnderLoad.StartAsync(_folder["simulator.log"], "--no-limits", "--page-size", "1000");
            await simulator.AddCertificatesAsync(Enumerable.Range(0, count).Select(i => Record(i, Math.Max(1, count * 4 / 10))));
            await using var tenant = Connect(simulator.Address, 100_000);
            await using (var warm = Connect(simulator.Address, 100_000))
            {
                await warm.RefreshAsync(CancellationToken.None);
            }

            await simulator.ClearLogAsync();
            var before = Alive();
            await tenant.RefreshAsync(CancellationToken.None);
            var held = Alive() - before;
            var requests = (await simulator.TrafficAsync()).Requests;
            using var process = Process.GetCurrentProcess();
            var (processor, allocated, clock) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
            var change = await tenant.RefreshAsync(CancellationToken.None);
            clock.Stop();
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            process.Refresh();
            processor = process.TotalProcessorTime - processor;
            var group = string.Create(CultureInfo.InvariantCulture, $"engine: sweep of {count:#,0} certificates");
            report.AtMost(group, "HTTP requests, page size 1,000", requests, OtherRequests + Math.Max(1, count / 1000));
            report.Add(group, "seconds, second sweep", clock.Elapsed.TotalSeconds, "tenant on the same processors");
            report.Add(group, "processor time, ms", processor.TotalMilliseconds);
            report.Add(group, "allocated, MB", allocated / 1024d / 1024);
            report.AtMost(group, "held by the snapshot, bytes for one certificate", (double)held / count, 2_000, "fixed costs included");
            report.AtMost(group, "users reported as changed by the second sweep", change.UserKeys.Count, 0);
        }
    }

    /// <summary>A client that posts one certificate after the other, as scripts do, and the engine with sixteen workers.</summary>
    public async Task SideBySideAsync()
    {
        foreach (var (latency, count) in ((int, int)[])[(0, 2_000), (150, 100), (300, 50)])
        {
            Report.Progress($"Side by side at {latency} ms");
            await using var simulator = await SimulatorUnderLoad.StartAsync(
                _folder["simulator.log"], "--no-limits", "--latency-ms", latency.ToString(CultureInfo.InvariantCulture));
            await simulator.AddUsersAsync(Enumerable.Range(0, Writers).Select(UserName));
            var group = $"writes at {latency} ms latency, no limits";
            var sequential = await SequentialAsync(simulator.Address, count);
            var engine = await WorkersAsync(simulator.Address, count * (latency == 0 ? 1 : 16));
            report.Add(group, "one POST after the other, certificates in a second", sequential);
            report.Add(group, "engine with 16 workers, certificates in a second", engine);
            report.Add(group, "one after the other: minutes for 10,000", 10_000 / sequential / 60, sequential > 5 ? "above the published 5 writes a second: met with 429, which ends such a script" : "");
            report.Add(group, "engine at the published limits: minutes for 10,000", 10_000 / (98 / 20.1) / 60, "arithmetic; measured above");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    // What pools and finalizers hold would count for one of two measurements only.
    private static long Alive()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private IIntuneTenant Connect(Uri address, int budget) => _services.GetRequiredService<IIntuneTenantFactory>().Connect(new TenantConnection
    {
        TenantId = TenantId,
        GraphRoot = new Uri(address.GetLeftPart(UriPartial.Authority)),
        Scope = "none",
        WritesPer20s = budget,
        RequestsPer20s = budget,
    });

    private static async Task<double> SequentialAsync(Uri address, int count)
    {
        using var http = new HttpClient { BaseAddress = address };
        (await PostAsync(0)).Dispose();
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= count; i++)
        {
            (await PostAsync(i)).Dispose();
        }

        return count / clock.Elapsed.TotalSeconds;

        async Task<HttpResponseMessage> PostAsync(int number)
        {
            var record = Record(number, Writers);
            record.Remove("id");
            record["encryptedPfxBlob"] = Convert.ToBase64String(new byte[2_800]);
            record["encryptedPfxPassword"] = Convert.ToBase64String(new byte[256]);
            return (await http.PostAsJsonAsync("beta/deviceManagement/userPfxCertificates", record)).EnsureSuccessStatusCode();
        }
    }

    private async Task<double> WorkersAsync(Uri address, int count)
    {
        await using var tenant = Connect(address, 1_000_000);
        await tenant.VerifyAccessAsync(CancellationToken.None);
        await ImportAsync(tenant, 1_000_000);
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(2_000_000, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await ImportAsync(tenant, i));
        return count / clock.Elapsed.TotalSeconds;
    }

    private static Task<Written<ImportedCertificate>> ImportAsync(IIntuneTenant tenant, int number) => tenant.ImportAsync(
        new UserPfxCertificate
        {
            Thumbprint = Thumbprint(number),
            IntendedPurpose = "smimeEncryption",
            UserPrincipalName = UserName(number % Writers),
            StartDateTime = DateTimeOffset.UnixEpoch.AddYears(50),
            ExpirationDateTime = DateTimeOffset.UnixEpoch.AddYears(60),
            ProviderName = "Microsoft Software Key Storage Provider",
            KeyName = "PFXEncryptionKey",
            PaddingScheme = "oaepSha512",
            EncryptedPfxBlob = new byte[2_800],
            EncryptedPfxPassword = new byte[256],
            CreatedDateTime = DateTimeOffset.UnixEpoch.AddYears(50),
        },
        UserId(number % Writers).ToString(),
        RequestLane.Create,
        CancellationToken.None);

    private static JsonObject Record(int number, int users) => new()
    {
        ["@odata.type"] = "#microsoft.graph.userPFXCertificate",
        ["id"] = $"{UserId(number % users):N}-{Thumbprint(number)}",
        ["thumbprint"] = Thumbprint(number),
        ["intendedPurpose"] = "smimeEncryption",
        ["userPrincipalName"] = UserName(number % users),
        ["startDateTime"] = "2025-01-01T00:00:00Z",
        ["expirationDateTime"] = "2035-01-01T00:00:00Z",
        ["providerName"] = "Microsoft Software Key Storage Provider",
        ["keyName"] = "PFXEncryptionKey",
        ["paddingScheme"] = "oaepSha512",
        ["createdDateTime"] = "2025-01-01T00:00:00Z",
        ["lastModifiedDateTime"] = "2025-01-01T00:00:00Z",
    };

    private static Guid UserId(int number) => new(number, 0, 0, new byte[8]);

    private static string UserName(int number) => string.Create(CultureInfo.InvariantCulture, $"user-{number:D7}@contoso.com");

    private static string Thumbprint(int number) => number.ToString("x40", CultureInfo.InvariantCulture);
}
