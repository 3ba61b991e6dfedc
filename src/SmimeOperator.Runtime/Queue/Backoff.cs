using System.Runtime.InteropServices;

namespace SmimeOperator.Runtime.Queue;

/// <summary>Exponential delays with a ceiling. Pure: the random number is the caller's.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Backoff(TimeSpan First, TimeSpan Ceiling)
{
    /// <summary>The delay after so many failures in a row: between half and all of first * 2^(failures-1), never above the ceiling.</summary>
    /// <remarks>Half of it is random, so that many keys that failed together do not come back together.</remarks>
    public TimeSpan Delay(int failures, double random)
    {
        // 2^30 times any first delay is beyond any ceiling that makes sense; the bound keeps the product finite.
        var exponent = Math.Clamp(failures - 1, 0, 30);
        var ticks = Math.Min((double)Ceiling.Ticks, First.Ticks * Math.Pow(2, exponent));
        return TimeSpan.FromTicks((long)(ticks * (0.5 + (0.5 * Math.Clamp(random, 0, 1)))));
    }

    /// <summary>Spreads a period by a tenth either way.</summary>
    public static TimeSpan Spread(TimeSpan period, double random) =>
        TimeSpan.FromTicks((long)(period.Ticks * (0.9 + (0.2 * Math.Clamp(random, 0, 1)))));
}
