using SmimeOperator.Testing;

namespace Smimectl.Tests.Completing;

public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(RepositoryRoot.Path("docs", "smimectl.md"));

    [Fact]
    public async Task The_page_has_a_row_for_every_command_that_help_lists()
    {
        using var help = new StringWriter();
        await CommandLine.RunAsync(["man", "--format", "markdown"], help, TextWriter.Null, TestContext.Current.CancellationToken);
        // "## cert inspect" of each command that does something; "## cert" only holds others.
        var commands = help.ToString().Split('\n').Where(l => l.StartsWith("## ", StringComparison.Ordinal) && l != "## Exit codes").Select(l => l[3..]).ToList();
        var leaves = commands.Where(c => !commands.Exists(other => other.StartsWith(c + " ", StringComparison.Ordinal)));

        leaves.Where(c => !Page.Contains($"| `{c}", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_page_has_the_table_of_exit_codes() =>
        ExitCodes.All.Where(e => !Page.Contains($"| {e.Code} | {e.Meaning} |", StringComparison.Ordinal)).ShouldBeEmpty();
}
