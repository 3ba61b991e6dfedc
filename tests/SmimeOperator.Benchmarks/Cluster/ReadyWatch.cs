using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SmimeOperator.Benchmarks.Cluster;

/// <summary>Sees by watch when a resource becomes Ready for the spec that was just applied.</summary>
internal sealed class ReadyWatch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Name, string Spec), TaskCompletionSource<long>> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Opens the watch.</summary>
    public static async Task<ReadyWatch> StartAsync(KubeClient client, string plural)
    {
        var watch = new ReadyWatch();
        var opened = new TaskCompletionSource();
        watch._watching = client.WatchAsync(Manifests.Space, plural, watch.Seen, opened.SetResult, watch._stop.Token);
        await opened.Task;
        return watch;
    }

    /// <summary>Applies a resource, and waits until it is Ready; returns the seconds from before the apply on.</summary>
    public async Task<double> MeasureAsync(JsonObject body, Func<Task> apply)
    {
        var ready = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[KeyOf(body)] = ready;
        var began = Stopwatch.GetTimestamp();
        await apply();
        var at = await ready.Task.WaitAsync(TimeSpan.FromMinutes(1));
        return Stopwatch.GetElapsedTime(began, at).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _watching;
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        _stop.Dispose();
    }

    // What changes from apply to apply is the LDAP host; a Ready with the one before does not count.
    private static (string Name, string Spec) KeyOf(JsonNode item) =>
        ((string)item["metadata"]!["name"]!, item["spec"]!["outlook"]?["ldapUrl"]?.ToString() ?? "");

    private void Seen(JsonNode item)
    {
        if (_waiting.TryRemove(KeyOf(item), out var waiting))
        {
            waiting.TrySetResult(Stopwatch.GetTimestamp());
        }
    }
}
