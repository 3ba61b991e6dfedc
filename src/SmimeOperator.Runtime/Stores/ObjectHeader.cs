using System.Text.Json;

namespace SmimeOperator.Runtime.Stores;

/// <summary>The few members of metadata that can be read even where the rest of an object makes no sense.</summary>
internal readonly record struct ObjectHeader(NamespacedName Key, string? ResourceVersion)
{
    /// <exception cref="JsonException">Not JSON.</exception>
    public static ObjectHeader Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string? name = null, namespaceName = null, version = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (!isMetadata || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("name"u8))
                {
                    name = Value(ref reader);
                }
                else if (reader.ValueTextEquals("namespace"u8))
                {
                    namespaceName = Value(ref reader);
                }
                else if (reader.ValueTextEquals("resourceVersion"u8))
                {
                    version = Value(ref reader);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
        }

        return new ObjectHeader(new NamespacedName(namespaceName ?? "", name ?? ""), version);
    }

    private static string? Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }
}
