using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Documentation;

public sealed partial class CoverageTests
{
    private const string Coverage = "docs/coverage.md";
    private const string Reliability = "docs/reliability.md";

    [Theory]
    [InlineData(Coverage)]
    [InlineData(Reliability)]
    public void Every_test_that_a_page_names_exists(string page)
    {
        var named = Rows(page).SelectMany(l => Named().Matches(LastColumn(l))).Select(m => (Class: m.Groups["class"].Value, Method: m.Groups["method"].Value)).ToList();
        named.ShouldNotBeEmpty();
        var existing = Directory.EnumerateFiles(RepositoryRoot.Path("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => Tests(File.ReadAllText(file)).Select(method => (Path.GetFileNameWithoutExtension(file), method))).ToHashSet();

        named.Where(n => !existing.Contains(n)).Select(n => $"{n.Class}.{n.Method}").Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Every_row_of_the_page_of_coverage_names_a_test_or_says_that_it_is_outside() =>
        Rows(Coverage).Where(l => !l.StartsWith("| step ", StringComparison.Ordinal))
            .Where(l => Named().IsMatch(LastColumn(l)) == l.Split('|')[2].Contains("outside: ", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Every_fault_of_the_page_of_reliability_names_a_test() =>
        Rows(Reliability).Where(l => !l.StartsWith("| fault ", StringComparison.Ordinal) && !Named().IsMatch(LastColumn(l))).ShouldBeEmpty();

    private static IEnumerable<string> Rows(string page) =>
        File.ReadLines(RepositoryRoot.Path(page)).Where(l => l.StartsWith("| ", StringComparison.Ordinal));

    private static string LastColumn(string row) => row.Split('|')[^2];

    private static IEnumerable<string> Tests(string source) => Test().Matches(source).Select(m => m.Groups["method"].Value);

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    // A method below [Fact] or [Theory], whatever stands between.
    [GeneratedRegex(@"\[(Fact|Theory)[^\n]*\n(\s*\[[^\n]*\n)*\s*public (async Task|void) (?<method>\w+)\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Test();
}
