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
    public async Task A_further_folder_counts_as_part_of_the_first()
    {
        await using var bench = await Workbench.OpenAsync();
        string[] plan = ["plan", bench.Samples, "--tenant-endpoint", bench.Endpoint, "--state", bench.State];

        var alone = await RunAsync(plan);
        var whole = await RunAsync([.. plan, "--with", bench.Secrets]);
        var missing = await RunAsync([.. plan, "--with", bench.Secrets, "--with", "/nowhere"]);

        alone.ExitCode.ShouldBe(1);
        alone.StandardOutput.ShouldContain("Secret default/alice-current is not in the folder, so its certificates cannot be looked into here; --with names a further folder that holds it");
        whole.ExitCode.ShouldBe(2, whole.StandardError);
        whole.StandardOutput.ShouldContain("6 to import");
        missing.ExitCode.ShouldBe(1);
        missing.StandardError.ShouldContain("there is no folder /nowhere");

        (await RunAsync("sync", bench.Samples, "--with", bench.Secrets, "--once", "--tenant-endpoint", bench.Endpoint, "--state", bench.State)).Succeeded();
        (await RunAsync([.. plan, "--with", bench.Secrets])).ExitCode.ShouldBe(0);
        (await RunAsync("unmanaged", bench.Samples, "--with", bench.Secrets, "--tenant-endpoint", bench.Endpoint)).Succeeded();
        (await RunAsync("doctor", bench.Samples, "--with", bench.Secrets, "--tenant-endpoint", bench.Endpoint)).Succeeded();
        (await RunAsync("history", "alice@contoso.com", bench.Samples, "--with", bench.Secrets, "--tenant-endpoint", bench.Endpoint, "--state", bench.State))
            .Succeeded().StandardOutput.ShouldContain("Encryption  2 in the tenant, 2 in git");
    }

    [Fact]
    public async Task A_plan_for_one_Tenant_leaves_the_others_and_what_is_theirs_alone()
    {
        await using var bench = await Workbench.OpenAsync();
        (await RunAsync("sync", bench.Samples, "--with", bench.Secrets, "--once", "--tenant-endpoint", bench.Endpoint, "--state", bench.State)).Succeeded();
        File.WriteAllText(Path.Combine(bench.Samples, "fabrikam.yaml"), $$"""
            apiVersion: smime-operator.io/v1alpha1
            kind: Tenant
            metadata: {name: fabrikam}
            spec: {tenantId: 22222222-2222-3333-4444-555555555555, endpoint: "http://127.0.0.1:5080", credentials: {type: None} }
            ---
            apiVersion: smime-operator.io/v1alpha1
            kind: SmimePolicy
            metadata: {name: theirs}
            spec: {tenantRef: {name: fabrikam}, displayName: Theirs, encryption: {source: ImportedPkcs} }
            ---
            apiVersion: smime-operator.io/v1alpha1
            kind: Assignment
            metadata: {name: theirs}
            spec: {policyRef: {name: theirs}, include: [{allUsers: true}]}
            """);
        bench.Edit("policy.yaml", t => t.Replace("displayName: Outlook for iOS S/MIME", "displayName: Outlook", StringComparison.Ordinal));
        File.Delete(Path.Combine(bench.Samples, "assignment.yaml"));
        string[] plan = ["plan", bench.Samples, "--with", bench.Secrets, "--state", bench.State, "--tenant-endpoint", bench.Endpoint];

        var all = await RunAsync(plan);
        var ours = await RunAsync([.. plan, "--tenant", "contoso"]);
        var nobodys = await RunAsync([.. plan, "--tenant", "default/adatum"]);

        // The simulator is no tenant of theirs, so there the plan ends.
        all.ExitCode.ShouldBe(1);
        all.StandardOutput.ShouldContain("SmimePolicy/default/theirs");
        ours.ExitCode.ShouldBe(2, ours.StandardError);
        ours.StandardOutput.ShouldSatisfyAllConditions(
            o => o.ShouldContain("SmimePolicy/default/outlook-ios"), o => o.ShouldContain("Assignment/default/smime-users"), o => o.ShouldNotContain("fabrikam"), o => o.ShouldNotContain("theirs"));
        nobodys.ExitCode.ShouldBe(1);
        nobodys.StandardError.ShouldContain("states no Tenant default/adatum; it states default/contoso, default/fabrikam");
    }

    [Fact]
    public async Task A_folder_that_states_nothing_is_not_taken_for_one_without_changes()
    {
        using var folder = new TemporaryFolder();

        var plan = await RunAsync("plan", folder.Path);

        plan.ExitCode.ShouldBe(1);
        plan.StandardError.ShouldContain("states nothing of smime-operator.io");
        plan.StandardOutput.ShouldNotContain("No changes");
        var sync = await RunAsync("sync", folder.Path, "--once", "--state", folder["state.json"]);
        sync.ExitCode.ShouldBe(2);
        sync.StandardError.ShouldContain("states nothing of smime-operator.io");
    }

    [Fact]
    public async Task A_state_that_cannot_be_written_is_told_apart_from_one_in_use()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");

        var result = await RunAsync("sync", folder.Path, "--once", "--state", Path.Combine(folder["file"], "state.json"));

        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldContain("cannot be written");
        result.StandardError.ShouldContain("--state");
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
