using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

public sealed class TrustedReaderTests(Pki pki)
{
    [Fact]
    public async Task One_or_many_PEM_or_DER_are_read()
    {
        await pki.ReadyAsync();
        await pki.RunAsync("x509 -in root.pem -outform DER -out root.der");
        var der = pki.Ssl.Read("root.der");

        var one = CertificateReader.ReadTrusted(der).ShouldHaveSingleItem();
        one.Der.ShouldBe(der);
        one.Subject.ShouldBe("CN=Root");
        one.IsAuthority.ShouldBeTrue();
        one.Thumbprint.ShouldBe(
            (await pki.TextAsync("x509 -in root.pem -noout -fingerprint -sha1")).Split('=')[1].Replace(":", "", StringComparison.Ordinal).ToLowerInvariant());

        CertificateReader.ReadTrusted(pki.Ssl.Read("chain.pem")).Select(certificate => certificate.Subject).ShouldBe(["CN=Issuer", "CN=Root"]);
        CertificateReader.ReadTrusted([.. pki.Ssl.Read("root.pem"), .. pki.Ssl.Read("root.pem")]).Count.ShouldBe(1);
        CertificateReader.ReadTrusted(pki.Ssl.Read("rsa.pem"))[0].IsAuthority.ShouldBeFalse();
    }

    [Fact]
    public async Task Whatever_else_is_there_is_refused()
    {
        await pki.ReadyAsync();
        var root = pki.Ssl.Read("root.pem");
        await pki.RunAsync("crl2pkcs7 -nocrl -certfile root.pem -out root.p7b");

        Refused([.. root, .. pki.Ssl.Read("root.key")]).ShouldContain("private key");
        Refused(pki.Ssl.Read("root.p7b")).ShouldContain("other than a certificate");
        Refused([.. root, .. root.AsSpan(0, 100)]).ShouldContain("broken");
        Refused([]);
        Refused("nothing"u8.ToArray());
        Refused([.. CertificateReader.ReadTrusted(root)[0].Der, 0]);
        Refused(await pki.Pkcs12Async("rsa"));
    }

    private static string Refused(byte[] file)
    {
        var fault = Should.Throw<CertificateSourceException>(() => CertificateReader.ReadTrusted(file));
        fault.Fault.ShouldBe(SourceFault.Malformed);
        return fault.Message;
    }
}
