using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SmimeOperator.Api.Schema;

/// <summary>The descriptions of types and fields: the summaries in the documentation file that the compiler puts beside the assembly.</summary>
internal sealed partial class Descriptions
{
    private readonly Dictionary<string, string> _summaries;

    private Descriptions(Dictionary<string, string> summaries) => _summaries = summaries;

    internal static Descriptions Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{typeof(Descriptions).Assembly.GetName().Name}.xml");
        var members = XDocument.Load(path).Descendants("member");
        return new(members
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Plain(member.Element("summary")!)));
    }

    internal string Of(Type type) => Find($"T:{type.FullName}");

    internal string Of(PropertyInfo property) => Find($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private string Find(string name) => _summaries.TryGetValue(name, out var summary) && summary.Length > 0
        ? summary
        : throw new InvalidOperationException($"{name} has no summary; people read it in kubectl explain.");

    private static string Plain(XElement summary) => Space().Replace(summary.Value, " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
