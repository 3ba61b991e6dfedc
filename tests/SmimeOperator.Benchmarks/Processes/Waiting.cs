using System.Diagnostics;

namespace SmimeOperator.Benchmarks.Processes;

/// <summary>Waits for what others bring about, by looking.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks until it is so; returns how long that took.</summary>
    /// <exception cref="TimeoutException">It was not so in time.</exception>
    public static async Task<TimeSpan> UntilAsync(string what, TimeSpan limit, Func<Task<bool>> isSo, TimeSpan? look = null)
    {
        var clock = Stopwatch.StartNew();
        using var looks = new PeriodicTimer(look ?? Look);
        while (!await isSo())
        {
            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"In vain for {limit}: {what}.");
            }

            await looks.WaitForNextTickAsync();
        }

        return clock.Elapsed;
    }
}
