using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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
public sealed partial class AgreementTests(KindsCluster cluster) : IClassFixture<KindsCluster>
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

    [Fact]
    public async Task Scalars_without_quotes_mean_the_same()
    {
        string[] texts =
        [
            "y", "Y", "n", "yes", "Yes", "yEs", "no", "on", "Off", "true", "TRUE", "null", "~", "", "1", "+1", "0x1F", "0x", "0b1", "0b2", "0o7", "0o8", "010", "089",
            "1_000", "_1", "1_", "1e3", "1.e3", "e3", "1.5", ".5", "5.", "1.5e", "2001-01-01", "1:30", "=", "<<", "12345678901234567890", "1.2.3",
        ];
        string[] numbers = ["5", "+5", "'5'", "0x1F", "0b1", "0o7", "010", "1_0", "1e1", "5.0", "5.", ".5e1", "-0", "089", "1.5", "y", "", "1e30"];
        string[] booleans = ["true", "True", "tRue", "yes", "YES", "y", "Y", "on", "ON", "false", "no", "n", "off", "'true'", "1", "", "~"];
        List<string> documents =
        [
            .. texts.Select(t => Tenant($"allowedNamespaces:\n    selector:\n      matchLabels:\n        a: {t}")),
            .. numbers.Select(n => Tenant($"guard:\n    maxDeletions: {n}")),
            .. booleans.Select(b => $"apiVersion: smime-operator.io/v1alpha1\nkind: SmimePolicy\nmetadata:\n  name: N\nspec:\n  tenantRef: {{name: x}}\n  displayName: d\n  suspend: {b}"),
        ];

        var verdicts = await JudgeAsync([.. documents.Select((d, n) => d.Replace("name: N", $"name: case-{n}", StringComparison.Ordinal))]);

        documents.Zip(verdicts).Where(d => d.Second.Server != d.Second.Ours).Select(d => $"{d.First.Split('\n')[^1]}: {d.Second}").ShouldBeEmpty();
        verdicts.Count(v => v.Server).ShouldBeInRange(30, 50);

        static string Tenant(string more) =>
            $"apiVersion: smime-operator.io/v1alpha1\nkind: Tenant\nmetadata:\n  name: N\nspec:\n  tenantId: 11111111-2222-3333-4444-555555555555\n  credentials: {{type: None}}\n  endpoint: http://a\n  {more}";
    }

    private Task<IReadOnlyList<(bool Server, bool Ours)>> JudgeAsync(IReadOnlyList<JsonObject> manifests) => JudgeAsync([.. manifests.Select((manifest, number) =>
    {
        manifest["metadata"]!["name"] = $"case-{number}";
        // JSON may write characters beyond the BMP as two halves, and YAML may not.
        return Halves().Replace(manifest.ToJsonString(Plain), pair => JsonNode.Parse($"\"{pair.Value}\"")!.GetValue<string>());
    })]);

    // One call of kubectl and one of ours for all of them; document n is called case-n.
    private async Task<IReadOnlyList<(bool Server, bool Ours)>> JudgeAsync(IReadOnlyList<string> documents)
    {
        var answer = await cluster.Kubectl.TryApplyAsync(string.Concat(documents.Select(d => $"---\n{d}\n")), "--dry-run=server");
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

    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Halves();
}
