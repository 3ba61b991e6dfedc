using System.Reflection;
using System.Text.RegularExpressions;
using SmimeOperator.Api;
using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Documentation;

public sealed partial class ReasonTests
{
    [Fact]
    public void The_page_of_reasons_explains_every_reason_once_and_no_other() =>
        Rows("docs/reasons.md", "## Condition types", within: false).ShouldBe(ConstantsOf(typeof(Reasons)), ignoreOrder: true);

    [Fact]
    public void The_page_of_reasons_explains_every_condition_type_once_and_no_other() =>
        Rows("docs/reasons.md", "## Condition types", within: true).ShouldBe(ConstantsOf(typeof(ConditionTypes)), ignoreOrder: true);

    [Fact]
    public void A_reason_is_spelled_as_its_constant_is_named() =>
        typeof(Reasons).GetFields().ShouldAllBe(f => f.Name == (string?)f.GetRawConstantValue());

    private static IEnumerable<string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);

    // The first column of the tables, in or outside of the chapter that a heading begins.
    private static List<string> Rows(string page, string heading, bool within)
    {
        var rows = new List<string>();
        var isInside = false;
        foreach (var line in File.ReadLines(RepositoryRoot.Path(page)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                isInside = line == heading;
            }
            else if (isInside == within && FirstColumn().Match(line) is { Success: true } match)
            {
                rows.Add(match.Groups["name"].Value);
            }
        }

        return rows;
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstColumn();
}
