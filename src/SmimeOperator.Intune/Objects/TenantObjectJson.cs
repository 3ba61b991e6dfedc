using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Apps, policies and profiles as the service writes them. Pure.</summary>
internal static class TenantObjectJson
{
    // What the service counts and stamps by itself: a difference here alone is no change.
    private static readonly HashSet<string> Volatile = new(StringComparer.Ordinal)
    {
        "version", "createdDateTime", "lastModifiedDateTime", "isAssigned", "supportsScopeTags", "publishingState", "uploadState",
    };

    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>A type's name without namespace.</summary>
    public static string TypeName(string? odataType) => odataType is null ? "" : odataType[(odataType.LastIndexOf('.') + 1)..];

    /// <summary>One object of a page. Without its assignments among the properties: they are held apart.</summary>
    /// <returns>The object, and whether the page spoke of assignments at all.</returns>
    public static (TenantObject Object, bool HasAssignments) Read(TenantCollection collection, JsonElement item)
    {
        var id = GraphJson.IdOf(item);
        var has = item.TryGetProperty("assignments", out var list) && list.ValueKind == JsonValueKind.Array;
        IReadOnlyList<TenantAssignment> assignments = has ? [.. list.EnumerateArray().Select(a => AssignmentJson.Read(collection, a))] : [];
        return (new TenantObject(collection, id, TypeName(GraphJson.Text(item, "@odata.type")), Compact(item), assignments), has);
    }

    /// <summary>The object after it was created: as the answer says, completed by what was sent.</summary>
    public static TenantObject AfterCreate(TenantCollection collection, JsonElement answer, byte[] sent)
    {
        using var document = JsonDocument.Parse(sent);
        var type = TypeName(GraphJson.Text(answer, "@odata.type") ?? GraphJson.Text(document.RootElement, "@odata.type"));
        var properties = Merge(Merge(Nothing, document.RootElement), answer);
        return new TenantObject(collection, GraphJson.IdOf(answer), type, properties, []) { References = ReferenceJson.Sent(type, document.RootElement) };
    }

    /// <summary>The object after a PATCH: as the answer says, or, where it says nothing, with what was sent.</summary>
    public static TenantObject AfterUpdate(TenantObject current, JsonElement answer, byte[] sent)
    {
        if (answer.ValueKind == JsonValueKind.Object && string.Equals(GraphJson.Text(answer, "id"), current.Id, StringComparison.OrdinalIgnoreCase))
        {
            return current with { Properties = Merge(current.Properties, answer) };
        }

        using var document = JsonDocument.Parse(sent);
        return current with { Properties = Merge(current.Properties, document.RootElement) };
    }

    /// <summary>Whether two objects say the same, the service's own stamps aside.</summary>
    public static bool Same(TenantObject one, TenantObject other) =>
        ReferenceEquals(one, other)
        || (one.Type == other.Type && SameProperties(one.Properties, other.Properties) && SameAssignments(one.Assignments, other.Assignments)
            && SameReferences(one.References, other.References));

    private static bool SameProperties(JsonElement one, JsonElement other)
    {
        var count = 0;
        foreach (var property in one.EnumerateObject().Where(IsContent))
        {
            count++;
            if (!other.TryGetProperty(property.Name, out var value) || !JsonElement.DeepEquals(property.Value, value))
            {
                return false;
            }
        }

        return count == other.EnumerateObject().Count(IsContent);
    }

    private static bool SameAssignments(IReadOnlyList<TenantAssignment> one, IReadOnlyList<TenantAssignment> other) =>
        one.Count == other.Count && one.All(a => other.Any(b => AssignmentJson.Same(a, b)));

    private static bool SameReferences(IReadOnlyDictionary<string, string?> one, IReadOnlyDictionary<string, string?> other) =>
        one.Count == other.Count
        && one.All(r => other.TryGetValue(r.Key, out var id) && string.Equals(r.Value, id, StringComparison.OrdinalIgnoreCase));

    // The service's annotations (context, tips) are no content; the type is compared by itself.
    private static bool IsContent(JsonProperty property) =>
        !Volatile.Contains(property.Name) && !property.Name.Contains('@', StringComparison.Ordinal);

    private static JsonElement Compact(JsonElement item) => Write(writer =>
    {
        foreach (var property in item.EnumerateObject().Where(IsKept))
        {
            property.WriteTo(writer);
        }
    });

    private static JsonElement Merge(JsonElement current, JsonElement change) => Write(writer =>
    {
        foreach (var property in current.EnumerateObject().Where(p => !change.TryGetProperty(p.Name, out _)))
        {
            property.WriteTo(writer);
        }

        // A bound reference is written and never shown, so it does not become a property here either.
        foreach (var property in change.EnumerateObject().Where(p => IsKept(p) && !p.Name.EndsWith("@odata.bind", StringComparison.Ordinal)))
        {
            property.WriteTo(writer);
        }
    });

    private static bool IsKept(JsonProperty property) =>
        property.Name != "assignments" && !property.Name.StartsWith("assignments@", StringComparison.Ordinal);

    private static JsonElement Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }
}
