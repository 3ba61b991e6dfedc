using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>Files that cannot be used, and files that are odd but can.</summary>
public sealed class Pkcs12FaultTests(Pki pki)
{
    private static readonly PbeParameters Aes = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    [Fact]
    public async Task A_certificate_without_its_key_is_named_as_such()
    {
        await pki.ReadyAsync();
        await pki.RunAsync($"pkcs12 -export -nokeys -in rsa.pem -passout pass:{Pki.Password} -out nokey.p12");
        await pki.RunAsync($"pkcs12 -export -legacy -nokeys -in rsa.pem -passout pass:{Pki.Password} -out nokey-legacy.p12");

        Fault(pki.Ssl.Read("nokey.p12")).Fault.ShouldBe(SourceFault.NoPrivateKey);
        Fault(pki.Ssl.Read("nokey-legacy.p12")).Fault.ShouldBe(SourceFault.NoPrivateKey);
    }

    [Fact]
    public async Task The_leaf_with_the_key_is_found_behind_its_chain()
    {
        await pki.ReadyAsync();
        using var read = One.Pkcs12(Build([("root", null), ("issuer", null), ("rsa", "rsa")]), Pki.Password);

        read.Facts.Subject.ShouldContain("CN=Alice");
        read.ChainLength.ShouldBe(2);
    }

