using System.Collections;
using SmimeOperator.Api.Schema;

namespace Smimectl;

/// <summary>
/// Fills our types from YAML as strictly as the API server would with the schema that is generated from the same types: unknown fields,
/// wrong types, unknown enum values, bounds, patterns and rules are problems. What is not written keeps its C# default.
/// </summary>
internal sealed class SpecBinder(string file, List<ManifestProblem> problems)
{
    /// <summary>Binds a mapping to a type of ours; problems are added to the list.</summary>
    public object BindObject(YamlTree node, Type type, string path)
    {
        var target = Activator.CreateInstance(type)!;
        if (node is not YamlMap map)
        {
            Report(node, path, "must be a mapping with fields of its own");
            return target;
        }

        var before = problems.Count;
        var bound = BoundType.Of(type);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            if (!bound.Fields.TryGetValue(key.Value, out var field))
            {
                Report(key, Join(path, key.Value), $"is not known{Suggestion(key.Value, bound.Fields.Keys)}");
            }
            else if (IsNull(value))
            {
                if (!field.IsMandatory && field.RefusesNull(target))
                {
                    Report(key, Join(path, key.Value), "is written without a value; write one, or leave the field out");
                }
            }
            else
            {
                written.Add(key.Value);
                var fieldPath = Join(path, key.Value);
                if (Bind(value, field.Property.PropertyType, field, fieldPath) is { } content)
                {
                    field.Property.SetValue(target, content);
                    CheckRules(value, field.Rules, content, fieldPath);
                }
            }
        }

        foreach (var missing in bound.Fields.Values.Where(f => f.IsMandatory && !written.Contains(f.Name)))
        {
            Report(map, Join(path, missing.Name), "is missing; write it");
        }

        if (problems.Count == before)
        {
            CheckRules(map, bound.Rules, target, path);
        }

        return target;
    }

    private object? Bind(YamlTree node, Type type, BoundField field, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            return BindList(node, type, field, path);
        }

        if (type == typeof(Dictionary<string, string>))
        {
            return BindMap(node, field, path);
        }

        return type == typeof(string) || type.IsValueType ? BindScalar(node, type, field, path) : BindObject(node, type, path);
    }

    private IList? BindList(YamlTree node, Type type, BoundField field, string path)
    {
        if (node is not YamlList list)
        {
            Report(node, path, "must be a list");
            return null;
        }

        var items = (IList)Activator.CreateInstance(type)!;
        foreach (var (item, index) in list.Items.Select((item, index) => (item, index)))
        {
            if (Bind(item, type.GetGenericArguments()[0], field, $"{path}[{index}]") is { } bound)
            {
                items.Add(bound);
            }
        }

        CheckCount(node, field, list.Items.Count, path);
        CheckUnique(list, field, items, path);
        return items;
    }

    private Dictionary<string, string>? BindMap(YamlTree node, BoundField field, string path)
    {
        if (node is not YamlMap map)
        {
            Report(node, path, "must be a mapping");
            return null;
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            if (BindScalar(value, typeof(string), field, Join(path, key.Value)) is string text)
            {
                entries[key.Value] = text;
            }
        }

        CheckCount(node, field, map.Entries.Count, path);
        return entries;
    }

    private object? BindScalar(YamlTree node, Type type, BoundField field, string path)
    {
        if (node is not YamlText text)
        {
            Report(node, path, "must be a single value");
            return null;
        }

        if (type == typeof(bool))
        {
            return (text.IsPlain ? YamlScalars.Boolean(text.Value) : null) ?? Refuse(text, path, "must be true or false");
        }

        if (type == typeof(int))
        {
            if (!text.IsPlain || YamlScalars.Whole(text.Value) is not (>= int.MinValue and <= int.MaxValue and var number))
            {
                return Refuse(text, path, "must be a whole number");
            }

            return field.Between is { } bounds && (number < bounds.Min || number > bounds.Max)
                ? Refuse(text, path, $"must be between {bounds.Min} and {bounds.Max}")
                : (int)number;
        }

        if (text.IsPlain && YamlScalars.IsNoText(text.Value))
        {
            return Refuse(text, path, $"must be text: YAML takes {text.Value} for a number, a boolean or nothing; put it in quotes");
        }

        return type.IsEnum ? BindEnum(text, type, path) : CheckText(text, field, path);
    }

    private object? BindEnum(YamlText text, Type type, string path) =>
        Enum.GetNames(type).Contains(text.Value, StringComparer.Ordinal)
            ? Enum.Parse(type, text.Value)
            : Refuse(text, path, $"'{Short(text.Value)}' is none of {string.Join(", ", Enum.GetNames(type))}");

    private object? CheckText(YamlText text, BoundField field, string path)
    {
        // The API server counts code points.
        if (field.Length is { } length && text.Value.EnumerateRunes().Count() is var count && (count < length.Min || count > length.Max))
        {
            return Refuse(text, path, count < length.Min ? $"must have {length.Min} characters or more" : $"must have {length.Max} characters or fewer");
        }

        return field.MismatchOf(text.Value) is { } pattern
            ? Refuse(text, path, $"'{Short(text.Value)}' does not match {pattern.Expression}; write it like {pattern.Example}")
            : text.Value;
    }

    private void CheckCount(YamlTree node, BoundField field, int count, string path)
    {
        if (field.Items is { } bounds && (count < bounds.Min || count > bounds.Max))
        {
            Report(node, path, count < bounds.Min ? $"must have {bounds.Min} items or more" : $"must have {bounds.Max} items or fewer");
        }
    }

    private void CheckUnique(YamlList list, BoundField field, IList items, string path)
    {
        if (items.Count != list.Items.Count)
        {
            return;
        }

        var keys = field.ListKeys;
        if (keys is null && !field.IsSet)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var key = keys is null
                ? items[i]!.ToString()!
                : string.Join('/', keys.Select(k => (list.Items[i] as YamlMap)?.Text(k)));
            if (!seen.Add(key))
            {
                Report(list.Items[i], $"{path}[{i}]", $"'{Short(key)}' stands in the list twice");
            }
        }
    }

    private void CheckRules(YamlTree node, IReadOnlyList<CelRuleAttribute> rules, object value, string path)
    {
        foreach (var rule in rules.Where(r => !SpecRules.Holds(r.Rule, value)))
        {
            Report(node, path, rule.Message, ManifestFault.Rule);
        }
    }

    private object? Refuse(YamlTree node, string path, string message)
    {
        Report(node, path, message);
        return null;
    }

    private void Report(YamlTree node, string path, string message, ManifestFault fault = ManifestFault.Schema) =>
        problems.Add(new ManifestProblem(file, node.Line, $"{path} {message}") { Field = path, Fault = fault });

    private static bool IsNull(YamlTree node) => node is YamlText { IsPlain: true } text && YamlScalars.IsNull(text.Value);

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;

    private static string Short(string value) => value.Length <= 60 ? value : value[..57] + "...";

    private static string Suggestion(string name, IEnumerable<string> known) =>
        Spelling.Nearest(name, known) is { } near ? $"; did you mean {near}?" : $"; known are {string.Join(", ", known)}";
}
