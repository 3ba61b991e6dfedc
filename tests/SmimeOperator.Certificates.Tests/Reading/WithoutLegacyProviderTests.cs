using System.Diagnostics;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>
/// A small container image has no legacy.so, and then .NET reads no RC2. .NET loads the provider once for the process, so the test runs
/// itself again in a process that cannot find it.
/// </summary>
public sealed class WithoutLegacyProviderTests(Pki pki)
{
    private const string Marker = "SMIME_OPERATOR_TEST_LEGACY_FILES";

    [Fact]
    public async Task RC2_files_are_read_where_OpenSSL_has_no_legacy_provider()
    {
        if (Environment.GetEnvironmentVariable(Marker) is { } folder)
        {
            ReadWithoutProvider(folder);
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED, NOT TESTED: .NET uses OpenSSL on Linux only.");
        foreach (var leaf in (string[])["rsa", "ec"])
        {
            pki.Ssl.Write($"legacy-{leaf}.p12", await pki.Pkcs12Async(leaf, "-legacy -certfile chain.pem"));
        }

        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [Marker] = pki.Ssl.Folder, ["OPENSSL_MODULES"] = pki.Ssl.Folder },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add(typeof(WithoutLegacyProviderTests).Assembly.Location);
        }

        foreach (var argument in (string[])["--filter-method", $"*.{nameof(RC2_files_are_read_where_OpenSSL_has_no_legacy_provider)}"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, output);
        output.ShouldContain("succeeded: 1");
    }

    private static void ReadWithoutProvider(string folder)
    {
        foreach (var leaf in (string[])["rsa", "ec"])
        {
            var pfx = File.ReadAllBytes(Path.Combine(folder, $"legacy-{leaf}.p12"));
            Should.Throw<System.Security.Cryptography.CryptographicException>(
                () => System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12(pfx, Pki.Password));

            using var read = One.Pkcs12(pfx, Pki.Password);
            read.ChainLength.ShouldBe(2);
            Should.Throw<CertificateSourceException>(() => One.Pkcs12(pfx, "wrong").Dispose()).Fault.ShouldBe(SourceFault.WrongPassword);
        }
    }
}
