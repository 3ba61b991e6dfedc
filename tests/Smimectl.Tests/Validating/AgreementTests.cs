using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.Api.Schema;
using SmimeOperator.Api.Tests;
using SmimeOperator.Api.Tests.Cluster;
using SmimeOperator.Testing;

namespace Smimectl.Tests;

/// <summary>An API server that knows our kinds.</summary>
public sealed class KindsCluster : IAsyncLifetime
{
    private readonly ApiServer _server = new();

    public Kubectl Kubectl => _server.Kubectl;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        if (ApiServer.IsAvailable)
        {
            await Kubectl.RunAsync("apply", "--server-side", "-f", RepositoryRoot.Path("crds"));
            await Kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>What the API server refuses, validate refuses, and nothing else.</summary>
public sealed class AgreementTests(KindsCluster cluster) : IClassFixture<KindsCluster>
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Kinds => [.. YamlFiles.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_demand_of_the_schema_gets_the_same_verdict(string kind)
    {
        var definition = YamlFiles.Read(RepositoryRoot.Path("crds", CustomResourceDefinitions.FileName(kind)));
        var cases = SchemaCases.Of(definition, YamlFiles.ReadAll(YamlFiles.InOutput("Samples", $"{kind}.yaml")));

        var verdicts = await JudgeAsync([.. cases.Select(c => c.Manifest)]);

        cases.Count.ShouldBeGreaterThan(100);
        cases.Zip(verdicts).Where(c => c.Second.Server != c.Second.Ours).Select(c => $"{c.First.Demand}: the API server {(c.Second.Server ? "accepts" : "refuses")} it").ShouldBeEmpty();
        cases.Zip(verdicts).Where(c => c.First.IsBad && c.Second.Server).Select(c => c.First.Demand).ShouldBeEmpty();
        cases.Zip(verdicts).Where(c => c.First.Demand == "sample" && !c.Second.Server).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_rule_gets_the_same_verdict(string kind)
    {
        var cases = RuleCases.Manifests(kind).ToList();
        var names = cases.Select(c => (string)c["metadata"]!["name"]!).ToList();

        var verdicts = await JudgeAsync(cases);

        names.Zip(verdicts).Where(c => c.Second != (Good(c.First), Good(c.First))).ShouldBeEmpty();

        static bool Good(string name) => name.EndsWith("-good", StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<(bool Server, bool Ours)>> JudgeAsync(IReadOnlyList<JsonObject> manifests) => JudgeAsync([.. manifests.Select((manifest, number) =>
    {
        manifest["metadata"]!["name"] = $"case-{number}";
        return manifest.ToJsonString(Plain);
    })]);

    // One call of kubectl and one of ours for all of them; document n is called case-n.
    private async Task<IReadOnlyList<(bool Server, bool Ours)>> JudgeAsync(IReadOnlyList<string> documents)
    {
        var answer = await cluster.Kubectl.TryApplyAsync(string.Join("\n---\n", documents), "--dry-run=server");
        using var folder = new TemporaryFolder();
        for (var n = 0; n < documents.Count; n++)
        {
            await File.WriteAllTextAsync(folder[$"case-{n}.yaml"], documents[n]);
        }

        var report = await FolderValidator.RunAsync(folder.Path, KustomizeMode.Never, TextReader.Null, CancellationToken.None);
        var refused = report.Findings.Where(f => f.Rule == FindingRule.Syntax || f.Rule == FindingRule.Schema || f.Rule == FindingRule.Rule)
            .Select(f => Path.GetFileNameWithoutExtension(f.File)).ToHashSet();
        return [.. documents.Select((_, n) => (
            answer.StandardOutput.Contains($"/case-{n} serverside-applied", StringComparison.Ordinal), !refused.Contains($"case-{n}")))];
    }
}
