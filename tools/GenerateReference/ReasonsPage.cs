using System.Reflection;
using SmimeOperator.Api;

namespace GenerateReference;

/// <summary>Every reason of conditions and events, every condition type, and the annotations.</summary>
internal static class ReasonsPage
{
    public static string Write()
    {
        var documentation = new XmlDocumentation(typeof(Reasons).Assembly);
        var page = new Page("Reasons and events", "Conditions and events share one closed list of reasons; [reasons.md](../reasons.md) says what to do about each.");
        foreach (var (heading, type) in new[] { ("Reasons of conditions and events", typeof(Reasons)), ("Condition types", typeof(ConditionTypes)), ("Annotations", typeof(Annotations)) })
        {
            page.Heading(heading);
            page.Table(
                ["name", "meaning"],
                type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (IReadOnlyList<string>)[$"`{f.GetRawConstantValue()}`", documentation.Of(f)]));
        }

        return page.ToString();
    }
}
