using System.Text.Json.Nodes;
using SmimeOperator.Api.Tests.Cluster;
using SmimeOperator.Api.Tests.Schema;

namespace Smimectl.Tests;

/// <summary>A manifest that is to be judged twice.</summary>
/// <param name="Demand">What it is about.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="IsBad">Whether it breaks a demand for sure; otherwise only the verdicts must agree.</param>
internal sealed record SchemaCase(string Demand, JsonObject Manifest, bool IsBad);

/// <summary>Walks a definition as it lies in crds/, and makes of the samples, which use every field, what each demand forbids and just allows.</summary>
internal static class SchemaCases
{
    public static IReadOnlyList<SchemaCase> Of(JsonObject definition, IReadOnlyList<JsonObject> samples) =>
    [
        .. samples.Select(s => new SchemaCase("sample", s.DeepClone().AsObject(), IsBad: false)),
        .. SchemaBreaker.Break(definition, samples).Select(b => new SchemaCase(b.Demand, b.Manifest, IsBad: true)),
        .. from field in SchemaFields.Of(definition)
           where field.Path.StartsWith(".spec", StringComparison.Ordinal)
           let path = field.Path[1..]
           let sample = samples.First(s => Holder(s, path) is not null)
           from change in Types(field.Schema).Concat(Counts(field.Schema)).Concat(Edges(field.Schema))
           select Changed(sample, path, change),
    ];

    private sealed record Change(string Demand, bool IsBad, Func<JsonNode, JsonNode?> Of);

    private static IEnumerable<Change> Types(JsonObject schema)
    {
        yield return new Change("null", false, _ => null);
        switch ((string?)schema["type"])
        {
            case "string":
                yield return new Change("type", true, _ => 5);
                yield return new Change("type (boolean)", true, _ => true);
                yield return new Change("type (object)", true, _ => new JsonObject());
                break;
            case "boolean":
                yield return new Change("type", true, _ => "true");
                yield return new Change("type (number)", true, _ => 1);
                break;
            case "integer":
                yield return new Change("type", true, v => v.ToString());
                yield return new Change("type (fraction)", true, _ => 1.5);
                yield return new Change("type (too large)", true, _ => 99_999_999_999_999);
                break;
            case "array":
                yield return new Change("type", true, _ => "x");
                yield return new Change("type (object)", true, _ => new JsonObject());
                yield return new Change("item null", true, v => With(v, items => items[0] = null));
                yield return new Change("item type", true, v => With(v, items => items[0] = new JsonArray()));
                break;
            case "object":
                yield return new Change("type", true, _ => "x");
                yield return new Change("type (array)", true, _ => new JsonArray());
                break;
        }

        if (schema["properties"] is not null)
        {
            yield return new Change("unknown field", true, v => WithUnknown(v));
        }

        if (schema["items"]?["properties"] is not null)
        {
            yield return new Change("unknown field of an item", true, v => With(v, items => items[0] = WithUnknown(items[0]!)));
        }
    }

    private static IEnumerable<Change> Counts(JsonObject schema)
    {
        if ((string?)schema["x-kubernetes-list-type"] is "map" or "set")
        {
            yield return new Change("unique", true, v => With(v, items => items.Add(items[0]!.DeepClone())));
        }

        if ((int?)schema["maxProperties"] is { } most)
        {
            yield return new Change("maxProperties", true, _ => Entries(most + 1, "x"));
            yield return new Change("maxProperties (just)", false, _ => Entries(most, "x"));
            yield return new Change("value type", true, _ => new JsonObject { ["a"] = 1 });
            yield return new Change("value null", false, _ => new JsonObject { ["a"] = null });
            if ((int?)schema["additionalProperties"]?["maxLength"] is { } longest)
            {
                yield return new Change("value length", true, _ => Entries(1, new string('x', longest + 1)));
                yield return new Change("value length (just)", false, _ => Entries(1, new string('x', longest)));
            }
        }
    }

    // Where two implementations of one demand part ways first.
    private static IEnumerable<Change> Edges(JsonObject schema)
    {
        foreach (var bound in (string[])["minimum", "maximum"])
        {
            if ((int?)schema[bound] is { } number)
            {
                yield return new Change($"{bound} (just)", false, _ => number);
            }
        }

        if ((string?)schema["type"] == "string" && schema["enum"] is null)
        {
            if (schema["pattern"] is not null)
            {
                yield return new Change("line end", false, v => v + "\n");
                yield return new Change("no-break space", false, v => "\u00a0" + v);
                yield return new Change("vertical tab", false, v => v + "\u000b");
            }

            if ((int?)schema["maxLength"] is { } longest)
            {
                yield return new Change("maxLength (just, beyond the BMP)", false, _ => string.Concat(Enumerable.Repeat("\U0001F600", longest)));
            }
        }

        foreach (var value in schema["enum"]?.AsArray() ?? [])
        {
            yield return new Change($"enum {value}", false, _ => value!.DeepClone());
            yield return new Change($"enum {value} in other letters", true, _ => ((string)value!).ToUpperInvariant() is var upper && upper != (string)value! ? upper : upper.ToLowerInvariant());
        }
    }

    private static SchemaCase Changed(JsonObject sample, string path, Change change)
    {
        var copy = sample.DeepClone().AsObject();
        var (holder, name) = (Holder(copy, path)!, path.Split('.')[^1]);
        holder[name] = change.Of(holder[name]!.DeepClone());
        return new SchemaCase($"{path} {change.Demand}", copy, change.IsBad);
    }

    private static JsonArray With(JsonNode list, Action<JsonArray> change)
    {
        change(list.AsArray());
        return list.AsArray();
    }

    private static JsonObject WithUnknown(JsonNode value)
    {
        var copy = value.DeepClone().AsObject();
        copy["nonsense"] = "x";
        return copy;
    }

    private static JsonObject Entries(int count, string value) =>
        new(Enumerable.Range(0, count).Select(n => KeyValuePair.Create($"k{n}", (JsonNode?)value)));

    private static JsonObject? Holder(JsonNode? node, string path)
    {
        if (node is JsonArray items)
        {
            return items.Select(item => Holder(item, path)).FirstOrDefault(holder => holder is not null);
        }

        var parts = path.Split('.', 2);
        return node is not JsonObject fields || !fields.ContainsKey(parts[0]) ? null : parts.Length == 1 ? fields : Holder(fields[parts[0]], parts[1]);
    }
}