    [Fact]
    public async Task A_whole_history_in_one_file_is_taken_apart()
    {
        await pki.ReadyAsync();
        using var read = CertificateReader.ReadPkcs12(Build([("root", null), ("issuer", null), ("rsa", "rsa"), ("other", "other")]), Pki.Password);

        read.Select(certificate => certificate.Facts.Subject.Contains("Alice", StringComparison.Ordinal) ? "rsa" : "other").Order().ShouldBe(["other", "rsa"]);
        var key = await pki.ConnectorKeyAsync();
        foreach (var certificate in read)
        {
            certificate.ChainLength.ShouldBe(2);
            using var package = UploadPackage.Create(certificate, key, OaepHash.Sha512);
            package.ReencodedBecause.ShouldNotBeNull().ShouldContain("2 certificates with keys");
            Should.Throw<CertificateSourceException>(() => UploadPackage.Create(
                certificate, key, OaepHash.Sha512, new UploadEncoding(Reencoding.Never, default))).Message.ShouldContain("encoding.reencode: Auto");
        }
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_refused()
    {
        await pki.ReadyAsync();
        Fault(Build([("rsa", "other")])).Fault.ShouldBe(SourceFault.KeyMismatch);
    }

    [Fact]
    public async Task A_key_that_no_phone_takes_is_refused()
    {
        var pfx = await pki.Pkcs12Async("ed");
        Fault(pfx).Fault.ShouldBe(SourceFault.Unsupported);
    }

    [Fact]
    public async Task Bytes_behind_the_file_do_not_matter_but_are_not_uploaded()
    {
        byte[] pfx = [.. await pki.Pkcs12Async("rsa", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"), 0, 0, 13, 10];
        using var read = One.Pkcs12(pfx, Pki.Password);
        using var package = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);

        package.ReencodedBecause.ShouldNotBeNull().ShouldContain("parts beside");
    }

    [Fact]
    public async Task What_is_no_PKCS12_is_told_what_it_is()
    {
        await pki.ReadyAsync();
        var pfx = await pki.Pkcs12Async("rsa");
        await pki.RunAsync("x509 -in rsa.pem -outform DER -out rsa.der");
        await pki.RunAsync("crl2pkcs7 -nocrl -certfile rsa.pem -outform DER -out rsa.p7b");

        Fault(Encoding.ASCII.GetBytes(Convert.ToBase64String(pfx, Base64FormattingOptions.InsertLineBreaks) + "\n")).Message.ShouldContain("base64");
        Fault(pki.Ssl.Read("rsa.pem")).Message.ShouldContain("`tls`");
        Fault(pki.Ssl.Read("rsa.der")).Message.ShouldContain("certificate without private key");
        Fault(pki.Ssl.Read("rsa.p7b")).Message.ShouldContain("PKCS#7");
        Fault([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]).Message.ShouldContain("keytool");
        Fault([]).Message.ShouldContain("empty");
        Fault([1, 2, 3]).Fault.ShouldBe(SourceFault.Malformed);
    }

    [Fact]
    public async Task A_password_that_echo_wrote_is_told_from_one_that_is_plainly_wrong()
    {
        var pfx = await pki.Pkcs12Async("rsa");
        var fault = Should.Throw<CertificateSourceException>(() => One.Pkcs12(pfx, Pki.Password + "\n").Dispose());

        fault.Fault.ShouldBe(SourceFault.WrongPassword);
        fault.Message.ShouldContain("line break");
    }

    [Fact]
    public async Task Many_rounds_are_read_and_far_too_many_refused()
    {
        var slow = await pki.Pkcs12Async("rsa", "-iter 600000");
        using var read = One.Pkcs12(slow, Pki.Password);
        using var package = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);
        package.ReencodedBecause.ShouldNotBeNull().ShouldContain("rounds");

        Fault(await pki.Pkcs12Async("rsa", "-iter 600001 -nomaciter")).Fault.ShouldBe(SourceFault.LimitExceeded);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task A_hostile_number_of_rounds_costs_nothing(long rounds)
    {
        var pfx = await pki.Pkcs12Async("rsa");
        Fault(WithMacRounds(pfx, rounds)).Fault.ShouldBe(SourceFault.LimitExceeded);
    }

    [Fact]
    public async Task A_disposed_certificate_gives_nothing_away()
    {
        var key = await pki.ConnectorKeyAsync();
        var read = One.Pkcs12(await pki.Pkcs12Async("rsa"), Pki.Password);
        var package = UploadPackage.Create(read, key, OaepHash.Sha512);
        var pfx = package.Pfx;
        read.Dispose();
        read.Dispose();
        package.Dispose();
        package.Dispose();

        pfx.ShouldAllBe(value => value == 0);
        Should.Throw<ObjectDisposedException>(() => package.Pfx);
        Should.Throw<ObjectDisposedException>(() => UploadPackage.Create(read, key, OaepHash.Sha512));
    }

    private static CertificateSourceException Fault(byte[] pfx) =>
        Should.Throw<CertificateSourceException>(() => One.Pkcs12(pfx, Pki.Password).Dispose());

    /// <summary>Replaces the number of rounds of the MAC.</summary>
    private static byte[] WithMacRounds(byte[] pfx, long rounds)
    {
        var body = new AsnReader(pfx, AsnEncodingRules.BER).ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(body.ReadEncodedValue().Span);
            writer.WriteEncodedValue(body.ReadEncodedValue().Span);
            var mac = body.ReadSequence();
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(mac.ReadEncodedValue().Span);
                writer.WriteEncodedValue(mac.ReadEncodedValue().Span);
                writer.WriteInteger(rounds);
            }
        }

        return writer.Encode();
    }

    private byte[] Build((string Certificate, string? Key)[] entries)
    {
        var contents = new Pkcs12SafeContents();
        foreach (var (name, keyName) in entries)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(PemDer(pki.Ssl.Read(name + ".pem")));
            var bag = contents.AddCertificate(certificate);
            if (keyName is not null)
            {
                using var key = RSA.Create();
                key.ImportFromPem(Encoding.ASCII.GetString(pki.Ssl.Read(keyName + ".key")));
                var id = new Pkcs9LocalKeyId(certificate.GetCertHash());
                bag.Attributes.Add(id);
                contents.AddShroudedKey(key, Pki.Password, Aes).Attributes.Add(id);
            }
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(contents, Pki.Password, Aes);
        builder.SealWithMac(Pki.Password, HashAlgorithmName.SHA256, 1000);
        return builder.Encode();
    }

    private static byte[] PemDer(byte[] pem)
    {
        var text = Encoding.ASCII.GetString(pem);
        return Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]);
    }
}
