namespace SmimeOperator.Certificates.Fuzzing;

/// <summary>Everything of this library that reads what strangers wrote. Each target takes any bytes and may only refuse them in its own words.</summary>
public static class FuzzTarget
{
    /// <summary>The password of the corpus' files.</summary>
    public const string Password = "fuzz";

    /// <summary>The targets by name.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["pkcs12"] = bytes => CertificateReader.ReadPkcs12(bytes, Password).Dispose(),
        ["pem"] = bytes => CertificateReader.ReadPem(bytes, bytes, Password).Dispose(),
        ["trusted"] = bytes => CertificateReader.ReadTrusted(bytes),
        ["connector-key"] = bytes => ConnectorKey.Parse(bytes),
        ["names"] = bytes => AlternativeNames.Read(bytes),
    };

    /// <summary>Runs a target.</summary>
    /// <returns>What it refused the bytes with, or null where it took them.</returns>
    /// <exception cref="Exception">Anything but a refusal is a defect of the reader.</exception>
    public static string? Run(string target, byte[] bytes)
    {
        try
        {
            All[target](bytes);
            return null;
        }
        catch (CertificateSourceException refusal)
        {
            return refusal.Fault.ToString();
        }
        catch (ConnectorKeyException)
        {
            return nameof(ConnectorKeyException);
        }
    }
}
