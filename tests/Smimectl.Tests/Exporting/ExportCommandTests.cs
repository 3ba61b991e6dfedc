using System.Text.Json.Nodes;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Exporting;

/// <summary>export and unmanaged as they are called.</summary>
public sealed class ExportCommandTests
{
    [Fact]
    public async Task What_nobody_states_is_listed_and_what_git_states_is_not()
    {
        await using var bench = await Workbench.OpenAsync();
        CopySecrets(bench);
        (await RunAsync(bench, "sync", bench.Samples, "--once")).Code.ShouldBe(0);

        var before = await RunAsync(bench, "unmanaged", bench.Samples, "--output", "json");
        before.Code.ShouldBe(0, before.Output);

        var app = (string)bench.Simulator.Tenant.List("mobileApps")[0]["id"]!;
        var policy = bench.Simulator.Tenant.Add("mobileAppConfigurations", new()
        {
            ["@odata.type"] = "#microsoft.graph.iosMobileAppConfiguration", ["displayName"] = "Made in the portal", ["targetedMobileApps"] = new JsonArray(app),
            ["settings"] = new JsonArray(new JsonObject { ["appConfigKey"] = "com.microsoft.outlook.Mail.SMIMEEnabled", ["appConfigKeyType"] = "booleanType", ["appConfigKeyValue"] = "true" }),
        });
        var user = bench.Simulator.Tenant.AddUser("zoe@contoso.com");
        bench.Simulator.Tenant.Add("userPfxCertificates", new()
        {
            ["id"] = $"{user.Replace("-", "", StringComparison.Ordinal)}-{new string('b', 40)}", ["userPrincipalName"] = "zoe@contoso.com", ["thumbprint"] = new string('b', 40),
            ["intendedPurpose"] = "smimeEncryption", ["startDateTime"] = "2020-01-01T00:00:00Z", ["expirationDateTime"] = "2030-01-01T00:00:00Z",
        });

        var after = await RunAsync(bench, "unmanaged", bench.Samples, "--output", "json");

        after.Code.ShouldBe(2, after.Output);
        after.Output.ShouldContain(policy);
        after.Output.ShouldContain(new string('b', 40));
        JsonNode.Parse(after.Output).ShouldNotBeNull();
        (await RunAsync(bench, "unmanaged", bench.Samples, "--output", "csv")).Output.ShouldContain("Made in the portal");
    }

    [Fact]
    public async Task An_export_never_overwrites_what_is_there_unless_told_to()
    {
        await using var bench = await Workbench.OpenAsync();
        CopySecrets(bench);
        (await RunAsync(bench, "sync", bench.Samples, "--once")).Code.ShouldBe(0);
        using var folder = new TemporaryFolder();

        Directory.CreateDirectory(folder["dir"]);
        File.Copy(Path.Combine(bench.Samples, "tenant.yaml"), Path.Combine(folder["dir"], "tenant.yaml"));

        // Another cluster's marks: nothing is for the taking, and the summary says whose it is.
        var foreign = await RunAsync(bench, "export", folder["dir"], "--to", folder["foreign"], "--cluster-id", "elsewhere");
        foreign.Code.ShouldBe(0, foreign.Output);
        foreign.Output.ShouldContain("SmimePolicy/default/outlook-ios");

        var imports = Path.Combine(folder["foreign"], "imports.yaml");
        File.WriteAllText(imports, "mine");
        var again = await RunAsync(bench, "export", folder["dir"], "--to", folder["foreign"], "--cluster-id", "elsewhere");
        again.Code.ShouldBe(2, again.Output);
        again.Output.ShouldContain("--force");
        File.ReadAllText(imports).ShouldBe("mine");

        (await RunAsync(bench, "export", folder["dir"], "--to", folder["foreign"], "--cluster-id", "elsewhere", "--force")).Code.ShouldBe(0);
        File.ReadAllText(imports).ShouldContain("kind: CertificateImport");
        (await RunAsync(bench, "export", folder["dir"], "--to", "-", "--cluster-id", "elsewhere")).Output.ShouldContain("kind: CertificateImport");
    }

    private static void CopySecrets(Workbench bench)
    {
        foreach (var file in Directory.EnumerateFiles(bench.Secrets))
        {
            File.Copy(file, Path.Combine(bench.Samples, Path.GetFileName(file)), overwrite: true);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(Workbench bench, params string[] arguments)
    {
        using var output = new StringWriter();
        var state = arguments[0] == "sync" ? (string[])["--state", bench.State] : [];
        var code = await CommandLine.RunAsync([.. arguments, .. state, "--tenant-endpoint", bench.Endpoint], output, output, bench.Limit);
        return (code, output.ToString());
    }
}
