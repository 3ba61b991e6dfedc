using CsCheck;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>Whatever is in a Secret, a reader answers with its own exception or with a result.</summary>
public sealed class HostileInputTests(Pki pki)
{
    [Fact]
    public void Random_bytes_are_refused() => Gen.Byte.Array[0, 400].Sample(bytes => ReadAll(bytes), iter: 3000);

    [Theory]
    [InlineData("", 150)]
    [InlineData("-legacy", 150)]
    [InlineData("-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -nomac", 150)]
    [InlineData("-keypbe NONE -certpbe NONE -nomac", 1500)]
    public async Task A_damaged_PKCS12_file_is_refused_or_read(string options, int times)
    {
        var pfx = await pki.Pkcs12Async("rsa", options + " -certfile chain.pem");
        Mutated(pfx).Sample(bytes => Attempt(() => One.Pkcs12(bytes, Pki.Password).Dispose()), iter: times);
        Mutated(pfx).Sample(bytes => Attempt(() => ReadRetired(bytes)), iter: times / 5);
    }

    [Fact]
    public async Task Damaged_certificates_and_keys_are_refused_or_read()
    {
        await pki.ReadyAsync();
        var (certificate, key) = (pki.Ssl.Read("rsa.pem"), pki.Ssl.Read("rsa.key"));
        var (elliptic, ellipticKey) = (pki.Ssl.Read("ec.pem"), pki.Ssl.Read("ec.key"));
        await pki.RunAsync("x509 -in rsa.pem -outform DER -out hostile.der");
        var der = pki.Ssl.Read("hostile.der");

        Mutated(certificate).Sample(bytes => Attempt(() => One.Pem(bytes, key).Dispose()), iter: 1000);
        Mutated(key).Sample(bytes => Attempt(() => One.Pem(certificate, bytes).Dispose()), iter: 1000);
        Mutated(elliptic).Sample(bytes => Attempt(() => One.Pem(bytes, ellipticKey).Dispose()), iter: 1000);
        Mutated(ellipticKey).Sample(bytes => Attempt(() => One.Pem(elliptic, bytes).Dispose()), iter: 1000);
        Mutated(der).Sample(bytes => Attempt(() => CertificateReader.ReadTrusted(bytes)), iter: 2000);
        Mutated(der).Sample(bytes => Attempt(() => ReadFacts(bytes)), iter: 3000);
    }

    [Fact]
    public async Task A_damaged_connector_key_is_refused_or_read()
    {
        await pki.ReadyAsync();
        var pem = pki.Ssl.Read("connector.pub");
        Mutated(pem).Sample(bytes => Attempt(() => _ = ConnectorKey.Parse(bytes).Encrypt("x", OaepHash.Sha512)), iter: 2000);
        Gen.Byte.Array[0, 600].Sample(bytes => Attempt(() => ConnectorKey.Parse([.. "RSA1"u8, .. bytes])), iter: 2000);
    }

    // A few bytes changed, and sometimes the end cut off.
    private static Gen<byte[]> Mutated(byte[] valid) =>
        Gen.Select(Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[1, 6], Gen.Int[0, 9], Gen.Int[0, valid.Length]).Select((changes, cut, length) =>
        {
            var bytes = valid.ToArray();
            foreach (var (index, value) in changes)
            {
                bytes[index] = value;
            }

            return cut == 0 ? bytes[..length] : bytes;
        });

    private static void ReadAll(byte[] bytes)
    {
        Attempt(() => One.Pkcs12(bytes, Pki.Password).Dispose());
        Attempt(() => One.Pem(bytes, bytes).Dispose());
        Attempt(() => CertificateReader.ReadTrusted(bytes));
        Attempt(() => ConnectorKey.Parse(bytes));
    }

    private static void ReadFacts(byte[] der)
    {
        using var certificate = TrustedReader.LoadDer(der);
        _ = FactsReader.Read(certificate);
    }

    private static void ReadRetired(byte[] pfx)
    {
        try
        {
            Pkcs12Simplifier.Rewrite(pfx, Pki.Password);
        }
        catch (System.Formats.Asn1.AsnContentException)
        {
            // Its caller's business.
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Likewise.
        }
    }

    private static void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CertificateSourceException or ConnectorKeyException)
        {
            e.ToString().ShouldNotContain(Pki.Password);
        }
    }
}
