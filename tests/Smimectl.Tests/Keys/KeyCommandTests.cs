using System.Security.Cryptography;
using System.Text.Json;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Keys;

public sealed class KeyCommandTests : IDisposable
{
    private readonly OpenSsl _openssl = new();

    public void Dispose() => _openssl.Dispose();

    [Fact]
    public async Task A_key_is_described_as_openssl_sees_it_in_both_forms()
    {
        await MakeAsync();
        var digest = await _openssl.RunAsync(["dgst", "-sha256", "-r"], await _openssl.RunAsync(["pkey", "-pubin", "-in", "public.pem", "-outform", "DER"]));
        var fingerprint = System.Text.Encoding.ASCII.GetString(digest).Split(' ')[0];

        foreach (var (file, format) in new[] { ("public.pem", "PEM SubjectPublicKeyInfo"), ("public.blob", "RSAPUBLICBLOB") })
        {
            var (code, report) = await RunAsync("inspect", file);

            code.ShouldBe(0);
            report.GetProperty("format").GetString().ShouldBe(format);
            report.GetProperty("bits").GetInt32().ShouldBe(2048);
            report.GetProperty("fingerprint").GetString().ShouldBe(fingerprint);
            // RFC 8017 §7.1.1: k - 2 hLen - 2.
            report.GetProperty("passwordCharacters").GetProperty("OaepSha512").GetInt32().ShouldBe(126);
        }
    }

    [Fact]
    public async Task The_probe_is_opened_by_the_key_it_was_made_for_and_by_no_other()
    {
        await MakeAsync();
        await _openssl.RunAsync(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "other.key"]);

        var (right, works) = await RunAsync("encrypt-test", "public.pem", "--private-key", Path.Combine(_openssl.Folder, "private.key"));
        var (wrong, fails) = await RunAsync("encrypt-test", "public.pem", "--private-key", Path.Combine(_openssl.Folder, "other.key"), "--padding", "OaepSha512");

        right.ShouldBe(0);
        works.GetProperty("paddings").EnumerateArray().Select(p => (p.GetProperty("padding").GetString(), p.GetProperty("works").GetBoolean()))
            .ShouldBe([("OaepSha256", true), ("OaepSha384", true), ("OaepSha512", true)]);
        wrong.ShouldBe(1);
        fails.GetProperty("privateKeyBelongs").GetBoolean().ShouldBeFalse();
        fails.GetProperty("paddings").EnumerateArray().ShouldHaveSingleItem().GetProperty("works").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_private_key_with_a_password_is_opened_with_it()
    {
        await MakeAsync();
        _openssl.Write("password", "secret"u8);
        await _openssl.RunAsync(["pkcs8", "-topk8", "-in", "private.key", "-passout", "pass:secret", "-out", "encrypted.key"]);

        (await RunAsync("encrypt-test", "public.blob", "--private-key", Path.Combine(_openssl.Folder, "encrypted.key"), "--password-file", Path.Combine(_openssl.Folder, "password"))).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Tenants_of_a_folder_are_held_against_the_key()
    {
        await MakeAsync();
        var manifests = Directory.CreateDirectory(Path.Combine(_openssl.Folder, "manifests")).FullName;
        File.Copy(RepositoryRoot.Path("samples", "tenant.yaml"), Path.Combine(manifests, "tenant.yaml"));
        File.WriteAllText(Path.Combine(manifests, "key.yaml"), DemoManifests.ConfigMap("intune-connector-key", "public.pem", System.Text.Encoding.ASCII.GetString(_openssl.Read("public.pem"))));
        await _openssl.RunAsync(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "other.key"]);
        await _openssl.RunAsync(["pkey", "-in", "other.key", "-pubout", "-out", "other.pem"]);

        (await RunAsync("inspect", "public.blob", manifests)).Code.ShouldBe(0);
        (await RunAsync("inspect", "other.pem", manifests)).Code.ShouldBe(1);
        (await RunAsync("encrypt-test", "other.pem", manifests)).Code.ShouldBe(1);
    }

    [Fact]
    public async Task A_private_key_is_no_public_key_and_ends_with_2()
    {
        await MakeAsync();
        using var error = new StringWriter();

        (await CommandLine.RunAsync(["key", "inspect", Path.Combine(_openssl.Folder, "private.key")], TextWriter.Null, error, TestContext.Current.CancellationToken)).ShouldBe(2);
        error.ToString().ShouldContain("holds a private key");
    }

    private async Task MakeAsync()
    {
        await _openssl.RunAsync(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "private.key"]);
        await _openssl.RunAsync(["pkey", "-in", "private.key", "-pubout", "-out", "public.pem"]);
        // What Export-IntunePublicKey writes: bcrypt.h, BCRYPT_RSAKEY_BLOB.
        using var key = RSA.Create();
        key.ImportFromPem(System.Text.Encoding.ASCII.GetString(_openssl.Read("public.pem")));
        var parameters = key.ExportParameters(includePrivateParameters: false);
        using var blob = new MemoryStream();
        using (var writer = new BinaryWriter(blob))
        {
            writer.Write("RSA1"u8);
            writer.Write(2048);
            writer.Write(parameters.Exponent!.Length);
            writer.Write(parameters.Modulus!.Length);
            writer.Write(0L);
            writer.Write(parameters.Exponent);
            writer.Write(parameters.Modulus);
        }

        _openssl.Write("public.blob", blob.ToArray());
    }

    private async Task<(int Code, JsonElement Report)> RunAsync(string command, string file, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(["key", command, Path.Combine(_openssl.Folder, file), "--output", "json", .. arguments], output, TextWriter.Null, TestContext.Current.CancellationToken);
        return (code, JsonDocument.Parse(output.ToString()).RootElement.Clone());
    }
}
