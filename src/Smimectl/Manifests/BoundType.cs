using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using SmimeOperator.Api.Schema;

namespace Smimectl;

/// <summary>A type of ours as manifests fill it. Attributes are looked up once: a folder has many objects and few types.</summary>
internal sealed class BoundType
{
    private static readonly ConcurrentDictionary<Type, BoundType> Known = new();

    private BoundType(Type type)
    {
        Fields = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => new BoundField(p)).ToDictionary(f => f.Name, StringComparer.Ordinal);
        Rules = [.. type.GetCustomAttributes<CelRuleAttribute>(inherit: true)];
    }

    /// <summary>The fields by the names that manifests use.</summary>
    public IReadOnlyDictionary<string, BoundField> Fields { get; }

    /// <summary>What must hold of the whole.</summary>
    public IReadOnlyList<CelRuleAttribute> Rules { get; }

    public static BoundType Of(Type type) => Known.GetOrAdd(type, t => new BoundType(t));
}

/// <summary>A field and what the schema demands of it.</summary>
internal sealed class BoundField(PropertyInfo property)
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    private readonly Lazy<Regex?> _pattern = new(() => property.GetCustomAttribute<MatchesAttribute>() is { } matches
        ? new Regex(ToDotNet(matches.Expression), RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, PatternTimeout)
        : null);

    public PropertyInfo Property { get; } = property;

    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>Whether null is more than a way of leaving the field out: server-side apply, Flux's way, refuses it where there is no default.</summary>
    public bool RefusesNull(object target) => Property.DeclaringType!.Assembly == typeof(MandatoryAttribute).Assembly && Property.GetValue(target) is null;

    public bool IsMandatory { get; } = property.IsDefined(typeof(MandatoryAttribute));

    public BetweenAttribute? Between { get; } = property.GetCustomAttribute<BetweenAttribute>();

    public LengthAttribute? Length { get; } = property.GetCustomAttribute<LengthAttribute>();

    public ItemsAttribute? Items { get; } = property.GetCustomAttribute<ItemsAttribute>();

    /// <summary>The fields that tell items apart; null where the list is no map.</summary>
    public IReadOnlyList<string>? ListKeys { get; } = property.GetCustomAttribute<MapListAttribute>()?.Keys;

    public bool IsSet { get; } = property.IsDefined(typeof(SetListAttribute));

    public IReadOnlyList<CelRuleAttribute> Rules { get; } = [.. property.GetCustomAttributes<CelRuleAttribute>(inherit: true)];

    /// <summary>The pattern that a value does not match; null where it does.</summary>
    public MatchesAttribute? MismatchOf(string value) =>
        _pattern.Value is { } pattern && !pattern.IsMatch(value) ? Property.GetCustomAttribute<MatchesAttribute>() : null;

    // The API server uses RE2: there $ is the very end, where .NET lets a last line end follow. And \s, which stands in brackets in our
    // patterns, is five characters and not all that Unicode calls white.
    private static string ToDotNet(string expression) =>
        (expression.EndsWith('$') ? expression[..^1] + @"\z" : expression).Replace(@"\s", @"\t\n\f\r ", StringComparison.Ordinal);
}
