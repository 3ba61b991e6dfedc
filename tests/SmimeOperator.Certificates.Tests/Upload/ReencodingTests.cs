using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Upload;

/// <summary>When a file that would otherwise go as it came is encoded anew, and that the reason is said.</summary>
public sealed class ReencodingTests(Pki pki)
{
    private const string Survives = "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1";

    [Theory]
    [InlineData(Survives, Pki.Password, null)]
    [InlineData(Survives, " !~", null)]
    [InlineData(Survives, "", "empty")]
    [InlineData(Survives, "Gänsefüßchen", "printable ASCII")]
    [InlineData(Survives + " -nomac", Pki.Password, "no MAC")]
    [InlineData(Survives + " -iter 250000", Pki.Password, "rounds")]
    [InlineData("-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha256", Pki.Password, "MAC is not SHA-1")]
    [InlineData("-keypbe PBE-SHA1-3DES -certpbe NONE -macalg sha1", Pki.Password, "certificates are not encrypted")]
    [InlineData("-keypbe NONE -certpbe PBE-SHA1-3DES -macalg sha1", Pki.Password, "private key is not encrypted")]
    [InlineData("-keypbe PBE-SHA1-3DES -certpbe AES-256-CBC -macalg sha1", Pki.Password, "AES-256")]
    [InlineData("-legacy", Pki.Password, "RC2")]
    public async Task The_reason_is_said(string options, string password, string? reason)
    {
        using var read = One.Pkcs12(await pki.Pkcs12Async("rsa", options, password), password);
        using var package = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);

        if (reason is null)
        {
            package.ReencodedBecause.ShouldBeNull();
        }
        else
        {
            package.ReencodedBecause.ShouldNotBeNull().ShouldContain(reason);
        }
    }

    [Fact]
    public async Task A_password_goes_as_it_came_as_long_as_the_key_can_carry_it()
    {
        foreach (var (length, fits) in ((int, bool)[])[(126, true), (127, false)])
        {
            var password = new string('x', length);
            using var read = One.Pkcs12(await pki.Pkcs12Async("rsa", Survives, password), password);
            using var strong = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);
            using var weak = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha256);

            (strong.ReencodedBecause is null).ShouldBe(fits);
            weak.ReencodedBecause.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Every_package_has_a_password_of_its_own()
    {
        await pki.ReadyAsync();
        using var read = One.Pem(pki.Ssl.Read("rsa.pem"), pki.Ssl.Read("rsa.key"));
        using var first = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);
        using var second = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);

        var passwords = new List<string>();
        foreach (var package in (UploadPackage[])[first, second])
        {
            var file = pki.NewName("encrypted");
            pki.Ssl.Write(file, package.EncryptedPassword);
            passwords.Add(await pki.TextAsync(
                $"pkeyutl -decrypt -inkey connector.key -in {file} -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha512 -pkeyopt rsa_mgf1_md:sha512"));
        }

        passwords[0].ShouldNotBe(passwords[1]);
        passwords.ShouldAllBe(password => password.Length == 32 && password.All(char.IsAsciiLetterOrDigit));
    }
}
