using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Queries;

/// <summary>A part of a $filter. Values are null, bool, double, string or (inside any) an element of a collection.</summary>
internal abstract record FilterExpression
{
    public abstract object? Evaluate(TenantObject item, object? element);

    public bool Holds(TenantObject item) => Evaluate(item, null) is true;
}

internal sealed record Literal(object? Value) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element) => Value;
}

/// <summary>A property path; with a cast, objects of other types have no value there.</summary>
internal sealed record PropertyPath(TypeKind? Cast, IReadOnlyList<string> Names) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element)
    {
        if (Cast is not null && !item.Type.Is(Cast))
        {
            return null;
        }

        if (Names is ["id"])
        {
            return item.Id;
        }

        JsonNode? node = item.Properties;
        foreach (var name in Names)
        {
            node = (node as JsonObject)?[name];
        }

        return ToValue(node);
    }

    // Without the cast the arms would all become nodes again: JsonNode converts from each of them.
    public static object? ToValue(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => (object)node.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture),
        null or JsonValueKind.Null => null,
        _ => node,
    };
}

internal sealed record RangeVariable : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element) => element;
}

internal sealed record Any(PropertyPath Collection, FilterExpression? Condition) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element) =>
        Collection.Evaluate(item, null) is JsonArray array
        && array.Any(e => Condition is null || Condition.Evaluate(item, PropertyPath.ToValue(e)) is true);
}

internal sealed record Not(FilterExpression Inner) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element) => Inner.Evaluate(item, element) is not true;
}

internal sealed record And(FilterExpression Left, FilterExpression Right) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element) =>
        Left.Evaluate(item, element) is true && Right.Evaluate(item, element) is true;
}

internal sealed record Or(FilterExpression Left, FilterExpression Right) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element) =>
        Left.Evaluate(item, element) is true || Right.Evaluate(item, element) is true;
}

internal sealed record IsOf(TypeKind Type) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element) => item.Type.Is(Type);
}

internal sealed record Call(string Name, IReadOnlyList<FilterExpression> Arguments, bool IgnoreCase) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element)
    {
        if (Arguments[0].Evaluate(item, element) is not string text)
        {
            return null;
        }

        var other = Arguments.Count > 1 ? Arguments[1].Evaluate(item, element) as string ?? "" : "";
        var comparison = IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Name switch
        {
            "tolower" => text.ToLowerInvariant(),
            "toupper" => text.ToUpperInvariant(),
            "startswith" => text.StartsWith(other, comparison),
            "endswith" => text.EndsWith(other, comparison),
            _ => text.Contains(other, comparison),
        };
    }
}

internal sealed record Comparison(string Operator, FilterExpression Left, FilterExpression Right, bool IgnoreCase) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element)
    {
        var left = Left.Evaluate(item, element);
        var right = Right.Evaluate(item, element);
        if (Operator is "eq" or "ne")
        {
            return AreEqual(left, right, IgnoreCase) == (Operator == "eq");
        }

        if (left is null || right is null)
        {
            return false;
        }

        var order = Compare(left, right);
        return Operator switch
        {
            "gt" => order > 0,
            "ge" => order >= 0,
            "lt" => order < 0,
            _ => order <= 0,
        };
    }

    public static bool AreEqual(object? left, object? right, bool ignoreCase) => (left, right) switch
    {
        (string a, string b) => string.Equals(a, b, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            || (TryTime(a, out var x) && TryTime(b, out var y) && x == y),
        _ => Equals(left, right),
    };

    private static int Compare(object left, object right) => (left, right) switch
    {
        (double a, double b) => a.CompareTo(b),
        (string a, string b) when TryTime(a, out var x) && TryTime(b, out var y) => x.CompareTo(y),
        _ => string.CompareOrdinal(left.ToString(), right.ToString()),
    };

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length >= 20
            && text[4] == '-'
            && text[10] == 'T'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}

internal sealed record In(FilterExpression Left, IReadOnlyList<object?> Values, bool IgnoreCase) : FilterExpression
{
    public override object? Evaluate(TenantObject item, object? element)
    {
        var left = Left.Evaluate(item, element);
        return Values.Any(v => Comparison.AreEqual(left, v, IgnoreCase));
    }
}
