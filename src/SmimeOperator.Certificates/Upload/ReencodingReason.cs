namespace SmimeOperator.Certificates;

/// <summary>
/// Says why a file cannot go as it came. A file has to be opened by the connector's Windows and by the phone, and neither's maker says what
/// they take; so what goes as it came is the one encoding that every report agrees on, PBE-SHA1-3DES with a SHA-1 MAC, and nothing else.
/// </summary>
internal static class ReencodingReason
{
    // .NET Framework imports no file of more rounds (Microsoft KB5025823, June 2023). Whether the connector opens files with it is not known;
    // encoding anew is right either way.
    private const int MaxTotalRounds = 600_000;

    private const string Sha1 = "1.3.14.3.2.26";
    private const string TripleDes = "1.2.840.113549.1.12.1.3";

    /// <summary>Finds the reasons, or null where the file goes as it came.</summary>
    public static string? Find(Pkcs12Source? source, int maxPasswordLength, Reencoding reencoding)
    {
        if (reencoding is Reencoding.Always)
        {
            return "re-encoding is set to Always";
        }

        if (source is null)
        {
            return "the source is a key pair, not a PKCS#12 file";
        }

        var reasons = PasswordReasons(source.Password, maxPasswordLength).Concat(EncodingReasons(source.Encoding)).ToArray();
        return reasons.Length == 0 ? null : string.Join("; ", reasons);
    }

    private static List<string> PasswordReasons(ReadOnlySpan<char> password, int maxLength)
    {
        var reasons = new List<string>();
        if (password.IsEmpty)
        {
            reasons.Add("its password is empty");
        }

        if (password.ContainsAnyExceptInRange(' ', '~'))
        {
            reasons.Add("its password has characters other than printable ASCII, which do not survive the way to the phone");
        }

        if (password.Length > maxLength)
        {
            reasons.Add($"its password is longer than the {maxLength} characters that the connector key can carry");
        }

        return reasons;
    }

    private static IEnumerable<string> EncodingReasons(Pkcs12Encoding encoding)
    {
        if (encoding.Ciphers.FirstOrDefault(cipher => cipher is not TripleDes) is { } other)
        {
            yield return $"it is encrypted with {NameOf(other)}, which not every connector and phone reads";
        }

        if (encoding.Mac is null)
        {
            yield return "it has no MAC";
        }
        else if (encoding.Mac is not Sha1)
        {
            yield return "its MAC is not SHA-1, which not every connector and phone reads";
        }

        if (encoding.HasClearKey)
        {
            yield return "its private key is not encrypted";
        }
        else if (encoding.ShroudedKeys != 1)
        {
            yield return "its private key does not stand by itself as programs expect";
        }

        if (encoding.HasClearCertificates)
        {
            yield return "its certificates are not encrypted, which not every program expects";
        }

        if (encoding.TotalRounds > MaxTotalRounds)
        {
            yield return $"it takes more than the {MaxTotalRounds} rounds of key derivation that .NET on Windows allows";
        }

        if (encoding.IsUnusual || encoding.HasTrailingBytes)
        {
            yield return "it holds parts beside certificates and key";
        }
    }

    private static string NameOf(string cipher) => cipher switch
    {
        "1.2.840.113549.1.12.1.1" or "1.2.840.113549.1.12.1.2" => "RC4",
        "1.2.840.113549.1.12.1.5" or "1.2.840.113549.1.12.1.6" => "RC2",
        "2.16.840.1.101.3.4.1.2" => "AES-128",
        "2.16.840.1.101.3.4.1.22" => "AES-192",
        "2.16.840.1.101.3.4.1.42" => "AES-256",
        _ => cipher,
    };
}
