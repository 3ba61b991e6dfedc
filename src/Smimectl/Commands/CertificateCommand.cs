using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace Smimectl;

/// <summary>smimectl cert: certificate files, before they become Secrets.</summary>
internal static class CertificateCommand
{
    public static Command Create() => new("cert", "Look into certificate files, as the operator would.") { Inspect() };

    private static Command Inspect()
    {
        var file = ReportOptions.File("A PKCS#12, PEM or DER file; - reads standard input.");
        var key = new Option<string?>("--key") { Description = "The PEM file with the private key, where it is not in FILE.", HelpName = "FILE" };
        var passwordFile = ReportOptions.PasswordFile();
        var passwordVariable = ReportOptions.PasswordVariable();
        var users = new Option<string[]>("--user") { Description = "The user's principal name or another address of theirs; repeatable. Without it nobody asks whose the certificate is.", HelpName = "ADDRESS" };
        var purpose = new Option<ImportPurpose?>("--purpose") { Description = "What it is to be imported for, as spec.purpose says. Default: both are judged.", HelpName = "SmimeEncryption|SmimeSigning" };
        var roots = new Option<string[]>("--roots") { Description = "Roots and intermediates that devices are given, PEM or DER, to hold the chain against; repeatable.", HelpName = "FILE" };
        var connectorKey = new Option<string?>("--connector-key") { Description = "The connector's public key, to hold the password's length against.", HelpName = "FILE" };
        var output = ReportOptions.Output();
        var noColor = CommonOptions.NoColor();
        var command = new Command("inspect",
            "Say what the operator would say about a certificate file, without a tenant: what it holds, for what and whom it suits, and whether it would be encoded anew. "
            + "Ends with 0 if everything in it would be imported, 1 if not.")
        {
            file, key, passwordFile, passwordVariable, users, purpose, roots, connectorKey, output, noColor,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(passwordFile) is not null && result.GetValue(passwordVariable) is not null)
            {
                result.AddError("--password-file excludes --password-env.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var terms = new InspectionTerms
            {
                Addresses = parsed.GetValue(users) ?? [],
                Purposes = parsed.GetValue(purpose) switch
                {
                    ImportPurpose.SmimeEncryption => [CertificatePurpose.Encryption],
                    ImportPurpose.SmimeSigning => [CertificatePurpose.Signing],
                    _ => [CertificatePurpose.Encryption, CertificatePurpose.Signing],
                },
                Trusted = [.. (parsed.GetValue(roots) ?? []).SelectMany(ReadRoots)],
                MaxPasswordLength = parsed.GetValue(connectorKey) is { } path ? KeyFile.Read(path).MaxPasswordLength(OaepHash.Sha512) : KeyFile.SmallestPasswordLength,
                Now = TimeProvider.System.GetUtcNow(),
            };
            var name = parsed.GetRequiredValue(file);
            var content = await ReportOptions.ReadAsync(name, CertificateReader.MaxFileBytes, cancellationToken);
            var keys = parsed.GetValue(key) is { } keyFile ? await ReportOptions.ReadAsync(keyFile, CertificateReader.MaxFileBytes, cancellationToken) : content;
            try
            {
                using var given = Password.Of(parsed.GetValue(passwordFile), parsed.GetValue(passwordVariable));
                var report = Inspect(name, content, keys, given, terms, parsed.InvocationConfiguration.Error);
                Write(report, parsed.GetValue(output), parsed.GetValue(noColor), parsed.InvocationConfiguration.Output);
                return report.IsUsable ? 0 : 1;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(content);
                CryptographicOperations.ZeroMemory(keys);
            }
        });
        return command;
    }

    // Asks for a password only where one is missing and a person is there to give it.
    private static CertificateReport Inspect(string name, byte[] content, byte[] keys, Password? given, InspectionTerms terms, TextWriter error)
    {
        var report = CertificateInspector.Inspect(name, content, keys, given is null ? [] : given.Text, terms);
        if (given is not null || report.Refusal?.Reason != Reasons.WrongPassword)
        {
            return report;
        }

        using var typed = Password.Ask($"Password of {name}: ", error);
        if (typed is null)
        {
            error.WriteLine("smimectl: the file has a password; give it with --password-file or --password-env");
            return report;
        }

        return CertificateInspector.Inspect(name, content, keys, typed.Text, terms);
    }

    private static IReadOnlyList<TrustedCertificate> ReadRoots(string file)
    {
        try
        {
            return CertificateReader.ReadTrusted(File.ReadAllBytes(file));
        }
        catch (CertificateSourceException problem)
        {
            throw new IOException($"--roots {file}: {problem.Message}", problem);
        }
    }

    private static void Write(CertificateReport report, ReportFormat format, bool noColor, TextWriter output)
    {
        if (format == ReportFormat.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(report, ReportJson.Readable.CertificateReport));
        }
        else
        {
            new CertificateText(CommonOptions.IsColourful(noColor, output), output).Write(report);
        }
    }
}
