using System.Text.Json.Nodes;

namespace SmimeOperator.Api.Tests.Cluster;

public sealed class CommandLineTests(DefinedCluster cluster)
{
    private const string Status = """
        {"status":{"observedGeneration":1,"conditions":[
          {"type":"Ready","status":"True","reason":"InSync","message":"The tenant equals the spec.","observedGeneration":1,"lastTransitionTime":"2026-01-02T03:04:05Z"},
          {"type":"Drifted","status":"False","reason":"NoDrift","message":"As last applied.","observedGeneration":1,"lastTransitionTime":"2026-01-02T03:04:05Z"}]}}
        """;

    public static TheoryData<string, string, string> Names => new()
    {
        { "Tenant", "smt", "contoso" },
        { "SmimePolicy", "smp", "outlook-ios" },
        { "CertificateImport", "ci", "alice" },
        { "Assignment", "sma", "everyone" },
    };

    [Theory, MemberData(nameof(Names))]
    public async Task The_short_name_shows_the_columns_and_the_status_shows_in_them(string kind, string shortName, string name)
    {
        var space = await WithSampleAsync(kind, name, $"columns-{shortName}");
        await cluster.Kubectl.RunAsync("patch", shortName, name, "-n", space, "--subresource=status", "--type=merge", "-p", Status);

        var rows = Rows(await cluster.Kubectl.RunAsync("get", shortName, "-n", space));
        var wide = await cluster.Kubectl.RunAsync("get", shortName, "-n", space, "-o", "wide");

        rows[0].ShouldContain("AGE");
        Cell(rows, "NAME").ShouldBe(name);
        Cell(rows, "READY").ShouldBe("True");
        Cell(rows, "REASON").ShouldBe("InSync");
        Cell(rows, "DRIFT").ShouldBe("False");
        rows[0].ShouldNotContain("MESSAGE");
        wide.ShouldContain("MESSAGE");
        wide.ShouldContain("The tenant equals the spec.");
    }

    [Fact]
    public async Task One_category_and_one_list_of_short_names_show_all_kinds()
    {
        var space = await cluster.NamespaceAsync("together");
        foreach (var row in Names)
        {
            await ApplySampleAsync(row.Data.Item1, row.Data.Item3, space);
        }

        string[] expected =
        [
            "assignment.smime-operator.io/everyone", "certificateimport.smime-operator.io/alice",
            "smimepolicy.smime-operator.io/outlook-ios", "tenant.smime-operator.io/contoso",
        ];
        Lines(await cluster.Kubectl.RunAsync("get", "smime", "-n", space, "-o", "name")).ShouldBe(expected, ignoreOrder: true);
        Lines(await cluster.Kubectl.RunAsync("get", "smp,smt,ci,sma", "-n", space, "-o", "name")).ShouldBe(expected, ignoreOrder: true);
    }

    [Theory]
    [InlineData("SmimePolicy", "smp", "outlook-ios", "spec.tenantRef.name", "contoso")]
    [InlineData("CertificateImport", "ci", "alice", "spec.tenantRef.name", "contoso")]
    [InlineData("Assignment", "sma", "everyone", "spec.policyRef.name", "outlook-ios")]
    public async Task Resources_are_found_by_what_they_refer_to(string kind, string shortName, string name, string field, string value)
    {
        var space = await WithSampleAsync(kind, name, $"selectable-{shortName}");

        Lines(await cluster.Kubectl.RunAsync("get", shortName, "-n", space, "-o", "name", "--field-selector", $"{field}={value}")).Count.ShouldBe(1);
        Lines(await cluster.Kubectl.RunAsync("get", shortName, "-n", space, "-o", "name", "--field-selector", $"{field}=another")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("tenant.spec.tenantId", "The Entra tenant id. Pinned: a token of another tenant is refused.")]
    [InlineData("smimepolicy.spec.outlook.deployCertificatesFromIntune", "Deploy S/MIME certificates from Intune. Default true.")]
    [InlineData("certificateimport.spec.sources.pkcs12.passwordKey", "The key that holds the password.")]
    [InlineData("assignment.status.conditions.lastTransitionTime", "When the status last changed.")]
    public async Task Explain_says_what_a_field_is_for(string field, string description)
    {
        var explanation = await cluster.Kubectl.RunAsync("explain", field);

        string.Join(' ', explanation.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ShouldContain(description);
    }

    [Fact]
    public async Task Writing_the_spec_leaves_the_status_alone_and_the_other_way_round()
    {
        var space = await WithSampleAsync("Assignment", "everyone", "subresource");
        await cluster.Kubectl.RunAsync("patch", "sma", "everyone", "-n", space, "--type=merge", "-p", Status);
        await cluster.Kubectl.RunAsync(
            "patch", "sma", "everyone", "-n", space, "--subresource=status", "--type=merge", "-p", """{"spec":{"foreign":"Remove"}}""");

        var stored = JsonNode.Parse(await cluster.Kubectl.RunAsync("get", "sma", "everyone", "-n", space, "-o", "json"))!;

        stored["status"]!.ToJsonString().ShouldBe("""{"observedGeneration":-1}""");
        ((string)stored["spec"]!["foreign"]!).ShouldBe("Keep");
    }

    private async Task<string> WithSampleAsync(string kind, string name, string space)
    {
        await cluster.NamespaceAsync(space);
        await ApplySampleAsync(kind, name, space);
        return space;
    }

    private Task<string> ApplySampleAsync(string kind, string name, string space)
    {
        var sample = YamlFiles.ReadAll(YamlFiles.InOutput("Samples", $"{kind}.yaml")).Single(manifest => (string)manifest["metadata"]!["name"]! == name);
        return cluster.Kubectl.ApplyAsync(sample.ToJsonString(), "-n", space);
    }

    private static List<string> Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static List<string> Rows(string output) => Lines(output);

    private static string Cell(List<string> rows, string heading) =>
        rows[1][rows[0].IndexOf(heading, StringComparison.Ordinal)..].Split(' ')[0];
}
