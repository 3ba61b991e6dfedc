using System.Security.Cryptography;
using System.Text;

namespace Smimectl;

/// <summary>
/// Versions of Secrets and ConfigMaps: a keyed hash of their content. Versions stand in the state file, and a plain hash of a Secret that
/// holds nothing but a short password could be guessed from there; the key lies in a file of its own.
/// </summary>
internal sealed class DataVersions(byte[] key)
{
    private const int KeyLength = 32;

    /// <summary>The versions of one state, with the key beside it; made where it is missing.</summary>
    public static DataVersions Open(string keyFile)
    {
        if (Known(keyFile) is { } known)
        {
            return known;
        }

        var made = RandomNumberGenerator.GetBytes(KeyLength);
        PrivateFile.Write(keyFile, made);
        return new DataVersions(made);
    }

    /// <summary>The versions of one state for somebody who writes nothing; where the key is missing, they mean something within this process only.</summary>
    public static DataVersions Borrow(string keyFile) => Known(keyFile) ?? Passing();

    /// <summary>Versions that mean something within this process only.</summary>
    public static DataVersions Passing() => new(RandomNumberGenerator.GetBytes(KeyLength));

    private static DataVersions? Known(string keyFile) =>
        File.Exists(keyFile) && File.ReadAllBytes(keyFile) is { Length: KeyLength } known ? new DataVersions(known) : null;

    public string Of(IReadOnlyDictionary<string, byte[]> data)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var (name, value) in data.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            // Lengths keep one key's end from being read as the next one's beginning.
            hash.AppendData(BitConverter.GetBytes(name.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(BitConverter.GetBytes(value.Length));
            hash.AppendData(value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
