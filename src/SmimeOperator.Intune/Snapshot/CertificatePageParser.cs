using System.Buffers;
using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>
/// Reads a page of imported certificates token by token as its bytes arrive: no document, no element per record, and texts
/// that repeat (names, purposes, keys) held once. A tenant has tens of thousands of records, so this is where memory would go.
/// </summary>
internal sealed class CertificatePageParser(StringPool pool, Action<ImportedCertificate> found)
{
    private const int PageDepth = 1;
    private const int RecordDepth = 3;
    private JsonReaderState _state;
    private string _property = "";
    private bool _inValue;
    private bool _sawValue;
    private Fields _fields;

    /// <summary>The next page's address, once the page is read.</summary>
    public string? NextLink { get; private set; }

    /// <summary>Reads a page; anything but a whole page is a <see cref="JsonException"/>.</summary>
    public static async ValueTask<string?> ReadAsync(
        Stream body, StringPool pool, Action<ImportedCertificate> found, CancellationToken cancellationToken, int bufferSize = 32 * 1024)
    {
        var parser = new CertificatePageParser(pool, found);
        var buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
        try
        {
            for (var filled = 0; ;)
            {
                var read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken);
                filled += read;
                var consumed = parser.Feed(buffer.AsSpan(0, filled), final: read == 0);
                if (read == 0)
                {
                    return parser._sawValue ? parser.NextLink : throw new JsonException("The answer is no page of a collection.");
                }

                filled -= consumed;
                buffer.AsSpan(consumed, filled).CopyTo(buffer);
                if (filled == buffer.Length)
                {
                    buffer = Larger(buffer);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private int Feed(ReadOnlySpan<byte> data, bool final)
    {
        var reader = new Utf8JsonReader(data, final, _state);
        while (reader.Read())
        {
            Token(ref reader);
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Token(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName when depth is PageDepth or RecordDepth:
                _property = pool.Get(ref reader);
                break;
            case JsonTokenType.StartArray when depth == PageDepth:
                _inValue = _property == "value";
                _sawValue |= _inValue;
                break;
            case JsonTokenType.EndArray when depth == PageDepth:
                _inValue = false;
                break;
            case JsonTokenType.StartObject when _inValue && depth == RecordDepth - 1:
                _fields = default;
                break;
            case JsonTokenType.EndObject when _inValue && depth == RecordDepth - 1:
                found(_fields.ToCertificate());
                break;
            case JsonTokenType.String when depth == PageDepth && _property == "@odata.nextLink":
                NextLink = reader.GetString() is { Length: > 0 } link ? link : null;
                break;
            case JsonTokenType.String when _inValue && depth == RecordDepth:
                Field(ref reader);
                break;
            case JsonTokenType.StartArray or JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null
                when depth == 0:
                throw new JsonException("The answer is no page of a collection.");
            default:
                break;
        }
    }

    private void Field(ref Utf8JsonReader reader)
    {
        switch (_property)
        {
            case "id":
                _fields.Id = reader.GetString();
                break;
            case "thumbprint":
                _fields.Thumbprint = reader.GetString();
                break;
            case "userPrincipalName":
                _fields.UserPrincipalName = pool.Get(ref reader);
                break;
            case "intendedPurpose":
                _fields.IntendedPurpose = pool.Get(ref reader);
                break;
            case "providerName":
                _fields.ProviderName = pool.Get(ref reader);
                break;
            case "keyName":
                _fields.KeyName = pool.Get(ref reader);
                break;
            case "paddingScheme":
                _fields.PaddingScheme = pool.Get(ref reader);
                break;
            case "startDateTime":
                _fields.Start = reader.TryGetDateTimeOffset(out var start) ? start : default;
                break;
            case "expirationDateTime":
                _fields.Expiration = reader.TryGetDateTimeOffset(out var end) ? end : default;
                break;
            default:
                break;
        }
    }

    private struct Fields
    {
        public string? Id;
        public string? Thumbprint;
        public string? UserPrincipalName;
        public string? IntendedPurpose;
        public string? ProviderName;
        public string? KeyName;
        public string? PaddingScheme;
        public DateTimeOffset Start;
        public DateTimeOffset Expiration;

        public readonly ImportedCertificate ToCertificate() => new(
            Id is { Length: > 0 } ? Id : throw new JsonException("A record of the answer has no id."),
            UserPrincipalName ?? "",
            Thumbprint ?? "",
            IntendedPurpose ?? "",
            Start,
            Expiration,
            ProviderName,
            KeyName,
            PaddingScheme);
    }
}
