using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>Every encoding that people have, in every combination.</summary>
public sealed class Pkcs12MatrixTests(Pki pki)
{
    private const string Survives = "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1";

    public static TheoryData<string, string, bool, string> Matrix()
    {
        var data = new TheoryData<string, string, bool, string>();
        foreach (var options in (string[])
        [
            "", "-legacy", Survives, "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha256", "-macalg sha512", "-nomac",
            "-keypbe AES-128-CBC -certpbe AES-192-CBC", "-certpbe NONE", "-certpbe NONE -keypbe NONE", Survives + " -nomac", "-legacy -nomac",
            "-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC4-128",
        ])
        {
            foreach (var leaf in (string[])["rsa", "ec"])
            {
                data.Add(options, leaf, true, Pki.Password);
                data.Add(options, leaf, false, "");
            }
        }

        foreach (var options in (string[])["", "-legacy", Survives])
        {
            data.Add(options, "rsa", false, "Gänsefüßchen");
            data.Add(options, "rsa", false, "пароль 🔑");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task What_openssl_writes_is_read_and_uploaded_in_the_one_encoding_that_survives(string options, string leaf, bool chain, string password)
    {
        var pfx = await pki.Pkcs12Async(leaf, options + (chain ? " -certfile chain.pem" : ""), password);

        using var read = One.Pkcs12(pfx, password);

        read.Facts.Thumbprint.ShouldBe(
            (await pki.TextAsync($"x509 -in {leaf}.pem -noout -fingerprint -sha1")).Split('=')[1].Replace(":", "", StringComparison.Ordinal).ToLowerInvariant());
        read.ChainLength.ShouldBe(chain ? 2 : 0);

        using var package = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);
        if (options == Survives && password == Pki.Password)
        {
            package.ReencodedBecause.ShouldBeNull();
            package.Pfx.ShouldBe(pfx);
        }
        else
        {
            package.ReencodedBecause.ShouldNotBeNull();
            var encoding = Pkcs12Encoding.Read(package.Pfx);
            encoding.Ciphers.Distinct().ShouldBe(["1.2.840.113549.1.12.1.3"]);
            encoding.Mac.ShouldBe("1.3.14.3.2.26");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-legacy")]
    [InlineData("-nomac")]
    [InlineData("-legacy -nomac")]
    [InlineData("-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC4-128")]
    public async Task A_wrong_password_is_told_from_a_broken_file(string options)
    {
        var pfx = await pki.Pkcs12Async("rsa", options);

        Fault(pfx, "wrong").ShouldBe(SourceFault.WrongPassword);
        Fault(pfx, "").ShouldBe(SourceFault.WrongPassword);
        Fault(pfx.AsSpan(0, pfx.Length / 2).ToArray(), Pki.Password).ShouldBe(SourceFault.Malformed);
    }

    [Theory]
    [InlineData("", "rsa", Pki.Password)]
    [InlineData("-legacy", "rsa", Pki.Password)]
    [InlineData("-legacy", "ec", Pki.Password)]
    [InlineData("-legacy", "rsa", "")]
    [InlineData("-legacy", "rsa", "пароль 🔑")]
    [InlineData("-legacy -nomac", "rsa", Pki.Password)]
    [InlineData("-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC4-128", "ec", Pki.Password)]
    public async Task What_is_rewritten_for_dotnet_is_what_dotnet_reads(string options, string leaf, string password)
    {
        var pfx = await pki.Pkcs12Async(leaf, options + " -certfile chain.pem", password);
        using var expected = One.Pkcs12(pfx, password);

        using var read = Rewritten(pfx, password);

        read.Facts.Thumbprint.ShouldBe(expected.Facts.Thumbprint);
        read.ChainLength.ShouldBe(2);
        Should.Throw<CertificateSourceException>(() => Rewritten(pfx, "wrong").Dispose()).Fault.ShouldBe(SourceFault.WrongPassword);
    }

    private static SourceFault Fault(byte[] pfx, string password) =>
        Should.Throw<CertificateSourceException>(() => One.Pkcs12(pfx, password).Dispose()).Fault;

    private static KeyedCertificate Rewritten(byte[] pfx, string password) => One.Pkcs12(Pkcs12Simplifier.Rewrite(pfx, password), password);
}
