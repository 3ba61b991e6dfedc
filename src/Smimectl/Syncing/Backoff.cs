using System.Collections.Concurrent;

namespace Smimectl;

/// <summary>Growing delays with jitter for resources that wait for something that passes by itself.</summary>
internal sealed class Backoff(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<ResourceKey, int> _failures = new();

    /// <summary>The delay after another attempt that did not get there.</summary>
    public TimeSpan Next(ResourceKey key)
    {
        var failures = _failures.AddOrUpdate(key, 1, (_, before) => before + 1);
        var delay = TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, Math.Min(failures - 1, 20))));
        return delay * (0.5 + (random() / 2));
    }

    public void Forget(ResourceKey key) => _failures.TryRemove(key, out _);
}
