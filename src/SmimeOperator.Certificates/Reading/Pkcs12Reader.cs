using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Reads PKCS#12 with .NET, and with BouncyCastle what .NET cannot read.</summary>
internal static class Pkcs12Reader
{
    /// <summary>
    /// Twice .NET's default of 300,000, since `openssl pkcs12 -iter 600000` follows a common recommendation, and
    /// opening it is a matter of a second or two.
    /// </summary>
    internal const int MaxRounds = 600_000;

    // ERROR_INVALID_PASSWORD, which .NET uses on every platform.
    private const int InvalidPassword = unchecked((int)0x80070056);

    private const string Pbmac1 = "1.2.840.113549.1.5.14";

    // pbeWithSHAAnd128BitRC4, 40BitRC4, 128BitRC2 and 40BitRC2 (RFC 7292 appendix C): in OpenSSL 3 only with its legacy provider.
    private static readonly HashSet<string> RetiredCiphers =
    [
        "1.2.840.113549.1.12.1.1", "1.2.840.113549.1.12.1.2", "1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6",
    ];

    // MAC, key and certificates may each take the full count. Nobody's file holds more than a chain: a hundred is plenty.
    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = MaxRounds,
        IndividualKdfIterationLimit = MaxRounds,
        TotalKdfIterationLimit = 3 * MaxRounds,
        MaxCertificates = 100,
        MaxKeys = 100,
    };

    // macOS knows no ephemeral keys and uses a temporary keychain instead; the operator runs on Linux, a developer's smimectl may not.
    private static X509KeyStorageFlags StorageFlags => OperatingSystem.IsMacOS()
        ? X509KeyStorageFlags.Exportable
        : X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet;

    public static KeyedCertificate Read(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password)
    {
        var encoding = Inspect(pfx);
        if (encoding.Rounds > MaxRounds || encoding.TotalRounds > 3L * MaxRounds)
        {
            throw TooManyRounds(null);
        }

        var bundle = new CertificateBundle();
        try
        {
            try
            {
                bundle.AddAll(X509CertificateLoader.LoadPkcs12Collection(pfx, password, StorageFlags, Limits));
            }
            catch (CryptographicException e) when (IsRetired(encoding, e))
            {
                RetiredCipherReader.Read(pfx, password, bundle);
            }

            return bundle.ToKeyedCertificate(new Pkcs12Source(pfx, password, encoding));
        }
        catch (Pkcs12LoadLimitExceededException e)
        {
            throw TooManyRounds(e);
        }
        catch (CryptographicException e) when (e.HResult == InvalidPassword)
        {
            throw WrongPassword(password, e);
        }
        catch (CryptographicException e) when (encoding.Mac is Pbmac1)
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported,
                "The file is protected by PBMAC1 (RFC 9579), which cannot be read. Export it again without: openssl pkcs12 -export without -pbmac1_pbkdf2",
                e);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new CertificateSourceException(
                SourceFault.Unsupported, "The PKCS#12 file holds a key on a curve that cannot be read: S/MIME takes RSA and the NIST curves.", e);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            if (UnsupportedKeys.Any(pfx, password))
            {
                throw new CertificateSourceException(
                    SourceFault.Unsupported, "The private key is neither RSA nor elliptic curve: S/MIME on the phone cannot use it.", e);
            }

            throw new CertificateSourceException(
                SourceFault.Malformed, "The PKCS#12 file is broken, or holds something that cannot be read. Export it again.", e);
        }
        finally
        {
            bundle.Dispose();
        }
    }

    internal static CertificateSourceException WrongPassword(ReadOnlySpan<char> password, Exception? inner)
    {
        var hint = password.IsEmpty
            ? " It is empty: set `passwordKey` to the Secret's key that holds it."
            : password[^1] is '\n' or '\r'
                ? " It ends in a line break, which `echo` adds: make the Secret with `printf %s` or --from-literal."
                : " Check that it belongs to this file and that nothing was cut off or added.";
        return new CertificateSourceException(SourceFault.WrongPassword, "The password does not open the PKCS#12 file." + hint, inner);
    }

    private static bool IsRetired(Pkcs12Encoding encoding, CryptographicException e) =>
        e is not Pkcs12LoadLimitExceededException && e.HResult != InvalidPassword && encoding.Ciphers.Any(RetiredCiphers.Contains);

    private static CertificateSourceException TooManyRounds(Exception? inner) => new(
        SourceFault.Unsupported,
        $"The PKCS#12 file asks for more than {MaxRounds} rounds of key derivation, or holds too many parts, and would take too long to open. "
        + "Export it again with fewer: openssl pkcs12 -export -iter 2048",
        inner);

    private static Pkcs12Encoding Inspect(ReadOnlySpan<byte> pfx)
    {
        var copy = SensitiveMemory.Copy(pfx);
        try
        {
            return Pkcs12Encoding.Read(copy);
        }
        catch (AsnContentException e)
        {
            throw new CertificateSourceException(SourceFault.Malformed, SourceGuess.WhatIsIt(pfx), e);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(copy);
        }
    }
}
