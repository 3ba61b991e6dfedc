namespace Smimectl;

/// <summary>A diagnosis.</summary>
/// <param name="Healthy">Whether there is no problem; warnings are none.</param>
/// <param name="Checks">What was found, in the order of the checks.</param>
internal sealed record DoctorReport(bool Healthy, IReadOnlyList<Diagnosis> Checks)
{
    /// <summary>Writes it for people.</summary>
    public void Write(Ink ink, TextWriter output)
    {
        var width = Checks.Count == 0 ? 0 : Checks.Max(c => c.Check.Length) + 2;
        foreach (var finding in Checks)
        {
            var level = finding.Level switch
            {
                DiagnosisLevel.Ok => ink.Green("ok     "),
                DiagnosisLevel.Warning => ink.Yellow("warning"),
                _ => ink.Red("problem"),
            };
            output.WriteLine($"{level}  {finding.Check.PadRight(width)}{finding.Message}");
            if (finding.Fix is { } fix)
            {
                output.WriteLine($"{new string(' ', 9 + width)}fix: {fix}");
            }
        }

        output.WriteLine(ink.Bold(Summary()));
    }

    private string Summary()
    {
        var (problems, warnings) = (Count(DiagnosisLevel.Problem), Count(DiagnosisLevel.Warning));
        return (problems, warnings) == (0, 0) ? "Nothing is wrong." : $"{Words(problems, "problem")}, {Words(warnings, "warning")}.";
    }

    private int Count(DiagnosisLevel level) => Checks.Count(c => c.Level == level);

    private static string Words(int count, string word) => $"{count} {word}{(count == 1 ? "" : "s")}";
}
