using System.Text.Json;
using SmimeOperator.Testing;

namespace Smimectl.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task Sync_once_ends_with_0_and_one_json_document()
    {
        await using var bench = await Workbench.OpenAsync();
        File.Copy(Path.Combine(bench.Secrets, "pki.yaml"), Path.Combine(bench.Samples, "pki.yaml"));
        foreach (var secret in Directory.EnumerateFiles(bench.Secrets))
        {
            File.Copy(secret, Path.Combine(bench.Samples, Path.GetFileName(secret)), overwrite: true);
        }

        var result = (await RunAsync("sync", bench.Samples, "--once", "--output", "json", "--state", bench.State, "--tenant-endpoint", bench.Endpoint)).Succeeded();

        using var document = JsonDocument.Parse(result.Output);
        document.RootElement.GetProperty("ready").GetBoolean().ShouldBeTrue();
        document.RootElement.GetProperty("writes").GetInt32().ShouldBe(16);
        document.RootElement.GetProperty("resources").GetArrayLength().ShouldBe(6);
        bench.Simulator.Tenant.Count("userPfxCertificates").ShouldBe(6);
    }

    [Fact]
    public async Task Sync_once_ends_with_1_when_a_file_is_broken_and_names_the_line()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Edit("policy.yaml", t => t.Replace("  displayName:", "  displayname:", StringComparison.Ordinal));
        File.Delete(Path.Combine(bench.Samples, "imports.yaml"));
        File.Delete(Path.Combine(bench.Samples, "assignment.yaml"));
        File.Copy(Path.Combine(bench.Secrets, "connector-key.yaml"), Path.Combine(bench.Samples, "connector-key.yaml"));

        var result = await RunAsync("sync", bench.Samples, "--once", "--output", "plain", "--state", bench.State, "--tenant-endpoint", bench.Endpoint);

        result.ExitCode.ShouldBe(1);
        result.StandardOutput.ShouldContain("policy.yaml:9: spec.displayname is not known; did you mean displayName?");
        bench.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task A_wrong_command_line_ends_with_2()
    {
        (await RunAsync("sync")).ExitCode.ShouldBe(2);
        (await RunAsync("sync", "x", "--once", "--watch")).ExitCode.ShouldBe(2);
        (await RunAsync("sync", "x", "--timeout", "soon")).ExitCode.ShouldBe(2);
        // For a plan 2 says that there are changes.
        (await RunAsync("plan")).ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData("plna", "did you mean plan?")]
    [InlineData("cert inspekt", "did you mean inspect?")]
    [InlineData("plan . --form-cluster", "did you mean --from-cluster?")]
    [InlineData("key", "a command is missing; there are inspect, encrypt-test")]
    public async Task A_word_that_is_not_known_gets_a_suggestion(string line, string answer)
    {
        using var error = new StringWriter();

        (await CommandLine.RunAsync(line.Split(' '), TextWriter.Null, error, TestContext.Current.CancellationToken)).ShouldNotBe(0);

        error.ToString().ShouldContain(answer);
    }

    [Fact]
    public async Task As_a_plugin_of_kubectl_it_names_itself_so_and_ends_as_by_itself()
    {
        await using var bench = await Workbench.OpenAsync();
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["kubectl-smime"], OurProgram.Smimectl.Executable);
        var path = $"PATH={folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";

        var help = await Command.RunAsync("env", [path, "kubectl", "smime", "plan", "--help"]);
        var plan = await Command.RunAsync("env", [path, "kubectl", "smime", "plan", bench.Samples, "--tenant-endpoint", bench.Endpoint, "--state", bench.State]);

        help.Succeeded().StandardOutput.ShouldContain("  kubectl smime plan <DIR>");
        plan.StandardOutput.ShouldContain("Plan: ");
        plan.ExitCode.ShouldBeOneOf(1, 2);
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        var help = (await RunAsync("--help")).Succeeded().StandardOutput;

        help.ShouldContain("validate");
        help.ShouldContain("plan");
        help.ShouldContain("sync");
        help.ShouldContain("export");
        help.ShouldContain("unmanaged");
        help.ShouldContain("demo");
        help.ShouldContain("simulator");
        help.ShouldContain("history");
        help.ShouldContain("report");
        help.ShouldContain("doctor");
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) => OurProgram.Smimectl.RunAsync(arguments);
}
