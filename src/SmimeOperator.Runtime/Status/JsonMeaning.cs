using System.Security.Cryptography;
using System.Text.Json;

namespace SmimeOperator.Runtime.Status;

/// <summary>The meaning of a JSON value as a short fingerprint: equal for values that differ in spelling only.</summary>
/// <remarks>
/// Order of members and the spelling of numbers and strings are no difference; a member that is null is one that is not there,
/// as the API server sees it. Everything else is a difference. A fingerprint instead of the value, because one is kept per entity.
/// </remarks>
internal static class JsonMeaning
{
    /// <summary>Whether two values of a type are written alike: a fifth of the work of two fingerprints, and if so they mean the same.</summary>
    public static bool IsSameText<TValue>(TValue one, TValue other, JsonSerializerOptions options) =>
        JsonSerializer.SerializeToUtf8Bytes(one, options).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, options));

    public static string Fingerprint<TValue>(TValue value, JsonSerializerOptions options) =>
        Fingerprint(JsonSerializer.SerializeToElement(value, options));

    public static string Fingerprint(JsonElement value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value);
        }

        return Convert.ToBase64String(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject()
                    .Where(static member => member.Value.ValueKind is not JsonValueKind.Null)
                    .OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var integer):
                writer.WriteNumberValue(integer);
                break;
            case JsonValueKind.Number when value.GetDouble() is var number && number == Math.Floor(number) && Math.Abs(number) < 1e15:
                writer.WriteNumberValue((long)number);
                break;
            case JsonValueKind.Number:
                writer.WriteNumberValue(value.GetDouble());
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
