using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmimeOperator.Runtime.Stores;

/// <summary>Reads strings through a pool, so that what many entities have in common is held once.</summary>
internal sealed class SharedStringConverter : JsonConverter<string>
{
    private readonly StringPool _pool = new();
    private readonly Lock _gate = new();

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A string is expected.");
        }

        lock (_gate)
        {
            return _pool.Read(ref reader);
        }
    }

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        lock (_gate)
        {
            return _pool.Read(ref reader);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
