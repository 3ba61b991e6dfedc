using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Documentation;

public sealed partial class CoverageTests
{
    [Fact]
    public void Every_test_that_the_page_of_coverage_names_exists()
    {
        var named = File.ReadLines(RepositoryRoot.Path("docs/coverage.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(l => Named().Matches(l.Split('|')[^2])).Select(m => (Class: m.Groups["class"].Value, Method: m.Groups["method"].Value)).ToList();
        named.ShouldNotBeEmpty();
        var existing = Directory.EnumerateFiles(RepositoryRoot.Path("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => Tests(File.ReadAllText(file)).Select(method => (Path.GetFileNameWithoutExtension(file), method))).ToHashSet();

        named.Where(n => !existing.Contains(n)).Select(n => $"{n.Class}.{n.Method}").Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Every_row_of_the_page_of_coverage_names_a_test_or_says_that_it_is_outside() =>
        File.ReadLines(RepositoryRoot.Path("docs/coverage.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| step ", StringComparison.Ordinal))
            .Where(l => Named().IsMatch(l.Split('|')[^2]) == l.Split('|')[2].Contains("outside: ", StringComparison.Ordinal))
            .ShouldBeEmpty();

    private static IEnumerable<string> Tests(string source) => Test().Matches(source).Select(m => m.Groups["method"].Value);

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    // A method below [Fact] or [Theory], whatever stands between.
    [GeneratedRegex(@"\[(Fact|Theory)[^\n]*\n(\s*\[[^\n]*\n)*\s*public (async Task|void) (?<method>\w+)\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Test();
}
