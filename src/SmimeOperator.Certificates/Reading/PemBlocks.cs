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

    public PemBlocks(ReadOnlySpan<byte> text)
    {
        _rest = text.Count("-----BEGIN "u8) > MaxBlocks
            ? throw new CertificateSourceException(SourceFault.Malformed, $"The text holds more than {MaxBlocks} PEM blocks.")
            : text;
    }

    /// <summary>The block's label, such as CERTIFICATE.</summary>
    public readonly ReadOnlySpan<byte> Label => _block[_fields.Label];

    /// <summary>Moves to the next block.</summary>
    /// <exception cref="CertificateSourceException">A block is broken. It is not passed over: it may be the one that matters.</exception>
    public bool MoveNext()
    {
        var found = PemEncoding.TryFindUtf8(_rest, out _fields);
        var before = found ? _rest[.._fields.Location.Start.Value] : _rest;
        if (before.IndexOf("-----BEGIN "u8) >= 0)
        {
            throw before.IndexOf("4,ENCRYPTED"u8) >= 0 ? Encrypted() : new CertificateSourceException(
                SourceFault.Malformed, "A PEM block is broken or cut short: its BEGIN line has no matching END line, or its base64 is damaged.");
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
        var content = SensitiveMemory.Allocate<byte>(_fields.DecodedDataLength);
        _ = Base64.DecodeFromUtf8(_block[_fields.Base64Data], content, out _, out _);
        return content;
    }

    /// <summary>The answer to a private key that has a password.</summary>
    public static CertificateSourceException Encrypted() => new(
        SourceFault.Unsupported,
        "The private key is encrypted, and a kubernetes.io/tls Secret has no place for its password. Decrypt it (openssl pkey -in key.pem -out tls.key), "
        + "or put both into a PKCS#12 file and use `pkcs12` with `passwordKey`.");
}
