namespace Smimectl;

/// <summary>Labels and annotations.</summary>
internal static class Entries
{
    /// <summary>Whether they say the same, in whatever order; none is like an empty list.</summary>
    public static bool AreSame(IEnumerable<KeyValuePair<string, string>>? one, IEnumerable<KeyValuePair<string, string>>? other) =>
        (one ?? []).OrderBy(e => e.Key, StringComparer.Ordinal).SequenceEqual((other ?? []).OrderBy(e => e.Key, StringComparer.Ordinal));
}
