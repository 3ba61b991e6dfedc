using System.Runtime.InteropServices;
using System.Security.Cryptography.Pkcs;

namespace SmimeOperator.Certificates;

/// <summary>Finds out whether a file that .NET refused is whole, and only its key of a type that .NET does not load, such as Ed25519.</summary>
internal static class UnsupportedKeys
{
    /// <summary>Whether a key of the file is neither RSA nor elliptic curve.</summary>
    /// <remarks>Looks at keys outside encrypted parts only: their rounds were counted, those within cannot be.</remarks>
    public static bool Any(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password)
    {
        var copy = SensitiveMemory.Copy(pfx);
        try
        {
            foreach (var part in Pkcs12Info.Decode(copy, out _, skipCopy: true).AuthenticatedSafe)
            {
                if (part.ConfidentialityMode is not Pkcs12ConfidentialityMode.None)
                {
                    continue;
                }

                foreach (var bag in part.GetBags())
                {
                    if ((bag is Pkcs12ShroudedKeyBag shrouded && IsUnsupported(Pkcs8PrivateKeyInfo.DecryptAndDecode(password, shrouded.EncryptedPkcs8PrivateKey, out _)))
                        || (bag is Pkcs12KeyBag clear && IsUnsupported(Pkcs8PrivateKeyInfo.Decode(clear.Pkcs8PrivateKey, out _, skipCopy: true))))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            return false;
        }
        finally
        {
            SensitiveMemory.Clear<byte>(copy);
        }
    }

    private static bool IsUnsupported(Pkcs8PrivateKeyInfo info)
    {
        SensitiveMemory.Clear(MemoryMarshal.AsMemory(info.PrivateKeyBytes).Span);
        return !KeyMatching.IsSupported(info.AlgorithmId.Value);
    }
}
