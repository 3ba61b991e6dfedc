using System.Globalization;

namespace SmimeOperator.Intune;

/// <summary>How long the service asks to wait, in whatever form it says so. Pure.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Ceiling = TimeSpan.FromHours(1);

    /// <summary>The wait that the headers ask for; null where they say nothing that can be understood.</summary>
    public static TimeSpan? Parse(string? retryAfter, string? milliseconds, DateTimeOffset now)
    {
        if (Seconds(retryAfter) is { } seconds)
        {
            return Sane(seconds);
        }

        if (!string.IsNullOrWhiteSpace(retryAfter)
            && DateTimeOffset.TryParse(retryAfter, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return Sane((date - now).TotalSeconds);
        }

        return Seconds(milliseconds) is { } thousandths ? Sane(thousandths / 1000) : null;
    }

    /// <summary>The wait to keep: what was asked, at least the floor; without a word doubling from the floor, with jitter.</summary>
    public static TimeSpan WaitFor(TimeSpan? asked, int attempt, TimeSpan floor, TimeSpan ceiling, double jitter)
    {
        if (asked is { } wait)
        {
            return wait > floor ? wait : floor;
        }

        var doubled = floor * Math.Pow(2, Math.Min(attempt, 10)) * (0.75 + (jitter / 2));
        return doubled < floor ? floor : doubled > ceiling ? ceiling : doubled;
    }

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static TimeSpan Sane(double seconds) => seconds <= 0 ? TimeSpan.Zero : seconds >= Ceiling.TotalSeconds ? Ceiling : TimeSpan.FromSeconds(seconds);
}
