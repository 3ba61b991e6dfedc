using System.Collections.Immutable;

namespace SmimeOperator.Intune;

/// <summary>What differs between what was known and what was read. Pure.</summary>
internal static class SnapshotDiff
{
    /// <summary>Ids of objects that appeared, changed or went.</summary>
    public static IEnumerable<string> Objects(IReadOnlyDictionary<string, TenantObject> before, IReadOnlyDictionary<string, TenantObject> after)
    {
        foreach (var (id, value) in after)
        {
            if (!before.TryGetValue(id, out var old) || !TenantObjectJson.Same(old, value))
            {
                yield return id;
            }
        }

        foreach (var id in before.Keys.Where(id => !after.ContainsKey(id)))
        {
            yield return id;
        }
    }

    /// <summary>
    /// The certificates by user as read, with everything that has not changed kept as it was in memory; and the users whose certificates changed.
    /// </summary>
    public static (ImmutableDictionary<string, IReadOnlyList<ImportedCertificate>> ByUser, List<string> Changed) Certificates(
        ImmutableDictionary<string, IReadOnlyList<ImportedCertificate>> before, IEnumerable<ImportedCertificate> read)
    {
        var after = before.ToBuilder();
        var changed = new List<string>();
        var seen = new HashSet<string>(before.KeyComparer);
        foreach (var user in read.GroupBy(c => c.UserKey, before.KeyComparer))
        {
            seen.Add(user.Key);
            ImportedCertificate[] list = [.. user.OrderBy(c => c.Id, StringComparer.Ordinal)];
            if (!before.TryGetValue(user.Key, out var old) || !old.SequenceEqual(list))
            {
                after[user.Key] = list;
                changed.Add(user.Key);
            }
        }

        foreach (var gone in before.Keys.Where(k => !seen.Contains(k)))
        {
            after.Remove(gone);
            changed.Add(gone);
        }

        return (after.ToImmutable(), changed);
    }
}
