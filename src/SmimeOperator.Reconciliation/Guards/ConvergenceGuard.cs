using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Notices a correction that the service accepts again and again without effect: after three of the same in a row it is not sent any
/// more, until the spec changes or a person asks. In a row means from one read of the tenant to the next: what stayed corrected for
/// longer had its effect. The counts stand in the resource's status, so a restart forgets none.
/// </summary>
/// <param name="recorded">The counts of the status; null where the spec changed or a person asked, so that everything counts anew.</param>
/// <param name="time">The clock.</param>
internal sealed class ConvergenceGuard(IEnumerable<AcceptedCorrection>? recorded, TimeProvider time)
{
    private const int Limit = 3;

    // What the status holds at most; of thousands of corrections the latest are the ones that may repeat.
    private const int MaxRecorded = 256;

    // A read may come late, or be done twice; two and a half intervals are surely more than one.
    private const double Row = 2.5;

    private readonly Dictionary<string, AcceptedCorrection> _accepted = (recorded ?? []).ToDictionary(c => c.Role);

    /// <summary>Whether the same correction was accepted three times in a row already.</summary>
    public bool IsExhausted(PlannedChange change, TimeSpan interval)
    {
        if (!_accepted.TryGetValue(change.Role, out var seen) || seen.Hash != Fingerprint(change) || seen.Count < Limit)
        {
            return false;
        }

        if (!seen.Refused && !IsInRow(seen, interval))
        {
            _accepted.Remove(change.Role);
            return false;
        }

        _accepted[change.Role] = Record(seen.Role, seen.Hash, seen.Count, seen.AcceptedAt, refused: true);
        return true;
    }

    /// <summary>Counts a correction of drift that the service accepted.</summary>
    public void Accepted(PlannedChange change, TimeSpan interval)
    {
        if (change.Cause != ChangeCause.Drift)
        {
            return;
        }

        var hash = Fingerprint(change);
        var before = _accepted.TryGetValue(change.Role, out var seen) && seen.Hash == hash && IsInRow(seen, interval) ? seen.Count : 0;
        _accepted[change.Role] = Record(change.Role, hash, before + 1, WholeSeconds(time.GetUtcNow()), refused: false);
    }

    /// <summary>The counts for the status.</summary>
    public List<AcceptedCorrection>? ToStatus() => _accepted.Count == 0
        ? null
        : [.. _accepted.Values.OrderByDescending(c => c.AcceptedAt).ThenBy(c => c.Role, StringComparer.Ordinal).Take(MaxRecorded)];

    private bool IsInRow(AcceptedCorrection seen, TimeSpan interval) =>
        seen.AcceptedAt is { } at && time.GetUtcNow() - new DateTimeOffset(at.ToUniversalTime()) <= interval * Row;

    private static AcceptedCorrection Record(string role, string hash, int count, DateTime? at, bool refused) =>
        new() { Role = role, Hash = hash, Count = count, AcceptedAt = at, Refused = refused };

    private static DateTime WholeSeconds(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);

    private static string Fingerprint(PlannedChange change) =>
        BodyJson.HashOf(string.Join('\n', change.Differences.Select(d => d.Path + "=" + d.Expected + "<" + d.Observed)));
}
