using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// The settings of an Android app as payloadJson carries them: base64 of a managed configuration (intune.md §1.2). Read by meaning: order,
/// white space and the form of base64 say nothing.
/// </summary>
/// <param name="Product">The product id, such as app:com.microsoft.office.outlook.</param>
/// <param name="Properties">The properties by key, each whole as it was read; the service does not forbid a key twice, and the last one counts.</param>
internal sealed record ManagedConfiguration(string? Product, IReadOnlyDictionary<string, JsonElement> Properties)
{
    private const string Kind = "androidenterprise#managedConfiguration";

    public static ManagedConfiguration Of(string product, IEnumerable<JsonObject> properties) =>
        new(product, properties.Select(p => JsonSerializer.SerializeToElement(p)).ToDictionary(p => p.GetProperty("key").GetString()!, StringComparer.Ordinal));

    /// <summary>Reads a payload; what is no managed configuration has no properties.</summary>
    public static ManagedConfiguration Parse(string? payload)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(payload ?? ""));
            var root = document.RootElement;
            var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("managedProperty", out var list) && list.ValueKind == JsonValueKind.Array)
            {
                foreach (var property in list.EnumerateArray())
                {
                    if (Text(property, "key") is { } key)
                    {
                        properties[key] = property.Clone();
                    }
                }
            }

            return new ManagedConfiguration(Text(root, "productId"), properties);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return new ManagedConfiguration(null, new Dictionary<string, JsonElement>());
        }
    }

    /// <summary>What a property says, without its key; the same text for the same meaning.</summary>
    public static string ValueOf(JsonElement property) => string.Join(", ", property.EnumerateObject()
        .Where(p => p.Name != "key" && p.Value.ValueKind != JsonValueKind.Null)
        .OrderBy(p => p.Name, StringComparer.Ordinal)
        .Select(p => $"{p.Name}: {(p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString() : p.Value.GetRawText())}"));

    /// <summary>This configuration with the properties of another one that it has not itself.</summary>
    public ManagedConfiguration With(IEnumerable<KeyValuePair<string, JsonElement>> others) => this with
    {
        Properties = Properties.Concat(others.Where(o => !Properties.ContainsKey(o.Key))).ToDictionary(StringComparer.Ordinal),
    };

    /// <summary>The payload, its properties in the order of their keys so that the same settings are the same text.</summary>
    public string ToPayload() => Convert.ToBase64String(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["kind"] = Kind,
        ["productId"] = Product,
        ["managedProperty"] = new JsonArray([.. Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => JsonSerializer.SerializeToNode(p.Value))]),
    }.ToJsonString()));

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
