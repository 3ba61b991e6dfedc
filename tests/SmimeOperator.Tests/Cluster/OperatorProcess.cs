using System.Globalization;
using System.Net;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>The operator as a process of its own, as a user starts it. Disposing it is kill -9.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly BackgroundProcess _process;
    private readonly Uri _address;

    private OperatorProcess(BackgroundProcess process, Uri address) => (_process, _address) = (process, address);

    public static OperatorProcess Start(string kubeconfig, string log, params string[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = BackgroundProcess.Start(
            "env",
            [
                $"KUBECONFIG={kubeconfig}", $"SMIME_OPERATOR__LISTEN={address}", "SMIME_OPERATOR__CLUSTERID=test-cluster", .. settings,
                .. OurProgram.Operator.CommandLine,
            ],
            log);
        return new OperatorProcess(process, address);
    }

    /// <summary>Where its probes and metrics are.</summary>
    public Uri Address => _address;

    /// <summary>Asks a probe until it answers 200.</summary>
    public async Task WaitForAsync(string probe)
    {
        using var client = new HttpClient { BaseAddress = _address };
        await Patience.UntilAsync($"{probe} answers 200", async () =>
        {
            _process.HasExited.ShouldBeFalse(_process.LogTail());
            try
            {
                using var answer = await client.GetAsync(probe, TestContext.Current.CancellationToken);
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Sends a signal such as STOP or CONT.</summary>
    public async Task SignalAsync(string signal) => (await Command.RunAsync(
        "/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {_process.ProcessId}")])).Succeeded();

    /// <summary>Reads one of the operator's own pages.</summary>
    public async Task<string> ReadAsync(string page)
    {
        using var client = new HttpClient { BaseAddress = _address };
        return await client.GetStringAsync(page, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <summary>Waits for something that others bring about, by looking; never for time to pass.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            try
            {
                await looks.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException passed) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"In vain for {Limit}: {what}.", passed);
            }
        }
    }

    public static Task UntilAsync(string what, Func<bool> isSo) => UntilAsync(what, () => Task.FromResult(isSo()));
}
