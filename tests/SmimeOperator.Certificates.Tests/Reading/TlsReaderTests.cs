using System.Text;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

public sealed class TlsReaderTests(Pki pki)
{
    [Theory]
    [InlineData("rsa", "pkey -in rsa.key -out")]
    [InlineData("rsa", "pkey -in rsa.key -traditional -out")]
    [InlineData("ec", "pkey -in ec.key -out")]
    [InlineData("ec", "ec -in ec.key -out")]
    public async Task Keys_in_every_form_are_read(string leaf, string command)
    {
        await pki.ReadyAsync();
        var key = pki.NewName("key");
        await pki.RunAsync($"{command} {key}");

        using var read = One.Pem(pki.Ssl.Read(leaf + ".pem"), pki.Ssl.Read(key));

        read.ChainLength.ShouldBe(0);
        read.Facts.KeyAlgorithm.ShouldBe(leaf == "rsa" ? "RSA" : "ECDSA");
    }

    [Theory]
    [InlineData("rsa", "pkcs8 -topk8 -in rsa.key -v2 aes-256-cbc")]
    [InlineData("rsa", "pkcs8 -topk8 -in rsa.key -v1 PBE-SHA1-3DES")]
    [InlineData("ec", "pkcs8 -topk8 -provider legacy -provider default -in ec.key -v1 PBE-SHA1-RC2-40")]
    [InlineData("rsa", "rsa -traditional -in rsa.key -aes128")]
    [InlineData("ec", "ec -in ec.key -aes192")]
    [InlineData("ec", "ec -in ec.key -aes256")]
    [InlineData("ec", "ec -in ec.key -des3")]
    public async Task Encrypted_keys_are_read_with_their_password_and_no_other(string leaf, string command)
    {
        await pki.ReadyAsync();
        var key = pki.NewName("key");
        await pki.RunAsync($"{command} -passout pass:{Pki.Password} -out {key}");
        byte[] both = [.. pki.Ssl.Read(key), .. pki.Ssl.Read(leaf + ".pem")];

        using var read = One.Pem(both, both, Pki.Password);

        read.Facts.KeyAlgorithm.ShouldBe(leaf == "rsa" ? "RSA" : "ECDSA");
        foreach (var wrong in (string[])["wrong", ""])
        {
            Should.Throw<CertificateSourceException>(() => One.Pem(both, both, wrong).Dispose()).Fault.ShouldBe(SourceFault.WrongPassword);
        }
    }

    [Fact]
    public async Task Parameters_in_front_of_the_key_and_words_around_it_do_not_matter()
    {
        await pki.ReadyAsync();
        await pki.RunAsync("ecparam -name prime256v1 -out parameters.pem");
        await pki.RunAsync("x509 -in ec.pem -text -out ec-text.pem");

        using var read = One.Pem(pki.Ssl.Read("ec-text.pem"), [.. pki.Ssl.Read("parameters.pem"), .. pki.Ssl.Read("ec.key")]);

        read.Facts.Subject.ShouldBe("CN=Alice");
    }

    [Fact]
    public async Task The_leaf_is_the_certificate_that_the_key_belongs_to()
    {
        await pki.ReadyAsync();
        using var read = One.Pem([.. pki.Ssl.Read("chain.pem"), .. pki.Ssl.Read("rsa.pem")], pki.Ssl.Read("rsa.key"));

        read.Facts.Subject.ShouldContain("CN=Alice");
        read.ChainLength.ShouldBe(2);
        using var package = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);
        package.ReencodedBecause.ShouldNotBeNull().ShouldContain("key pair");
    }

    [Fact]
    public async Task Pairs_that_cannot_be_used_say_why()
    {
        await pki.ReadyAsync();
        await pki.RunAsync($"pkey -in rsa.key -aes256 -passout pass:{Pki.Password} -out encrypted.key");
        await pki.RunAsync($"pkey -in rsa.key -traditional -aes256 -passout pass:{Pki.Password} -out encrypted-old.key");
        await pki.RunAsync("x509 -in rsa.pem -outform DER -out tls.der");
        var certificate = pki.Ssl.Read("rsa.pem");
        var key = pki.Ssl.Read("rsa.key");

        Fault(certificate, pki.Ssl.Read("other.key")).ShouldBe(SourceFault.KeyMismatch);
        Fault(certificate, pki.Ssl.Read("ec.key")).ShouldBe(SourceFault.KeyMismatch);
        Fault(certificate, pki.Ssl.Read("encrypted.key")).ShouldBe(SourceFault.WrongPassword);
        Fault(certificate, pki.Ssl.Read("encrypted-old.key")).ShouldBe(SourceFault.WrongPassword);
        Fault(pki.Ssl.Read("ed.pem"), pki.Ssl.Read("ed.key")).ShouldBe(SourceFault.Unsupported);
        Fault(certificate, certificate).ShouldBe(SourceFault.NoPrivateKey);
        Fault(certificate, []).ShouldBe(SourceFault.NoPrivateKey);
        Fault(certificate, [.. key, .. pki.Ssl.Read("other.key")]).ShouldBe(SourceFault.KeyMismatch);
        Fault(key, key).ShouldBe(SourceFault.Malformed);
        Fault(pki.Ssl.Read("tls.der"), key).ShouldBe(SourceFault.Malformed);
        Fault([.. certificate, .. certificate.AsSpan(0, 200)], key).ShouldBe(SourceFault.Malformed);
        Fault(certificate, key.AsSpan(0, key.Length - 40).ToArray()).ShouldBe(SourceFault.Malformed);
        Fault(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("-----BEGIN X-----\n", 20_000))), key).ShouldBe(SourceFault.LimitExceeded);
    }

    private static SourceFault Fault(byte[] certificate, byte[] key) =>
        Should.Throw<CertificateSourceException>(() => One.Pem(certificate, key).Dispose()).Fault;
}
