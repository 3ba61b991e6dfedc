namespace SmimeOperator.Certificates;

/// <summary>
/// Says why a file cannot go as it came. A file has to be opened by the connector's Windows and by the phone, and neither's maker says what
/// they take; so what goes as it came is the algorithm that was chosen, by default the one that every report agrees on, and nothing else.
/// </summary>
internal static class ReencodingReason
{
    // .NET Framework imports no file of more rounds (Microsoft KB5025823, June 2023). Whether the connector opens files with it is not known;
    // encoding anew is right either way.
    private const int MaxTotalRounds = 600_000;

    /// <summary>Finds the reasons, or null where the file goes as it came.</summary>
    public static string? Find(KeyedCertificate certificate, int maxPasswordLength, UploadEncoding encoding)
    {
        switch (encoding.Reencoding)
        {
            case Reencoding.Always:
                return "re-encoding is set to Always";
            case Reencoding.Never:
                return null;
        }

        if (certificate.Source is not { } source)
        {
            return certificate.KeysInSource > 1
                ? $"its source holds {certificate.KeysInSource} certificates with keys, and a record carries one"
                : "the source is a key pair, not a PKCS#12 file";
        }

        var reasons = PasswordReasons(source.Password, maxPasswordLength).Concat(EncodingReasons(source.Encoding, encoding.Algorithm)).ToArray();
        return reasons.Length == 0 ? null : string.Join("; ", reasons);
    }

    /// <summary>Says why a file cannot go at all where re-encoding is forbidden; null where it can.</summary>
    public static string? FindObstacle(KeyedCertificate certificate, int maxPasswordLength, UploadEncoding encoding)
    {
        if (encoding.Reencoding is not Reencoding.Never)
        {
            return null;
        }

        if (certificate.Source is not { } source)
        {
            return certificate.KeysInSource > 1
                ? $"its source holds {certificate.KeysInSource} certificates with keys, and a record in the tenant carries one"
                : "a key pair is no PKCS#12 file yet";
        }

        return source.Password.ContainsAnyExceptInRange('\u0000', '\u00FF') ? "its password holds a character above U+00FF, which the connector corrupts"
            : source.Password.Length > maxPasswordLength ? $"its password is longer than the {maxPasswordLength} characters that the connector key can carry"
            : null;
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

    private static IEnumerable<string> EncodingReasons(Pkcs12Encoding encoding, UploadAlgorithm algorithm)
    {
        var (cipher, mac, macName) = algorithm is UploadAlgorithm.Aes256Sha256
            ? ("2.16.840.1.101.3.4.1.42", "2.16.840.1.101.3.4.2.1", "SHA-256")
            : ("1.2.840.113549.1.12.1.3", "1.3.14.3.2.26", "SHA-1");
        if (encoding.Ciphers.FirstOrDefault(used => used != cipher) is { } other)
        {
            yield return $"it is encrypted with {NameOf(other)}, not with what was chosen for every connector and phone to read";
        }

        if (encoding.Mac is null)
        {
            yield return "it has no MAC";
        }
        else if (encoding.Mac != mac)
        {
            yield return $"its MAC is not {macName}, which is what was chosen for every connector and phone to read";
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

    /// <summary>A cipher by the name that people know.</summary>
    public static string NameOf(string cipher) => cipher switch
    {
        "1.2.840.113549.1.12.1.1" or "1.2.840.113549.1.12.1.2" => "RC4",
        "1.2.840.113549.1.12.1.3" or "1.2.840.113549.3.7" => "3DES",
        "1.2.840.113549.1.12.1.5" or "1.2.840.113549.1.12.1.6" => "RC2",
        "2.16.840.1.101.3.4.1.2" => "AES-128",
        "2.16.840.1.101.3.4.1.22" => "AES-192",
        "2.16.840.1.101.3.4.1.42" => "AES-256",
        _ => cipher,
    };
}
