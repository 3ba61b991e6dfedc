using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmimeOperator.Api.Schema;
using SmimeOperator.Testing;

namespace SmimeOperator.Api.Tests.Cluster;

public sealed partial class SchemaTests(DefinedCluster cluster)
{
    public static TheoryData<string> Kinds => [.. YamlFiles.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_demand_of_the_schema_is_refused_when_it_alone_is_broken(string kind)
    {
        var definition = YamlFiles.Read(RepositoryRoot.Path("crds", CustomResourceDefinitions.FileName(kind)));
        var broken = SchemaBreaker.Break(definition, YamlFiles.ReadAll(YamlFiles.InOutput("Samples", $"{kind}.yaml"))).ToList();
        broken.Count.ShouldBeGreaterThan(20);

        var answer = await cluster.Kubectl.TryApplyAsync(
            string.Join('\n', broken.Select((sample, number) => Named(sample.Manifest, Name(number)).ToJsonString())), "--dry-run=server");

        answer.StandardOutput.ShouldBeEmpty();
        broken
            .Select((sample, number) => (sample.Demand, sample.Words, Refusal: Index().Replace(Refusals.Of(answer, Name(number)), "")))
            .Where(sample => !sample.Refusal.Contains(sample.Words, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string Name(int number) => $"broken-{number}";

    private static JsonObject Named(JsonObject manifest, string name)
    {
        manifest["metadata"]!["name"] = name;
        return manifest;
    }

    [GeneratedRegex(@"\[\d+\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Index();
}
