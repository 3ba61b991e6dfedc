namespace Smimectl;

/// <summary>Tells what an export states, and what it leaves to others.</summary>
internal static class ExportSummary
{
    public static void Write(ExportResult result, string place, TextWriter output)
    {
        output.WriteLine($"{result.Counts}, in {result.Files.Count} files{(place == "-" ? "" : $" in {place}")}.");
        Section(output, "Stated in part:", result.Notes);
        Section(output, "Not stated (unmanaged):", result.Left.Select(l => $"{SmimeObjects.Describe(l.Object)}: {l.Reason}")
            .Concat(result.LeftImports.Select(l => $"{l.Count} imported certificates of {l.UserPrincipalName}: {l.Reason}")));
        output.WriteLine("No key leaves Intune: an import has no source until a Secret bears its label.");
    }

    private static void Section(TextWriter output, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
        {
            output.WriteLine(title);
            all.ForEach(l => output.WriteLine("  " + ManifestText.OneLine(l)));
        }
    }
}
