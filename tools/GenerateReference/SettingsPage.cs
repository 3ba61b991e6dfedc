using System.Reflection;
using SmimeOperator.Hosting;

namespace GenerateReference;

/// <summary>Every setting of the process.</summary>
internal static class SettingsPage
{
    public static string Write()
    {
        var documentation = new XmlDocumentation(typeof(OperatorOptions).Assembly);
        var page = new Page("Settings", "Every setting of the operator process; [settings.md](../settings.md) says how to give them.");
        page.Table(
            ["setting", "environment variable", "type", "meaning"],
            typeof(OperatorOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)
                .Select(p => (IReadOnlyList<string>)[$"`Operator:{p.Name}`", $"`SMIME_OPERATOR__{p.Name.ToUpperInvariant()}`", TypeOf(p.PropertyType), documentation.Of(p)]));
        return page.ToString();
    }

    private static string TypeOf(Type type) => type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(double) ? "number"
        : type == typeof(TimeSpan) ? "time (hh:mm:ss)"
        : "text";
}
