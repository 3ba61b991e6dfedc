namespace Smimectl;

/// <summary>A plan as a comment on a pull request.</summary>
internal sealed class PlanMarkdown : IPlanWriter
{
    // Forges cut comments off at 65,536 characters.
    private const int MaxRows = 300;

    public void Write(PlanReport report, TextWriter output)
    {
        output.WriteLine("### S/MIME plan");
        output.WriteLine();
        output.WriteLine(report.Summary());
        output.WriteLine();
        Lines(output, report.Problems.Select(p => "❌ " + Escape(p.ToString())));
        Lines(output, report.Frozen.Select(t => $"⏸ Tenant `{t}` is read-only (`spec.mode`): nothing of this is done until that is changed."));
        Lines(output, report.Resources.Where(r => r.State is PlanState.Waiting or PlanState.Stalled)
            .Select(r => $"{(r.State == PlanState.Stalled ? "❌" : "⏳")} `{r.Key}` {Escape(PlanWords.State(r))}"));
        Lines(output, report.Resources.SelectMany(r => r.Secrets).Distinct().Select(s => "❔ " + Escape(PlanWords.Secret(s))));
        Lines(output, report.Notes.Select(Escape));
        Table(report, output);
    }

    private static void Table(PlanReport report, TextWriter output)
    {
        var rows = report.Resources.SelectMany(r => r.Recording.Made.Select(c => (r.Key, Change: c, Note: ""))
            .Concat(r.Recording.Due.Select(c => (r.Key, Change: c, Note: "held up")))
            .Concat(r.Recording.Held.Select(h => (r.Key, h.Change, Note: "drift left alone: " + h.Reason)))).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        output.WriteLine("| | resource | what | fields | effect |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var (key, change, note) in rows.Take(MaxRows))
        {
            var effect = string.Join("; ", new[] { change.Disruption is null ? "" : "⚠️ " + change.Disruption, PlanWords.Reach(change, report.Reach), note }.Where(e => e.Length > 0));
            output.WriteLine($"| {PlanWords.Sign(change.Action)} {PlanWords.Verb(change)} | `{key}` | {Escape(PlanWords.Object(change))} "
                + $"| {Escape(string.Join("; ", change.Differences.Select(PlanWords.Difference)))} | {Escape(effect)} |");
        }

        if (rows.Count > MaxRows)
        {
            output.WriteLine();
            output.WriteLine($"… and {rows.Count - MaxRows} more.");
        }
    }

    private static void Lines(TextWriter output, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        all.ForEach(l => output.WriteLine("- " + l));
        if (all.Count > 0)
        {
            output.WriteLine();
        }
    }

    // Names come from the tenant: they must neither break the table nor become links, images or mentions.
    private static string Escape(string text) => text.ReplaceLineEndings(" ")
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal).Replace("@", "@\u200b", StringComparison.Ordinal);
}
