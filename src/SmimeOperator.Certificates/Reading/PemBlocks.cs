using System.Buffers.Text;
using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>Walks the blocks of a PEM text without making strings of it. Text around the blocks is allowed (RFC 7468 §2).</summary>
internal ref struct PemBlocks
{
    /// <summary>More than a Secret sensibly holds. Each broken block costs a search through the rest of the text, so there is an end to them.</summary>
    private const int MaxBlocks = 1000;

    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _block;
    private PemFields _fields;
    private ReadOnlySpan<byte> _encryptedLabel;
    private ReadOnlySpan<byte> _encryptedContent;

    public PemBlocks(ReadOnlySpan<byte> text)
    {
        _rest = text.Count("-----BEGIN "u8) > MaxBlocks
            ? throw new CertificateSourceException(SourceFault.LimitExceeded, $"The text holds more than {MaxBlocks} PEM blocks. Leave out what is neither certificate nor key.")
            : text;
    }

    /// <summary>The block's label, such as CERTIFICATE.</summary>
    public readonly ReadOnlySpan<byte> Label => IsEncrypted ? _encryptedLabel : _block[_fields.Label];

    /// <summary>Whether the block is encrypted in the way of RFC 1421.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>The value of DEK-Info, where the block is encrypted.</summary>
    public ReadOnlySpan<byte> EncryptionInfo { get; private set; }

    /// <summary>Moves to the next block.</summary>
    /// <exception cref="CertificateSourceException">A block is broken. It is not passed over: it may be the one that matters.</exception>
    public bool MoveNext()
    {
        IsEncrypted = MoveToEncrypted();
        if (IsEncrypted)
        {
            return true;
        }

        var found = PemEncoding.TryFindUtf8(_rest, out _fields);
        var before = found ? _rest[.._fields.Location.Start.Value] : _rest;
        if (before.IndexOf("-----BEGIN "u8) >= 0)
        {
            throw Broken();
        }

        if (!found)
        {
            return false;
        }

        _block = _rest;
        _rest = _rest[_fields.Location.End.Value..];
        return true;
    }

    /// <summary>The block's content, in memory that the caller has to clear.</summary>
    public readonly byte[] Decode()
    {
        if (IsEncrypted)
        {
            return DecodeEncrypted(_encryptedContent);
        }

        var content = SensitiveMemory.Allocate<byte>(_fields.DecodedDataLength);
        _ = Base64.DecodeFromUtf8(_block[_fields.Base64Data], content, out _, out _);
        return content;
    }

    private static byte[] DecodeEncrypted(ReadOnlySpan<byte> base64)
    {
        if (!Base64.IsValid(base64, out var length))
        {
            throw Broken();
        }

        var content = SensitiveMemory.Allocate<byte>(length);
        _ = Base64.DecodeFromUtf8(base64, content, out _, out _);
        return content;
    }

    // .NET takes no block with headers; this is the one kind that matters. Only where it is the next block: the others keep their order.
    private bool MoveToEncrypted()
    {
        var begin = _rest.IndexOf("-----BEGIN "u8);
        if (begin < 0)
        {
            return false;
        }

        var text = _rest[(begin + "-----BEGIN ".Length)..];
        var label = text[..Math.Max(0, text.IndexOf("-----"u8))];
        var afterLabel = text[Math.Min(text.Length, label.Length + "-----".Length)..].TrimStart("\r\n"u8);
        if (!afterLabel.StartsWith("Proc-Type: 4,ENCRYPTED"u8))
        {
            return false;
        }

        var end = afterLabel.IndexOf("-----END "u8);
        var information = afterLabel.IndexOf("DEK-Info:"u8);
        if (end < 0 || information < 0 || information > end || !afterLabel[(end + "-----END ".Length)..].StartsWith(label))
        {
            throw Broken();
        }

        var line = afterLabel[(information + "DEK-Info:".Length)..end];
        var lineEnd = line.IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            throw Broken();
        }

        _encryptedLabel = label;
        EncryptionInfo = line[..lineEnd].Trim(" \t\r"u8);
        _encryptedContent = line[lineEnd..];
        var after = afterLabel[(end + "-----END ".Length + label.Length)..];
        _rest = after.StartsWith("-----"u8) ? after["-----".Length..] : throw Broken();
        return true;
    }

    private static CertificateSourceException Broken() => new(
        SourceFault.Malformed,
        "A PEM block is broken or cut short: its BEGIN line has no matching END line, or its base64 is damaged. Copy the file again as a whole.");
}
