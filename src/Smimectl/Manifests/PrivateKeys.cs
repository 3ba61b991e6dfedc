namespace Smimectl;

/// <summary>In which form a value holds a private key.</summary>
internal enum PrivateKeyForm
{
    /// <summary>It holds none.</summary>
    None,

    /// <summary>A PKCS#12 file; the password may lie beside it.</summary>
    Pkcs12,

    /// <summary>A PEM private key.</summary>
    Pem,
}

/// <summary>Recognises private keys by their beginnings; nothing is decoded.</summary>
internal static class PrivateKeys
{
    public static PrivateKeyForm Find(ReadOnlySpan<byte> value) =>
        IsPkcs12(value) ? PrivateKeyForm.Pkcs12 : HasPem(value) ? PrivateKeyForm.Pem : PrivateKeyForm.None;

    // RFC 7292: a SEQUENCE, with a length of any form, that begins with version INTEGER 3 and goes on with a SEQUENCE.
    private static bool IsPkcs12(ReadOnlySpan<byte> value)
    {
        if (value.Length < 8 || value[0] != 0x30)
        {
            return false;
        }

        var content = value[1] < 0x80 ? 2 : 2 + (value[1] & 0x7F);
        return content + 4 <= value.Length && value[content..].StartsWith((ReadOnlySpan<byte>)[0x02, 0x01, 0x03, 0x30]);
    }

    // "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY" (RFC 7468 and before).
    private static bool HasPem(ReadOnlySpan<byte> value)
    {
        while (value.IndexOf("-----BEGIN "u8) is >= 0 and var at)
        {
            value = value[(at + 11)..];
            var end = value.IndexOf("-----"u8);
            if (end is >= 0 and <= 64 && value[..end].EndsWith("PRIVATE KEY"u8))
            {
                return true;
            }
        }

        return false;
    }
}
