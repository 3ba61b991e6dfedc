using CsCheck;

namespace SmimeOperator.Api.Tests.Common;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["team"] = "mail", ["stage"] = "test" };

    public static TheoryData<LabelOperator, string, string[]?, bool> Requirements => new()
    {
        { LabelOperator.In, "team", ["web", "mail"], true },
        { LabelOperator.In, "team", ["web"], false },
        { LabelOperator.In, "absent", ["mail"], false },
        { LabelOperator.NotIn, "team", ["web"], true },
        { LabelOperator.NotIn, "team", ["web", "mail"], false },
        { LabelOperator.NotIn, "absent", ["mail"], true },
        { LabelOperator.Exists, "team", null, true },
        { LabelOperator.Exists, "absent", null, false },
        { LabelOperator.DoesNotExist, "team", null, false },
        { LabelOperator.DoesNotExist, "absent", null, true },
    };

    [Fact]
    public void An_empty_selector_selects_everything()
    {
        new LabelSelector().Matches(Labels).ShouldBeTrue();
        new LabelSelector().Matches(null).ShouldBeTrue();
        new LabelSelector { MatchLabels = [], MatchExpressions = [] }.Matches(Labels).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Requirements))]
    public void Each_operator_does_what_Kubernetes_does(LabelOperator how, string key, string[]? values, bool expected) =>
        With(new LabelRequirement { Key = key, Operator = how, Values = values is null ? null : [.. values] }).Matches(Labels).ShouldBe(expected);

    [Theory]
    [InlineData("team", "mail", true)]
    [InlineData("team", "MAIL", false)]
    [InlineData("TEAM", "mail", false)]
    [InlineData("team", "", false)]
    [InlineData("absent", "", false)]
    public void MatchLabels_compares_key_and_value_letter_by_letter(string key, string value, bool expected) =>
        new LabelSelector { MatchLabels = new() { [key] = value } }.Matches(Labels).ShouldBe(expected);

    [Fact]
    public void All_demands_must_hold()
    {
        var selector = With(new LabelRequirement { Key = "stage", Operator = LabelOperator.Exists });
        selector.MatchLabels = new() { ["team"] = "mail" };
        selector.Matches(Labels).ShouldBeTrue();

        selector.MatchLabels["stage"] = "production";
        selector.Matches(Labels).ShouldBeFalse();

        selector.MatchLabels.Remove("stage");
        selector.MatchExpressions!.Add(new() { Key = "team", Operator = LabelOperator.NotIn, Values = ["mail"] });
        selector.Matches(Labels).ShouldBeFalse();
    }

    [Fact]
    public void An_object_without_labels_has_only_absent_ones()
    {
        With(new LabelRequirement { Key = "team", Operator = LabelOperator.DoesNotExist }).Matches(null).ShouldBeTrue();
        With(new LabelRequirement { Key = "team", Operator = LabelOperator.Exists }).Matches(null).ShouldBeFalse();
    }

    [Fact]
    public void In_and_NotIn_and_Exists_and_DoesNotExist_are_opposites() =>
        Gen.Select(OneOf("team", "stage", "absent"), OneOf("mail", "test", "other").List[1, 3]).Sample((key, values) =>
            Holds(LabelOperator.In, key, values) != Holds(LabelOperator.NotIn, key, values)
            && Holds(LabelOperator.Exists, key, null) != Holds(LabelOperator.DoesNotExist, key, null));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static bool Holds(LabelOperator how, string key, List<string>? values) =>
        With(new LabelRequirement { Key = key, Operator = how, Values = values }).Matches(Labels);

    private static LabelSelector With(LabelRequirement requirement) => new() { MatchExpressions = [requirement] };
}
