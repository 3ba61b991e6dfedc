using System.Collections.Concurrent;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Notices a correction that the service accepts again and again without effect: after three of the same it is not sent any more.
/// Counts live in memory; a restart gives the service another three tries.
/// </summary>
internal sealed class ConvergenceGuard
{
    private const int Limit = 3;

    private readonly ConcurrentDictionary<string, (string Correction, int Count)> _corrections = new();

    /// <summary>Whether the same correction was accepted three times already.</summary>
    public bool IsExhausted(string owner, PlannedChange change) =>
        _corrections.TryGetValue(KeyOf(owner, change), out var seen) && seen.Correction == Fingerprint(change) && seen.Count >= Limit;

    /// <summary>Counts a correction of drift that the service accepted.</summary>
    public void Accepted(string owner, PlannedChange change)
    {
        if (change.Cause == ChangeCause.Drift)
        {
            var fingerprint = Fingerprint(change);
            _corrections.AddOrUpdate(
                KeyOf(owner, change), (fingerprint, 1), (_, seen) => seen.Correction == fingerprint ? (fingerprint, seen.Count + 1) : (fingerprint, 1));
        }
    }

    /// <summary>Forgets a resource: its spec changed, or a person asked to try again.</summary>
    public void Forget(string owner)
    {
        foreach (var key in _corrections.Keys.Where(k => k.StartsWith(owner + "#", StringComparison.Ordinal)))
        {
            _corrections.TryRemove(key, out _);
        }
    }

    private static string KeyOf(string owner, PlannedChange change) => owner + "#" + change.Role;

    private static string Fingerprint(PlannedChange change) =>
        BodyJson.HashOf(string.Join('\n', change.Differences.Select(d => d.Path + "=" + d.Expected + "<" + d.Observed)));
}
