using System.Diagnostics;
using System.Globalization;
using SmimeOperator.Testing;

namespace SmimeOperator.Benchmarks.Processes;

/// <summary>The operator as it is shipped (`make operator`), a process of its own, as a container starts it. Disposing it is kill -9.</summary>
internal sealed class OperatorUnderLoad : IAsyncDisposable
{
    private readonly BackgroundProcess _process;
    private readonly HttpClient _http;

    private OperatorUnderLoad(BackgroundProcess process, Uri address)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address };
    }

    /// <summary>Time since the process was started.</summary>
    public Stopwatch Age { get; } = Stopwatch.StartNew();

    /// <summary>Memory and processor time.</summary>
    public ProcessFigures Figures => ProcessFigures.Of(_process.ProcessId);

    /// <summary>
    /// Starts it with a pod's configuration: the files of its service account. Where nothing may be mounted (who runs this is not root), with a
    /// kubeconfig, whose reader alone takes ten megabytes.
    /// </summary>
    public static OperatorUnderLoad Start(ApiServer server, string log, params string[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        string[] environment =
        [
            // The first two are the image's.
            "MALLOC_ARENA_MAX=1", "MALLOC_TRIM_THRESHOLD_=131072", $"SMIME_OPERATOR__LISTEN={address}", "SMIME_OPERATOR__CLUSTERID=bench", .. settings,
            RepositoryRoot.Path("artifacts", "operator", "SmimeOperator"),
        ];
        var process = Environment.IsPrivilegedProcess
            ? BackgroundProcess.Start("unshare", ["--mount", "sh", "-c", InPod, server.CertificateAuthority, ApiServer.AdminToken, "env", $"KUBERNETES_SERVICE_HOST={server.Address.Host}", $"KUBERNETES_SERVICE_PORT={server.Address.Port}", .. environment], log)
            : BackgroundProcess.Start("env", [$"KUBECONFIG={server.Kubeconfig}", .. environment], log);
        return new OperatorUnderLoad(process, address);
    }

    // $0 is the certificate authority and $1 the token; the rest is the command.
    private const string InPod = """
        set -e; folder=/run/secrets/kubernetes.io/serviceaccount; mount -t tmpfs none /run; mkdir -p $folder
        cp "$0" $folder/ca.crt; printf %s "$1" > $folder/token; printf default > $folder/namespace
        shift; exec "$@"
        """;

    // A scrape counts every resource: more of them would be what is measured.
    private static readonly TimeSpan Scrape = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until so many resources of a kind were brought to success, and no key waits for a worker.</summary>
    /// <returns>The age of the process when that was first seen.</returns>
    public async Task<TimeSpan> WaitForPassesAsync(string kind, long passes, TimeSpan limit)
    {
        await Waiting.UntilAsync($"{passes} passes over {kind}", limit, async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The operator ended: {_process.LogTail()}");
            }

            var metrics = await MetricsAsync();
            return Sum(metrics, "kubeops_operator_reconciliation", $"kubeops_entity_type=\"{kind}\"", "result=\"success\"") >= passes
                && Sum(metrics, "kubeops_operator_queue_depth", "state=\"ready\"") == 0;
        }, Scrape);
        return Age.Elapsed;
    }

    /// <summary>Bytes that were ever allocated on the managed heap.</summary>
    public async Task<double> AllocatedAsync() => Sum(await MetricsAsync(), "dotnet_gc_heap_total_allocated");

    /// <summary>The sum of a counter or gauge over all label sets that hold the given labels.</summary>
    public async Task<double> MetricAsync(string name, params string[] labels) => Sum(await MetricsAsync(), name, labels);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }

    private async Task<string[]> MetricsAsync()
    {
        try
        {
            return (await _http.GetStringAsync("/metrics")).Split('\n');
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    // The exporter adds a unit and "_total" to names; the name given here ends before them.
    private static double Sum(string[] metrics, string name, params string[] labels) => metrics
        .Where(l => l.StartsWith(name, StringComparison.Ordinal)
            && !l.Contains("_duration", StringComparison.Ordinal)
            && Array.TrueForAll(labels, label => l.Contains(label, StringComparison.Ordinal)))
        .Select(l => l[(l.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Sum(f => double.Parse(f.Length == 1 || !f[0].StartsWith(name, StringComparison.Ordinal) ? f[0] : f[1], CultureInfo.InvariantCulture));
}
