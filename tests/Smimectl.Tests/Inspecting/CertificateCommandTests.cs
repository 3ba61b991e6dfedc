using System.Text.Json;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Inspecting;

public sealed class CertificateCommandTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly OpenSsl _openssl = new();

    public void Dispose() => _openssl.Dispose();

    [Fact]
    public async Task A_file_that_suits_is_described_as_openssl_made_it()
    {
        await MakeAsync();

        var (code, report) = await InspectAsync("alice.p12", "--password-file", Path.Combine(_openssl.Folder, "password"), "--user", "ALICE@contoso.com", "--roots", Path.Combine(_openssl.Folder, "alice.pem"));

        code.ShouldBe(0);
        report.GetProperty("format").GetString().ShouldBe("PKCS#12");
        var protection = report.GetProperty("protection");
        protection.GetProperty("ciphers").EnumerateArray().Select(c => c.GetString()).ShouldBe(["AES-256"]);
        protection.GetProperty("mac").GetString().ShouldBe("SHA-256");
        protection.GetProperty("privateKeyInClear").GetBoolean().ShouldBeFalse();
        var certificate = report.GetProperty("certificates").EnumerateArray().ShouldHaveSingleItem();
        certificate.GetProperty("thumbprint").GetString().ShouldBe(await FingerprintAsync());
        certificate.GetProperty("emailAddresses").EnumerateArray().Select(a => a.GetString()).ShouldBe(["alice@contoso.com"]);
        certificate.GetProperty("key").GetString().ShouldBe("RSA 2048");
        certificate.GetProperty("reencodedBecause").GetString()!.ShouldContain("AES-256");
        var judgements = certificate.GetProperty("judgements").EnumerateArray().ToDictionary(j => j.GetProperty("purpose").GetString()!, j => j.GetProperty("suits").GetBoolean());
        judgements["SmimeEncryption"].ShouldBeTrue();
        judgements["SmimeSigning"].ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_operator_refuses_is_refused_for_the_same_reason()
    {
        await MakeAsync();

        (await ReasonAsync("alice.p12")).ShouldBe("WrongPassword");
        (await ReasonAsync("alice.pem")).ShouldBe("PrivateKeyMissing");
        (await ReasonAsync("alice.der")).ShouldBe("SourceInvalid");
        (await JudgedAsync("--user", "bob@contoso.com")).ShouldBe(["IdentityMismatch"]);
        (await JudgedAsync("--purpose", "SmimeSigning")).ShouldBe(["PurposeMismatch"]);
        (await JudgedAsync("--purpose", "SmimeEncryption")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_root_that_did_not_sign_it_is_a_warning()
    {
        await MakeAsync();
        await _openssl.RunAsync(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=Other", "-days", "30"]);

        var (code, report) = await InspectAsync("alice.p12", "--password-file", Path.Combine(_openssl.Folder, "password"), "--purpose", "SmimeEncryption", "--roots", Path.Combine(_openssl.Folder, "other.pem"));

        code.ShouldBe(0);
        report.GetProperty("certificates")[0].GetProperty("judgements")[0].GetProperty("remarks")[0].GetProperty("message").GetString()!.ShouldContain("does not chain");
    }

    [Fact]
    public async Task Neither_password_nor_key_stands_in_what_is_written()
    {
        await MakeAsync();

        foreach (var format in (string[])["text", "json"])
        {
            using var output = new StringWriter();
            await CommandLine.RunAsync(["cert", "inspect", Path.Combine(_openssl.Folder, "alice.p12"), "--password-file", Path.Combine(_openssl.Folder, "password"), "-o", format], output, output, TestContext.Current.CancellationToken);

            output.ToString().ShouldContain("alice@contoso.com");
            output.ToString().ShouldNotContain(Password);
            output.ToString().ShouldNotContain("PRIVATE KEY-----");
            output.ToString().ShouldNotContain("\e[");
        }
    }

    private async Task MakeAsync()
    {
        _openssl.Write("password", System.Text.Encoding.UTF8.GetBytes(Password + "\n"));
        await _openssl.RunAsync(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "alice.key", "-out", "alice.pem", "-subj", "/CN=Alice", "-days", "30",
            "-addext", "keyUsage=keyEncipherment,keyCertSign", "-addext", "extendedKeyUsage=emailProtection", "-addext", "subjectAltName=email:alice@contoso.com"]);
        await _openssl.RunAsync(["x509", "-in", "alice.pem", "-outform", "DER", "-out", "alice.der"]);
        await _openssl.RunAsync(["pkcs12", "-export", "-in", "alice.pem", "-inkey", "alice.key", "-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC", "-macalg", "sha256",
            "-passout", "pass:" + Password, "-out", "alice.p12"]);
    }

    // "sha1 Fingerprint=AA:BB:..."
    private async Task<string> FingerprintAsync() =>
        System.Text.Encoding.ASCII.GetString(await _openssl.RunAsync(["x509", "-in", "alice.pem", "-noout", "-fingerprint", "-sha1"])).Split('=')[1].Trim().Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();

    private async Task<string?> ReasonAsync(string file)
    {
        var (code, report) = await InspectAsync(file);
        code.ShouldBe(1);
        return report.GetProperty("refusal").GetProperty("reason").GetString();
    }

    private async Task<List<string?>> JudgedAsync(params string[] arguments)
    {
        var (code, report) = await InspectAsync("alice.p12", ["--password-file", Path.Combine(_openssl.Folder, "password"), .. arguments]);
        var judged = report.GetProperty("certificates")[0].GetProperty("judgements").EnumerateArray().ToList();
        code.ShouldBe(judged.Exists(j => j.GetProperty("suits").GetBoolean()) ? 0 : 1);
        return [.. judged[0].GetProperty("remarks").EnumerateArray().Select(r => r.TryGetProperty("reason", out var reason) ? reason.GetString() : null)];
    }

    private async Task<(int Code, JsonElement Report)> InspectAsync(string file, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(["cert", "inspect", Path.Combine(_openssl.Folder, file), "--output", "json", .. arguments], output, TextWriter.Null, TestContext.Current.CancellationToken);
        return (code, JsonDocument.Parse(output.ToString()).RootElement.Clone());
    }
}
