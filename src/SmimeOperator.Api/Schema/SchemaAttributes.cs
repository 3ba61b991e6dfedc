namespace SmimeOperator.Api.Schema;

/// <summary>A CEL rule that the API server checks, with the message a person reads when it fails.</summary>
/// <param name="rule">The expression; <c>self</c> is the value the attribute stands on.</param>
/// <param name="message">What is wrong and what to write instead.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelRuleAttribute(string rule, string message) : Attribute
{
    /// <summary>The CEL expression.</summary>
    public string Rule { get; } = rule;

    /// <summary>What the API server answers when the rule does not hold.</summary>
    public string Message { get; } = message;

    /// <summary>Where in the value the fault lies, as a CEL field path such as <c>.scep</c>; empty for the value itself.</summary>
    public string? FieldPath { get; init; }
}

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="name">The heading.</param>
/// <param name="jsonPath">Where the value is, as a simple JSONPath.</param>
/// <param name="type">The column's OpenAPI type: <c>string</c>, <c>integer</c>, <c>boolean</c> or <c>date</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string jsonPath, string type = "string") : Attribute
{
    /// <summary>The heading.</summary>
    public string Name { get; } = name;

    /// <summary>Where the value is.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>The column's OpenAPI type.</summary>
    public string Type { get; } = type;

    /// <summary>0 is always shown, 1 only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}

/// <summary>How a custom resource is called on the command line.</summary>
/// <param name="plural">The plural name in lower case.</param>
/// <param name="shortName">The abbreviation for <c>kubectl</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ResourceNamesAttribute(string plural, string shortName) : Attribute
{
    /// <summary>The plural name in lower case.</summary>
    public string Plural { get; } = plural;

    /// <summary>The abbreviation for <c>kubectl</c>.</summary>
    public string ShortName { get; } = shortName;
}

/// <summary>A field by which the API server can select objects, as in <c>kubectl get --field-selector</c>.</summary>
/// <param name="jsonPath">Where the field is.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SelectableFieldAttribute(string jsonPath) : Attribute
{
    /// <summary>Where the field is.</summary>
    public string JsonPath { get; } = jsonPath;
}

/// <summary>The list is a map: its items are told apart by the named fields, and server-side apply merges by them.</summary>
/// <param name="keys">The JSON names of the key fields.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MapListAttribute(params string[] keys) : Attribute
{
    /// <summary>The JSON names of the key fields.</summary>
    public IReadOnlyList<string> Keys { get; } = keys;
}

/// <summary>The list is a set: its order means nothing and no value stands in it twice.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SetListAttribute : Attribute;

/// <summary>Bounds on the number of items of a list, or of entries of a map; the API server needs them to price CEL rules.</summary>
/// <param name="max">The most items the list may hold.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsAttribute(int max) : Attribute
{
    /// <summary>The most items the list may hold.</summary>
    public int Max { get; } = max;

    /// <summary>The fewest items the list must hold.</summary>
    public int Min { get; init; }
}

/// <summary>The longest text the field, or each item of a list or map of texts, may hold.</summary>
/// <param name="max">The length in characters.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LengthAttribute(int max) : Attribute
{
    /// <summary>The most characters.</summary>
    public int Max { get; } = max;

    /// <summary>The fewest characters.</summary>
    public int Min { get; init; }
}

/// <summary>A regular expression (RE2) that the text, or each item of a list of texts, must match.</summary>
/// <param name="expression">The expression.</param>
/// <param name="example">A text that matches, for whoever wrote one that does not.</param>
[AttributeUsage(AttributeTargets.Property)]
public class MatchesAttribute(string expression, string example) : Attribute
{
    /// <summary>The expression.</summary>
    public string Expression { get; } = expression;

    /// <summary>A text that matches.</summary>
    public string Example { get; } = example;
}

/// <summary>An id as Entra and Intune write them.</summary>
public sealed class GuidTextAttribute()
    : MatchesAttribute("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "11111111-2222-3333-4444-555555555555");

/// <summary>A duration as Go and Kubernetes write them.</summary>
public sealed class DurationTextAttribute() : MatchesAttribute("^([0-9]+(ms|s|m|h))+$", "1h30m");

/// <summary>The smallest and largest number the field may hold.</summary>
/// <param name="min">The smallest.</param>
/// <param name="max">The largest.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BetweenAttribute(long min, long max) : Attribute
{
    /// <summary>The smallest.</summary>
    public long Min { get; } = min;

    /// <summary>The largest.</summary>
    public long Max { get; } = max;
}

/// <summary>The field must be written; it has no default.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MandatoryAttribute : Attribute;
