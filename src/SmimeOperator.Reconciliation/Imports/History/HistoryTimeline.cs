namespace SmimeOperator.Reconciliation;

/// <summary>A user's certificates of one purpose in time: a pure function of their validities.</summary>
/// <param name="End">The end of the one that is valid longest; null where there is none.</param>
/// <param name="Gaps">The times between two certificates without any.</param>
/// <param name="Overlaps">How often a certificate began before those before it had ended.</param>
public sealed record HistoryTimeline(DateTimeOffset? End, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Gaps, int Overlaps)
{
    /// <summary>How long before the end of the newest certificate people are told.</summary>
    public static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(30);

    /// <summary>The timeline of some validities, in any order.</summary>
    public static HistoryTimeline Of(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> validities)
    {
        DateTimeOffset? end = null;
        var gaps = new List<(DateTimeOffset, DateTimeOffset)>();
        var overlaps = 0;
        foreach (var (from, to) in validities.OrderBy(v => v.From).ThenBy(v => v.To))
        {
            if (end is { } covered && from > covered)
            {
                gaps.Add((covered, from));
            }
            else if (end is { } running && from < running)
            {
                overlaps++;
            }

            end = end is { } last && last > to ? last : to;
        }

        return new HistoryTimeline(end, gaps, overlaps);
    }

    /// <summary>Whether the newest certificate ends soon, or has ended.</summary>
    public bool IsExpiring(DateTimeOffset now) => End - ExpiryWarning <= now;

    /// <summary>When that begins; null where it did already.</summary>
    public TimeSpan? UntilExpiring(DateTimeOffset now) => End - ExpiryWarning is { } at && at > now ? at - now : null;
}
