using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Pkcs;

namespace SmimeOperator.Certificates;

/// <summary>
/// Reads files with RC2 or RC4 where OpenSSL has no legacy provider, as in small container images. BouncyCastle takes seven to ten times as
/// long as .NET, so it reads nothing else.
/// </summary>
internal static class RetiredCipherReader
{
    public static void Read(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password, CertificateBundle bundle)
    {
        var passwordCopy = SensitiveMemory.Copy(password);
        try
        {
            var store = new Pkcs12StoreBuilder().Build();
            using (var stream = new MemoryStream(pfx.ToArray(), writable: false))
            {
                store.Load(stream, passwordCopy);
            }

            foreach (var alias in store.Aliases)
            {
                if (store.IsKeyEntry(alias))
                {
                    AddKeyEntry(store, alias, bundle);
                }
                else if (store.GetCertificate(alias) is { } entry)
                {
                    AddCertificate(entry, bundle);
                }
            }
        }
        catch (IOException e) when (e.Message.Contains("wrong password", StringComparison.OrdinalIgnoreCase))
        {
            throw Pkcs12Reader.WrongPassword(password, e);
        }
#pragma warning disable CA1031 // BouncyCastle answers a broken file with whatever exception the broken place happens to raise.
        catch (Exception e) when (e is not CertificateSourceException and not OutOfMemoryException)
#pragma warning restore CA1031
        {
            throw new CertificateSourceException(SourceFault.Malformed, "The PKCS#12 file is broken. Export it again.", e);
        }
        finally
        {
            SensitiveMemory.Clear<char>(passwordCopy);
        }
    }

    private static void AddKeyEntry(Pkcs12Store store, string alias, CertificateBundle bundle)
    {
        var chain = store.GetCertificateChain(alias);
        if (chain is not { Length: > 0 })
        {
            // A key without certificate: the caller says so when no other entry has both.
            return;
        }

        var pkcs8 = PrivateKeyInfoFactory.CreatePrivateKeyInfo(store.GetKey(alias).Key).GetDerEncoded();
        try
        {
            var key = KeyMatching.ImportPkcs8(pkcs8) ?? throw new CertificateSourceException(
                SourceFault.Unsupported, "The private key is neither RSA nor elliptic curve: S/MIME on the phone cannot use it.");
            bundle.Add(X509CertificateLoader.LoadCertificate(chain[0].Certificate.GetEncoded()), key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        foreach (var entry in chain.Skip(1))
        {
            AddCertificate(entry, bundle);
        }
    }

    private static void AddCertificate(X509CertificateEntry entry, CertificateBundle bundle)
    {
        var der = entry.Certificate.GetEncoded();
        if (!bundle.Contains(der))
        {
            bundle.Add(X509CertificateLoader.LoadCertificate(der), null);
        }
    }
}
