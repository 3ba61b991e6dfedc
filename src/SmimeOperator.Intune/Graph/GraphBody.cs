using System.Text.Json;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Abstractions.Store;
using Microsoft.Kiota.Serialization.Json;

namespace SmimeOperator.Intune;

/// <summary>Serialises bodies once, for every try. Pure.</summary>
internal static class GraphBody
{
    /// <summary>
    /// A body as JSON. Properties that were set to null are sent as null, those never touched are not sent. The SDK's own way marks what
    /// it has written as unchanged, so that a second serialisation of the same body is empty; this one leaves the body as it is.
    /// </summary>
    public static byte[] Serialize(IParsable body)
    {
        using var writer = new JsonSerializationWriter();
        writer.WriteObjectValue(null, new WithNulls(body));
        using var content = writer.GetSerializedContent();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>A JSON value as the SDK's untyped value, so that it can be part of a body.</summary>
    public static UntypedNode Untyped(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new UntypedObject(element.EnumerateObject().ToDictionary(p => p.Name, p => Untyped(p.Value), StringComparer.Ordinal)),
        JsonValueKind.Array => new UntypedArray(element.EnumerateArray().Select(Untyped).ToList()),
        JsonValueKind.String => new UntypedString(element.GetString()),
        JsonValueKind.True => new UntypedBoolean(true),
        JsonValueKind.False => new UntypedBoolean(false),
        JsonValueKind.Number when element.TryGetInt64(out var whole) => new UntypedLong(whole),
        JsonValueKind.Number when element.TryGetDecimal(out var exact) => new UntypedDecimal(exact),
        JsonValueKind.Number => new UntypedDouble(element.GetDouble()),
        _ => new UntypedNull(),
    };

    private sealed class WithNulls(IParsable body) : IParsable
    {
        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => body.GetFieldDeserializers();

        public void Serialize(ISerializationWriter writer)
        {
            body.Serialize(writer);
            if (body is IBackedModel { BackingStore: { } store })
            {
                foreach (var name in store.EnumerateKeysForValuesChangedToNull())
                {
                    writer.WriteNullValue(name == "odataType" ? "@odata.type" : name);
                }
            }
        }
    }
}
