using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Carries drift from one status to the next: when it was first seen, and whether it was corrected.</summary>
internal static class DriftReport
{
    /// <summary>The entries for the status. Corrected ones stay until the spec changes, so that people can see what happened.</summary>
    public static List<DriftEntry>? Merge(
        IReadOnlyList<DriftEntry>? previous, bool sameGeneration, IReadOnlyList<DriftEntry> found, bool corrected, DateTimeOffset now, int most)
    {
        var seenAt = new DateTime(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        var entries = found.Select(f => new DriftEntry
        {
            Object = f.Object,
            Id = f.Id,
            Path = f.Path,
            Expected = f.Expected,
            Observed = f.Observed,
            Corrected = corrected,
            SeenAt = previous?.FirstOrDefault(p => !p.Corrected && p.Id == f.Id && p.Path == f.Path)?.SeenAt ?? seenAt,
        }).ToList();
        if (sameGeneration)
        {
            entries.AddRange((previous ?? []).Where(p => p.Corrected && entries.All(e => e.Id != p.Id || e.Path != p.Path)));
        }

        return entries.Count == 0 ? null : [.. entries.Take(most)];
    }

    /// <summary>The Drifted condition.</summary>
    public static void Describe(ConditionSet conditions, IReadOnlyList<DriftEntry>? entries)
    {
        var open = (entries ?? []).Where(e => !e.Corrected).ToList();
        if (open.Count > 0)
        {
            conditions.Set(ConditionTypes.Drifted, true, Reasons.DriftDetected, Text(open));
        }
        else if (entries is { Count: > 0 })
        {
            conditions.Set(ConditionTypes.Drifted, false, Reasons.DriftCorrected, "corrected: " + Text(entries));
        }
        else
        {
            conditions.Set(ConditionTypes.Drifted, false, Reasons.NoDrift, "the tenant is as last applied");
        }
    }

    /// <summary>Entries in a few words, without values.</summary>
    public static string Text(IReadOnlyCollection<DriftEntry> entries)
    {
        const int Shown = 5;
        var text = string.Join(", ", entries.Take(Shown).Select(e => e.Path.Length == 0 ? $"{e.Object} is {e.Observed}" : $"{e.Object} {e.Path}"));
        return entries.Count > Shown ? $"{text} and {entries.Count - Shown} more" : text;
    }
}
