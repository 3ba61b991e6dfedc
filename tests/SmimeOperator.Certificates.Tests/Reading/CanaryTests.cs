using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>No exception shows a password or a key, whichever way it came about.</summary>
public sealed class CanaryTests(Pki pki)
{
    private const string Canary = "zqxj-b5f1c2d7";

    [Theory]
    [InlineData("")]
    [InlineData("-legacy")]
    [InlineData("-nomac")]
    [InlineData("-legacy -nomac")]
    public async Task A_password_never_shows(string options)
    {
        var pfx = await pki.Pkcs12Async("rsa", options, Canary);
        foreach (var attempt in (Action[])
        [
            () => One.Pkcs12(pfx, Canary + "x").Dispose(),
            () => One.Pkcs12(pfx, Canary + "\n").Dispose(),
            () => One.Pkcs12(pfx.AsSpan(0, pfx.Length - 300), Canary).Dispose(),
            () => One.Pkcs12(Encoding.ASCII.GetBytes(Canary), Canary).Dispose(),
            () => Retired(pfx, Canary + "x"),
        ])
        {
            Should.Throw<CertificateSourceException>(attempt).ToString().ShouldNotContain("zqxj");
        }

        using var read = One.Pkcs12(pfx, Canary);
        using var package = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);
        string.Join<object?>(' ', [read, read.Facts, package, package.ReencodedBecause, read.Source, read.Source?.Encoding]).ShouldNotContain("zqxj");
        Encoding.Latin1.GetString(package.Pfx).ShouldNotContain("zqxj");
    }

    [Fact]
    public async Task A_key_never_shows()
    {
        await pki.ReadyAsync();
        var key = Encoding.ASCII.GetString(pki.Ssl.Read("rsa.key"));
        var line = key.Split('\n')[5];
        foreach (var (certificate, text) in ((string, string)[])
        [
            ("ec.pem", key), ("rsa.pem", key.Replace(line, line[..^8], StringComparison.Ordinal)), ("rsa.pem", key + key), ("rsa.pem", key[..^30]),
        ])
        {
            Should.Throw<CertificateSourceException>(() => One.Pem(pki.Ssl.Read(certificate), Encoding.ASCII.GetBytes(text)).Dispose())
                .ToString().ShouldNotContain(line[..20]);
        }

        Should.Throw<ConnectorKeyException>(() => ConnectorKey.Parse(Encoding.ASCII.GetBytes(key))).ToString().ShouldNotContain(line[..20]);
    }

    // Without a MAC a wrong password shows only when all is opened, and may look like a broken file. What was rewritten is key material: it
    // goes nowhere, not even into the words of a test that fails.
    private static void Retired(byte[] pfx, string password)
    {
        byte[] rewritten = [];
        try
        {
            rewritten = Pkcs12Simplifier.Rewrite(pfx, password);
            One.Pkcs12(rewritten, password).Dispose();
        }
        catch (AsnContentException e)
        {
            throw new CertificateSourceException(SourceFault.Malformed, "As its caller says it.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rewritten);
        }
    }
}
