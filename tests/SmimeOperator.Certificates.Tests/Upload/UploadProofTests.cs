using System.Text;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Upload;

/// <summary>
/// The proof that an upload is worth something: openssl plays the connector and the phone. It holds the connector's private key, decrypts the
/// password, opens the PFX with it and reads a mail that was encrypted to the certificate.
/// </summary>
public sealed class UploadProofTests(Pki pki)
{
    private const string Mail = "Only Alice may read this.";

    public static TheoryData<string, string, OaepHash> Uploads() => new(
        from leaf in (string[])["rsa", "ec"]
        from source in (string[])["as it came", "modern", "legacy", "tls"]
        from hash in Enum.GetValues<OaepHash>()
        select (leaf, source, hash));

    [Theory]
    [MemberData(nameof(Uploads))]
    public async Task The_mail_can_be_read_with_what_was_uploaded(string leaf, string source, OaepHash hash)
    {
        await pki.ReadyAsync();
        using var certificate = await ReadAsync(leaf, source);
        using var package = UploadPackage.Create(certificate, await pki.ConnectorKeyAsync(), hash);

        (package.ReencodedBecause is null).ShouldBe(source == "as it came");
        (await ReadMailAsync(leaf, package, hash)).ShouldBe(Mail);
    }

    [Fact]
    public async Task A_file_that_would_survive_is_encoded_anew_when_that_is_asked_for()
    {
        await pki.ReadyAsync();
        using var certificate = await ReadAsync("rsa", "as it came");
        using var package = UploadPackage.Create(certificate, await pki.ConnectorKeyAsync(), OaepHash.Sha512, new UploadEncoding(Reencoding.Always, UploadAlgorithm.Aes256Sha256));

        package.ReencodedBecause.ShouldNotBeNull();
        (await ReadMailAsync("rsa", package, OaepHash.Sha512)).ShouldBe(Mail);
    }

    private async Task<KeyedCertificate> ReadAsync(string leaf, string source) => source switch
    {
        "as it came" => One.Pkcs12(
            await pki.Pkcs12Async(leaf, "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -certfile chain.pem"), Pki.Password),
        "modern" => One.Pkcs12(await pki.Pkcs12Async(leaf, "-certfile chain.pem"), Pki.Password),
        "legacy" => One.Pkcs12(await pki.Pkcs12Async(leaf, "-legacy -certfile chain.pem"), Pki.Password),
        _ => One.Pem([.. pki.Ssl.Read(leaf + ".pem"), .. pki.Ssl.Read("chain.pem")], pki.Ssl.Read(leaf + ".key")),
    };

    private async Task<string> ReadMailAsync(string leaf, UploadPackage package, OaepHash hash)
    {
        var (mail, mime, password, pfx, opened) = (
            pki.NewName("txt"), pki.NewName("p7m"), pki.NewName("encrypted"), pki.NewName("p12"), pki.NewName("pem"));
        pki.Ssl.Write(mail, Encoding.ASCII.GetBytes(Mail));
        pki.Ssl.Write(password, package.EncryptedPassword);
        pki.Ssl.Write(pfx, package.Pfx);

        await pki.RunAsync($"cms -encrypt -binary -aes256 -in {mail} -out {mime} {leaf}.pem");
        var digest = hash.ToString().ToLowerInvariant();
        await pki.RunAsync(
            $"pkeyutl -decrypt -inkey connector.key -in {password} -out {password}.clear -pkeyopt rsa_padding_mode:oaep "
            + $"-pkeyopt rsa_oaep_md:{digest} -pkeyopt rsa_mgf1_md:{digest}");
        await pki.RunAsync($"pkcs12 -in {pfx} -passin file:{password}.clear -nodes -out {opened}");
        Encoding.ASCII.GetString(pki.Ssl.Read(opened)).Split("-----BEGIN CERTIFICATE-----").Length.ShouldBe(4);

        // -recip with the uploaded file: key and certificate both come from it.
        return await pki.TextAsync($"cms -decrypt -in {mime} -inkey {opened} -recip {opened}");
    }
}
