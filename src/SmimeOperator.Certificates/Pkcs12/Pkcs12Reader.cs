using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Reads PKCS#12 with .NET, and what .NET cannot read after it was rewritten.</summary>
internal static class Pkcs12Reader
{
    // ERROR_INVALID_PASSWORD, which .NET uses on every platform.
    private const int InvalidPassword = unchecked((int)0x80070056);

    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = RoundBudget.MaxRounds,
        IndividualKdfIterationLimit = RoundBudget.MaxRounds,
        TotalKdfIterationLimit = RoundBudget.MaxTotal,
        MaxCertificates = 200,
        MaxKeys = 100,
    };

    // macOS knows no ephemeral keys and uses a temporary keychain instead; the operator runs on Linux, a developer's smimectl may not.
    private static X509KeyStorageFlags StorageFlags => OperatingSystem.IsMacOS()
        ? X509KeyStorageFlags.Exportable
        : X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet;

    public static KeyedCertificates Read(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password)
    {
        var copy = SensitiveMemory.Copy(pfx);
        try
        {
            var encoding = Inspect(copy);
            if (encoding.Rounds > RoundBudget.MaxRounds || encoding.TotalRounds > RoundBudget.MaxTotal)
            {
                throw RoundBudget.Exceeded(null);
            }

            return Read(copy, password, encoding);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(copy);
        }
    }

    private static KeyedCertificates Read(byte[] pfx, ReadOnlySpan<char> password, Pkcs12Encoding encoding)
    {
        using var bundle = new CertificateBundle();
        try
        {
            Load(pfx, password, encoding, bundle);
            return bundle.FromPkcs12(new Pkcs12Source(pfx, password, encoding));
        }
        catch (Pkcs12LoadLimitExceededException e)
        {
            throw RoundBudget.Exceeded(e);
        }
        catch (CryptographicException e) when (e.HResult == InvalidPassword)
        {
            throw Passwords.Wrong(password, "PKCS#12 file", e);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported, "The PKCS#12 file holds a key on a curve that cannot be read: S/MIME takes RSA and the NIST curves.", e);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            foreach (var algorithm in encoding.Algorithms)
            {
                algorithm.RefuseUnknown(e);
            }

            throw new CertificateSourceException(
                SourceFault.Malformed, "The PKCS#12 file is broken, or holds something that cannot be read. Export it again.", e);
        }
    }

    private static void Load(byte[] pfx, ReadOnlySpan<char> password, Pkcs12Encoding encoding, CertificateBundle bundle)
    {
        if (encoding.HasPbmac1)
        {
            LoadRewritten(pfx, password, bundle);
            return;
        }

        try
        {
            Load(pfx, password, bundle);
        }
        catch (CryptographicException e) when (IsRetired(encoding, e))
        {
            LoadRewritten(pfx, password, bundle);
        }
    }

    private static void LoadRewritten(byte[] pfx, ReadOnlySpan<char> password, CertificateBundle bundle)
    {
        var rewritten = Pkcs12Simplifier.Rewrite(pfx, password);
        try
        {
            Load(rewritten, password, bundle);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(rewritten);
        }
    }

    internal static void Load(byte[] pfx, ReadOnlySpan<char> password, CertificateBundle bundle)
    {
        try
        {
            bundle.AddAll(X509CertificateLoader.LoadPkcs12Collection(pfx, password, StorageFlags, Limits));
        }
        catch (CryptographicException e) when (e is not Pkcs12LoadLimitExceededException && e.HResult != InvalidPassword && UnsupportedKeys.Any(pfx, password))
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported,
                "The file holds a private key that is neither RSA nor elliptic curve: S/MIME on the phone cannot use it. Use a certificate with one of these.",
                e);
        }
    }

    private static bool IsRetired(Pkcs12Encoding encoding, CryptographicException e) =>
        e is not Pkcs12LoadLimitExceededException && e.HResult != InvalidPassword && encoding.Ciphers.Any(RetiredCiphers.Contains);

    private static Pkcs12Encoding Inspect(byte[] pfx)
    {
        try
        {
            return Pkcs12Encoding.Read(pfx);
        }
        catch (AsnContentException e)
        {
            throw new CertificateSourceException(SourceFault.Malformed, SourceGuess.WhatIsIt(pfx), e);
        }
    }
}
