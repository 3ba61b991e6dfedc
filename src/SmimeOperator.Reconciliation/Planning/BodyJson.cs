using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Serialization.Json;

namespace SmimeOperator.Reconciliation;

/// <summary>A body as it goes over the wire: what is compared is what is sent.</summary>
internal static class BodyJson
{
    public static JsonElement Of(Entity body)
    {
        using var writer = new JsonSerializationWriter();
        writer.WriteObjectValue(null, body);
        using var stream = writer.GetSerializedContent();
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>Hash of what a body asks for, with lines about what does not stand in it. 16 hexadecimal digits.</summary>
    public static string HashOf(JsonElement body, IEnumerable<string> lines) => HashOf(string.Join('\n', lines.Prepend(Canonical(body))));

    /// <summary>Hash of a text, 16 hexadecimal digits.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    // Properties in name order, so that another version of a serializer does not read as a change in git.
    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => JsonSerializer.Serialize(p.Name) + ":" + Canonical(p.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
        _ => value.GetRawText(),
    };
}
