using F23.StringSimilarity;

namespace Smimectl;

/// <summary>What somebody probably meant to write.</summary>
internal static class Spelling
{
    // Insertions, deletions, replacements and swaps of neighbours.
    private static readonly OptimalStringAlignment Alignment = new();

    /// <summary>The known name that is nearest to a word, whatever the letter case; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) =>
        known.Select(k => (Name: k, Distance: Alignment.Distance(word.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Distance <= Math.Max(2, k.Name.Length / 3))
            .OrderBy(k => k.Distance).Select(k => k.Name).FirstOrDefault();
}
