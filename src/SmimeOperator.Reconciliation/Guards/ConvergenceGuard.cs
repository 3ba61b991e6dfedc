using System.Collections.Concurrent;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Notices a correction that the service accepts again and again without effect: after three of the same in a row it is not sent any
/// more, until the spec changes or a person asks. In a row means from one read of the tenant to the next: what stayed corrected for
/// longer had its effect. Counts live in memory; a restart gives the service another three tries.
/// </summary>
internal sealed class ConvergenceGuard(TimeProvider time)
{
    private const int Limit = 3;

    // A read may come late, or be done twice; two and a half intervals are surely more than one.
    private const double Row = 2.5;

    private readonly ConcurrentDictionary<string, Tries> _tries = new();

    /// <summary>Whether the same correction was accepted three times in a row already.</summary>
    public bool IsExhausted(string owner, PlannedChange change, TimeSpan interval)
    {
        var key = KeyOf(owner, change);
        if (!_tries.TryGetValue(key, out var seen) || seen.Correction != Fingerprint(change) || seen.Count < Limit)
        {
            return false;
        }

        if (!seen.Refused && !IsInRow(seen, interval))
        {
            _tries.TryRemove(key, out _);
            return false;
        }

        _tries[key] = seen with { Refused = true };
        return true;
    }

    /// <summary>Counts a correction of drift that the service accepted.</summary>
    public void Accepted(string owner, PlannedChange change, TimeSpan interval)
    {
        if (change.Cause != ChangeCause.Drift)
        {
            return;
        }

        var first = new Tries(Fingerprint(change), 1, time.GetTimestamp(), Refused: false);
        _tries.AddOrUpdate(KeyOf(owner, change), first, (_, seen) =>
            seen.Correction == first.Correction && IsInRow(seen, interval) ? first with { Count = seen.Count + 1 } : first);
    }

    /// <summary>Forgets a resource: its spec changed, or a person asked to try again.</summary>
    public void Forget(string owner)
    {
        foreach (var key in _tries.Keys.Where(k => k.StartsWith(owner + "#", StringComparison.Ordinal)))
        {
            _tries.TryRemove(key, out _);
        }
    }

    private bool IsInRow(Tries seen, TimeSpan interval) => time.GetElapsedTime(seen.At) <= interval * Row;

    private static string KeyOf(string owner, PlannedChange change) => owner + "#" + change.Role;

    private static string Fingerprint(PlannedChange change) =>
        BodyJson.HashOf(string.Join('\n', change.Differences.Select(d => d.Path + "=" + d.Expected + "<" + d.Observed)));

    private sealed record Tries(string Correction, int Count, long At, bool Refused);
}
