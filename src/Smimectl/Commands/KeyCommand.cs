using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>smimectl key: the certificate connector's key, before imports depend on it.</summary>
internal static class KeyCommand
{
    public static Command Create() => new("key", "Look at the certificate connector's key, and try it.") { Inspect(), EncryptTest() };

    private static Command Inspect()
    {
        var file = ReportOptions.File("The public key: an RSAPUBLICBLOB or a PEM SubjectPublicKeyInfo; - reads standard input.");
        var folder = Folder();
        var output = ReportOptions.Output();
        var noColor = CommonOptions.NoColor();
        var command = new Command("inspect",
            "Say what a connector's public key is, how much it carries, and which Tenants use it. Ends with 1 if a Tenant of DIR uses another key.")
        {
            file, folder, output, noColor,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(file);
            var content = KeyFile.Bytes(name);
            var key = KeyFile.Parse(name, content);
            var tenants = await TenantsAsync(parsed.GetValue(folder), key.Fingerprint, cancellationToken);
            var report = KeyReport.Of(name, content, key, tenants);
            var console = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(output) == ReportFormat.Json)
            {
                await console.WriteLineAsync(JsonSerializer.Serialize(report, ReportJson.Readable.KeyReport));
            }
            else
            {
                report.Write(new Ink(CommonOptions.IsColourful(parsed.GetValue(noColor), console)), console);
            }

            return report.Tenants.All(t => t.Matches) ? 0 : 1;
        });
        return command;
    }

    private static Command EncryptTest()
    {
        var file = ReportOptions.File("The public key: an RSAPUBLICBLOB or a PEM SubjectPublicKeyInfo; - reads standard input.");
        var folder = Folder();
        var padding = new Option<KeyPadding?>("--padding") { Description = "The padding to try, as spec.connectorKey.paddingScheme says. Default: all.", HelpName = "OaepSha256|OaepSha384|OaepSha512" };
        var privateKey = new Option<string?>("--private-key") { Description = "The connector's private key, PEM or PKCS#8, to open the probe with. It stays on this machine.", HelpName = "FILE" };
        var passwordFile = ReportOptions.PasswordFile();
        var passwordVariable = ReportOptions.PasswordVariable();
        var output = ReportOptions.Output();
        var noColor = CommonOptions.NoColor();
        var command = new Command("encrypt-test",
            "Encrypt a random password to a connector's public key as an import does, and open it with the private key. Ends with 0 if everything works, 1 if not.")
        {
            file, folder, padding, privateKey, passwordFile, passwordVariable, output, noColor,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(file);
            var key = KeyFile.Read(name);
            using var secret = parsed.GetValue(privateKey) is { } path ? ReadPrivate(path, parsed.GetValue(passwordFile), parsed.GetValue(passwordVariable), parsed.InvocationConfiguration.Error) : null;
            var belongs = secret is null ? (bool?)null : Convert.ToHexStringLower(SHA256.HashData(secret.ExportSubjectPublicKeyInfo())) == key.Fingerprint;
            var wanted = parsed.GetValue(padding);
            var report = new ProbeReport(
                name,
                key.Fingerprint,
                belongs,
                [.. Paddings.All.Where(p => wanted is null || p.Scheme == wanted).Select(p => KeyProbe.Try(key, p.Scheme, p.Hash, secret))],
                await TenantsAsync(parsed.GetValue(folder), key.Fingerprint, cancellationToken));
            var console = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(output) == ReportFormat.Json)
            {
                await console.WriteLineAsync(JsonSerializer.Serialize(report, ReportJson.Readable.ProbeReport));
            }
            else
            {
                report.Write(new Ink(CommonOptions.IsColourful(parsed.GetValue(noColor), console)), console);
            }

            return report.Works ? 0 : 1;
        });
        return command;
    }

    private static Argument<string?> Folder() => new Argument<string?>("DIR")
    {
        Description = "A folder of manifests: is this the key that its Tenants name?",
        Arity = ArgumentArity.ZeroOrOne,
    }.ThatExists();

    private static RSA ReadPrivate(string path, string? passwordFile, string? passwordVariable, TextWriter error)
    {
        using var given = Password.Of(passwordFile, passwordVariable);
        try
        {
            return KeyProbe.ReadPrivate(path, given is null ? [] : given.Text);
        }
        catch (IOException) when (given is null && path != ReportOptions.StandardInput)
        {
            using var typed = Password.Ask($"Password of {path}: ", error);
            if (typed is null)
            {
                throw;
            }

            return KeyProbe.ReadPrivate(path, typed.Text);
        }
    }

    private static async Task<IReadOnlyList<TenantKey>> TenantsAsync(string? folder, string fingerprint, CancellationToken cancellationToken) => folder is null
        ? []
        : await TenantKey.ReadAsync(TenantFolder.Read(new TenantChoice(folder, null, null), TimeProvider.System), fingerprint, cancellationToken);
}
