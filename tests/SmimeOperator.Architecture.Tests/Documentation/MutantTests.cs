using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Documentation;

/// <summary>
/// The patches of tests/mutants, each of which takes the handling of a fault of the page of reliability out of the code: <c>make mutants</c> shows that a test
/// of the row fails then. Here it is only held that there is one for each row, and that they still fit.
/// </summary>
public sealed partial class MutantTests
{
    private const string Folder = "tests/mutants";

    [Fact]
    public void Every_fault_of_the_page_of_reliability_has_a_patch_that_takes_its_handling_out() =>
        Rows().Keys.Except(Mutants().Select(m => m.Fault)).ShouldBeEmpty($"a row needs at least one patch in {Folder} whose first line is 'Fault: ' and the row's first column");

    [Fact]
    public void Every_patch_names_a_fault_and_tests_of_its_row()
    {
        var rows = Rows();
        var wrong = new List<string>();
        foreach (var mutant in Mutants())
        {
            if (!rows.TryGetValue(mutant.Fault, out var tests))
            {
                wrong.Add($"{mutant.Name}: no row of the page begins with '{mutant.Fault}'");
                continue;
            }

            wrong.AddRange(mutant.Tests.Where(t => !tests.Contains(t)).Select(t => $"{mutant.Name}: its row does not name {t}"));
            wrong.AddRange(mutant.Tests.Where(t => !IsIn(mutant.Project, t)).Select(t => $"{mutant.Name}: {mutant.Project} has no test {t}"));
            if (mutant.Tests.Length == 0)
            {
                wrong.Add($"{mutant.Name}: it names no test; write 'Tests: <project> <Class.Method>'");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_patch_still_applies()
    {
        var place = await Command.RunAsync("git", ["rev-parse", "--show-prefix"], workingFolder: RepositoryRoot.Folder);
        Assert.SkipWhen(place.ExitCode != 0 || place.StandardOutput.Trim().Length > 0,
            $"SKIPPED, NOT TESTED: {RepositoryRoot.Folder} is not the top of a git work tree, where patches could be checked. {place.StandardError}");
        var misfits = new List<string>();
        foreach (var mutant in Mutants())
        {
            var check = await Command.RunAsync("git", ["apply", "--check", mutant.File], workingFolder: RepositoryRoot.Folder);
            if (check.ExitCode != 0)
            {
                misfits.Add($"{mutant.Name}: {check.StandardError.Trim()}");
            }
        }

        misfits.ShouldBeEmpty(
            "the code that these patches change has changed. Refresh each: take the handling out again (the line 'Takes out' says which), put `git diff src` below the patch's header, undo it in src, and run `make mutants ARGS=<name>`");
    }

    // What the last column of each row names, by its first.
    private static Dictionary<string, HashSet<string>> Rows() =>
        File.ReadLines(RepositoryRoot.Path("docs/reliability.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| fault ", StringComparison.Ordinal))
            .Select(l => l.Split('|'))
            .ToDictionary(c => c[1].Trim(), c => Named().Matches(c[^2]).Select(m => m.Groups["test"].Value).ToHashSet());

    private static IEnumerable<Mutant> Mutants() => Directory.EnumerateFiles(RepositoryRoot.Path(Folder)).Order(StringComparer.Ordinal).Select(Mutant.Read);

    private static bool IsIn(string project, string test)
    {
        var name = test.Split('.');
        return Directory.Exists(RepositoryRoot.Path("tests", project))
            && Directory.EnumerateFiles(RepositoryRoot.Path("tests", project), name[0] + ".cs", SearchOption.AllDirectories)
                .Any(file => File.ReadAllText(file).Contains($" {name[1]}(", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"`(?<test>\w+Tests\.\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    /// <summary>What stands above the diff.</summary>
    private sealed record Mutant(string File, string Fault, string Project, string[] Tests)
    {
        public string Name => Path.GetFileName(File);

        public static Mutant Read(string file)
        {
            var header = System.IO.File.ReadLines(file).TakeWhile(l => !l.StartsWith("diff ", StringComparison.Ordinal)).ToList();
            var tests = Value("Tests: ").Split(' ');
            return new Mutant(file, Value("Fault: "), tests[0], tests[1..]);

            string Value(string name) => header.Find(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";
        }
    }
}
