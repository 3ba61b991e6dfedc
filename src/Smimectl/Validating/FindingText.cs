namespace Smimectl;

/// <summary>Findings for people: one line each, as compilers write them, so that editors find the place.</summary>
internal sealed class FindingText(bool colour) : IFindingWriter
{
    // Secrets that are not in git are as it should be, and there may be one for each user.
    private const int MostNotes = 10;

    public void Write(ValidationReport report, TextWriter output)
    {
        var notes = 0;
        foreach (var finding in report.Findings.Where(f => f.Severity != Severity.Note || ++notes <= MostNotes))
        {
            output.WriteLine($"{Place(finding)}: {Word(finding.Severity)}: {finding.Message} [{finding.Rule.Id}]");
        }

        if (notes > MostNotes)
        {
            output.WriteLine($"{notes - MostNotes} more notes; --output json has all of them");
        }

        output.WriteLine(Summary(report));
    }

    /// <summary>The numbers in one line.</summary>
    public static string Summary(ValidationReport report) =>
        $"{Number(report.Resources, "resource")}: {Number(report.Count(Severity.Error), "error")}, "
        + $"{Number(report.Count(Severity.Warning), "warning")}, {Number(report.Count(Severity.Note), "note")}";

    private static string Place(Finding finding) => finding.Line > 0 ? $"{finding.File}:{finding.Line}" : finding.File;

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private string Word(Severity severity) => severity switch
    {
        Severity.Error => Paint("31", "error"),
        Severity.Warning => Paint("33", "warning"),
        _ => Paint("90", "note"),
    };

    private string Paint(string code, string text) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
