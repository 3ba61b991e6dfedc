using System.Runtime.InteropServices;
using System.Text.Json;

namespace SmimeOperator.Runtime.Watching;

internal enum WatchLineType
{
    Unknown,
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}

/// <summary>One line of a watch: what happened, and where in the line the object stands.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WatchLine(WatchLineType Type, Range Object)
{
    /// <summary>Takes a line apart without reading the object.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out WatchLine result)
    {
        result = default;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            var type = WatchLineType.Unknown;
            Range? body = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isType, isObject) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("object"u8));
                reader.Read();
                if (isType && reader.TokenType == JsonTokenType.String)
                {
                    type = TypeAt(ref reader);
                    continue;
                }

                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                body = isObject ? new Range(start, (int)reader.BytesConsumed) : body;
            }

            result = new WatchLine(type, body.GetValueOrDefault());
            return type != WatchLineType.Unknown && body is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static WatchLineType TypeAt(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("ADDED"u8) ? WatchLineType.Added
        : reader.ValueTextEquals("MODIFIED"u8) ? WatchLineType.Modified
        : reader.ValueTextEquals("DELETED"u8) ? WatchLineType.Deleted
        : reader.ValueTextEquals("BOOKMARK"u8) ? WatchLineType.Bookmark
        : reader.ValueTextEquals("ERROR"u8) ? WatchLineType.Error
        : WatchLineType.Unknown;
}
