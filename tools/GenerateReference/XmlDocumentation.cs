using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GenerateReference;

/// <summary>The summaries that the compiler wrote beside an assembly.</summary>
internal sealed partial class XmlDocumentation(Assembly assembly)
{
    private readonly Dictionary<string, string> _summaries = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
        .ToDictionary(m => m.Attribute("name")!.Value, m => Text(m.Element("summary")), StringComparer.Ordinal);

    public string Of(FieldInfo field) => _summaries.GetValueOrDefault($"F:{field.DeclaringType!.FullName}.{field.Name}", "");

    public string Of(PropertyInfo property) => _summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");

    private static string Text(XElement? summary) => summary is null
        ? ""
        : Space().Replace(string.Concat(summary.Nodes().Select(n => n is XElement e ? e.Value.Length > 0 ? $"`{e.Value}`" : Name(e) : n.ToString())), " ").Trim();

    private static string Name(XElement reference) => $"`{reference.Attribute("cref")?.Value.Split('.')[^1]}`";

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
