using System.Text.Json.Nodes;
using SmimeOperator.Api.Tests.Schema;

namespace SmimeOperator.Api.Tests.Cluster;

/// <summary>A sample that breaks one demand of the schema, and the words in which the API server should say so.</summary>
public sealed record BrokenSample(string Demand, JsonObject Manifest, string Words);

/// <summary>Breaks every demand of a definition's spec, one at a time, in a sample that uses the field.</summary>
internal static class SchemaBreaker
{
    internal static IEnumerable<BrokenSample> Break(JsonObject definition, IReadOnlyList<JsonObject> samples) =>
        from field in SchemaFields.Of(definition)
        where field.Path.StartsWith(".spec.", StringComparison.Ordinal)
        let path = field.Path[1..]
        let sample = samples.First(manifest => Holder(manifest, path) is not null)
        from change in Changes(field, path)
        select new BrokenSample($"{path} {change.Keyword}", Changed(sample, path, change.Apply), change.Words);

    private static IEnumerable<(string Keyword, string Words, Action<JsonObject, string> Apply)> Changes(SchemaField field, string path)
    {
        if (field.IsRequired)
        {
            // Without its key an item of a map list cannot even be merged, which is another sentence.
            yield return ("required", field.IsKey ? "omits all key fields" : $"{path}: Required value", (holder, name) => holder.Remove(name));
        }

        var list = field.Schema["items"] is not null;
        if (list && (int?)field.Schema["minItems"] is not null)
        {
            yield return ("minItems", $"{path} in body should have at least", (holder, name) => holder[name] = new JsonArray());
        }

        if (list && field.Schema["items"]!["enum"] is null)
        {
            var most = (int)field.Schema["maxItems"]!;
            yield return ("maxItems", $"{path}: Too many", (holder, name) => holder[name] = Many(holder[name]![0]!, most + 1));
        }

        var value = list ? field.Schema["items"]!.AsObject() : field.Schema;
        foreach (var (keyword, words, wrong) in Wrong(value))
        {
            yield return (keyword, path + words, (holder, name) => Put(holder, name, list, wrong));
        }
    }

    private static void Put(JsonObject holder, string name, bool inList, JsonNode wrong)
    {
        if (inList)
        {
            holder[name]![0] = wrong;
        }
        else
        {
            holder[name] = wrong;
        }
    }

    private static IEnumerable<(string Keyword, string Words, JsonNode Wrong)> Wrong(JsonObject schema)
    {
        if (schema["enum"] is not null)
        {
            yield return ("enum", ": Unsupported value", "Nonsense");
        }

        if (schema["pattern"] is not null)
        {
            yield return ("pattern", " in body should match", "   ");
        }

        if (schema["minLength"] is not null)
        {
            yield return ("minLength", " in body should be at least", "");
        }

        if ((int?)schema["maxLength"] is { } longest)
        {
            yield return ("maxLength", ": Too long", new string('x', longest + 1));
        }

        if ((int?)schema["minimum"] is { } smallest)
        {
            yield return ("minimum", " in body should be greater than or equal to", smallest - 1);
        }

        if ((int?)schema["maximum"] is { } largest)
        {
            yield return ("maximum", " in body should be less than or equal to", largest + 1);
        }
    }

    private static JsonObject Changed(JsonObject sample, string path, Action<JsonObject, string> change)
    {
        var copy = sample.DeepClone().AsObject();
        change(Holder(copy, path)!, path.Split('.')[^1]);
        return copy;
    }

    private static JsonObject? Holder(JsonNode? node, string path)
    {
        if (node is JsonArray items)
        {
            return items.Select(item => Holder(item, path)).FirstOrDefault(holder => holder is not null);
        }

        var parts = path.Split('.', 2);
        return node is not JsonObject fields || !fields.ContainsKey(parts[0])
            ? null
            : parts.Length == 1 ? fields : Holder(fields[parts[0]], parts[1]);
    }

    // Different from each other, so that only their number is wrong.
    private static JsonArray Many(JsonNode item, int count) => [.. Enumerable.Range(0, count).Select(number =>
    {
        var copy = item.DeepClone();
        if (copy is not JsonObject fields)
        {
            return JsonValue.Create($"{item}{number}");
        }

        foreach (var key in (string[])["name", "key", "role"])
        {
            if (fields.ContainsKey(key))
            {
                fields[key] = $"n{number}";
            }
        }

        return copy;
    })];
}
