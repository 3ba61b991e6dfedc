using System.Text.Json.Nodes;
using SmimeOperator.Testing;

namespace Smimectl.Tests.CiExamples;

public sealed class GitLabExampleTests
{
    [Fact]
    public async Task Manifests_in_order_pass_and_their_plan_is_a_note_that_the_next_run_replaces()
    {
        await using var bench = await OpenAsync();
        bench.Forge.Add("5", "<!-- smimectl plan -->\nnothing will happen, trust me");

        var first = await PipelineAsync(bench);

        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError + string.Join('\n', bench.Forge.Comments));
        Report(bench).ShouldAllBe(i => (string?)i!["severity"] != "major");
        bench.Tenant.Tenant.Log.Total.Writes.ShouldBe(0);
        bench.Forge.Comments.Count.ShouldBe(2);
        var note = bench.Forge.Comments[1];
        note.Author.ShouldBe(Forge.GitLabBot);
        note.Body.ShouldStartWith("<!-- smimectl plan -->\n### S/MIME plan\n");
        Directory.EnumerateFiles(bench.Repository, "azure-token", SearchOption.AllDirectories).ShouldBeEmpty();

        await bench.SyncAsync();
        CiPlan.ShouldName(note.Body, bench);
        var second = await PipelineAsync(bench);
        second.ExitCode.ShouldBe(0, second.StandardOutput + second.StandardError);
        bench.Forge.Comments[0].Body.ShouldContain("trust me");
        bench.Forge.Comments.Count.ShouldBe(2);
        bench.Forge.Comments[1].Body.ShouldContain("No changes: the tenant is as the manifests say.");
    }

    [Fact]
    public async Task A_broken_manifest_fails_the_pipeline_before_the_plan_with_file_and_line()
    {
        await using var bench = await OpenAsync();
        bench.Edit("clusters/prod/policy.yaml", t => t.Replace("  displayName:", "  displayname:", StringComparison.Ordinal));
        var line = bench.Read("clusters/prod/policy.yaml").Split('\n').Index().First(l => l.Item.StartsWith("  displayname:", StringComparison.Ordinal)).Index + 1;
        await bench.CommitAsync();

        var result = await PipelineAsync(bench);

        result.ExitCode.ShouldBe(1);
        result.StandardOutput.ShouldContain($"clusters/prod/policy.yaml:{line}: error: spec.displayname is not known; did you mean displayName? [schema]");
        var issue = Report(bench).Single(i => (string?)i!["severity"] == "major" && ((string)i["description"]!).Contains("displayname", StringComparison.Ordinal))!;
        ((string?)issue["location"]!["path"]).ShouldBe("clusters/prod/policy.yaml");
        ((int?)issue["location"]!["lines"]!["begin"]).ShouldBe(line);
        bench.Forge.Comments.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_planned_fails_the_job_and_is_told_in_the_note()
    {
        await using var bench = await OpenAsync();
        File.Delete(Path.Combine(bench.Repository, "clusters", "prod", "pki.yaml"));
        await bench.CommitAsync();

        var result = await PipelineAsync(bench);

        result.ExitCode.ShouldBe(1);
        bench.Forge.Comments.ShouldHaveSingleItem().Body.ShouldContain("there is no ConfigMap default/pki");
    }

    [Fact]
    public async Task A_plan_that_could_not_be_begun_fails_the_job_and_the_note_says_where_to_look()
    {
        await using var bench = await OpenAsync();

        var result = await PipelineAsync(bench, "--variable", "MANIFESTS=", "plan");

        result.ExitCode.ShouldBe(1);
        bench.Forge.Comments.ShouldHaveSingleItem().Body.ShouldContain("There is no plan; the log of the job `plan` says why.");
    }

    private static async Task<CiBench> OpenAsync()
    {
        _ = CiTools.GitLabCiLocal;
        var bench = await CiBench.OpenAsync();
        File.Copy(RepositoryRoot.Path("gitops", "ci", "gitlab-ci.yaml"), Path.Combine(bench.Repository, ".gitlab-ci.yml"));
        await bench.CommitAsync();
        return bench;
    }

    private static Task<CommandResult> PipelineAsync(CiBench bench, params string[] more)
    {
        // What GitLab itself says of a merge request, and what the example asks for.
        Dictionary<string, string> predefined = new(StringComparer.Ordinal)
        {
            ["CI_PIPELINE_SOURCE"] = "merge_request_event",
            ["CI_API_V4_URL"] = $"{bench.Forge.Address}/api/v4",
            ["CI_PROJECT_ID"] = "5",
            ["CI_MERGE_REQUEST_IID"] = "7",
            ["CI_BUILDS_DIR"] = bench.Temporary,
        };
        Dictionary<string, string> stated = new(StringComparer.Ordinal)
        {
            ["SMIMECTL_URL"] = bench.Archive,
            ["MANIFESTS"] = "clusters/prod",
            ["PLAN_CLIENT_ID"] = CiBench.PlanClientId,
            ["NOTES_TOKEN"] = Forge.GitLabToken,
            ["AZURE_TOKEN"] = "a.signed.token",
        };
        return Command.RunAsync("env",
            [
                .. bench.Machine, "node", CiTools.GitLabCiLocal, "--no-color", "--ignore-predefined-vars", string.Join(',', predefined.Keys),
                .. predefined.Concat(stated).SelectMany(v => (string[])["--variable", $"{v.Key}={v.Value}"]), .. more,
            ],
            workingFolder: bench.Repository);
    }

    /// <summary>The artifact that the job promises, with what GitLab demands of a Code Quality report.</summary>
    private static JsonArray Report(CiBench bench)
    {
        var issues = JsonNode.Parse(bench.Read("code-quality.json"))!.AsArray();
        issues.ShouldAllBe(i => i!["description"] != null && i["check_name"] != null && i["fingerprint"] != null && i["location"]!["path"] != null && i["location"]!["lines"]!["begin"] != null);
        issues.ShouldAllBe(i => new[] { "info", "minor", "major", "critical", "blocker" }.Contains((string?)i!["severity"]));
        issues.Select(i => (string?)i!["fingerprint"]).ShouldBeUnique();
        return issues;
    }
}
