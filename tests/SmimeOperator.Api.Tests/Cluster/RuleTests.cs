using SmimeOperator.Api.Schema;
using SmimeOperator.Api.Tests.Schema;
using SmimeOperator.Testing;

namespace SmimeOperator.Api.Tests.Cluster;

public sealed class RuleTests(DefinedCluster cluster)
{
    private const string Immutable = "tenantId cannot be changed: create another Tenant instead";

    public static IEnumerable<TheoryDataRow<string, string>> Cases => RuleCases.All().Select(item => new TheoryDataRow<string, string>(item.Kind, item.Name));

    public static TheoryData<string> Kinds => [.. YamlFiles.Kinds];

    [Theory, MemberData(nameof(Cases))]
    public async Task The_good_manifest_is_accepted_and_the_bad_one_is_refused_with_the_words_of_the_rule(string kind, string name)
    {
        var verdict = await RuleCases.VerdictAsync(cluster.Kubectl, kind, name);

        verdict.GoodAccepted.ShouldBeTrue();
        verdict.BadAccepted.ShouldBeFalse();
        verdict.Refusal.ShouldContain(verdict.Expected, Case.Sensitive);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_rule_of_a_definition_has_a_case(string kind)
    {
        var definition = YamlFiles.Read(RepositoryRoot.Path("crds", CustomResourceDefinitions.FileName(kind)));
        var messages = SchemaFields.RuleMessages(definition).Distinct().ToList();

        messages.ShouldNotBeEmpty();
        messages.Except([.. RuleCases.ExpectedRefusals(kind), Immutable]).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_tenant_id_stays_what_it_was_and_everything_else_may_change()
    {
        var space = await cluster.NamespaceAsync("immutable");
        await cluster.Kubectl.ApplyAsync(Simulator("11111111-2222-3333-4444-555555555555", "10m"), "-n", space);
        await cluster.Kubectl.ApplyAsync(Simulator("11111111-2222-3333-4444-555555555555", "20m"), "-n", space);

        var answer = await cluster.Kubectl.TryApplyAsync(Simulator("99999999-2222-3333-4444-555555555555", "20m"), "-n", space);

        answer.ExitCode.ShouldNotBe(0);
        answer.StandardError.ShouldContain(Immutable);
    }

    [Fact]
    public async Task A_field_that_nobody_knows_is_refused()
    {
        var answer = await cluster.Kubectl.TryApplyAsync(
            Simulator("11111111-2222-3333-4444-555555555555", "10m").Replace("interval:", "intervall:", StringComparison.Ordinal));

        answer.ExitCode.ShouldNotBe(0);
        answer.StandardError.ShouldContain("intervall");
    }

    [Fact]
    public async Task A_bare_Off_is_not_text_to_kubectl_and_the_description_says_so()
    {
        const string Bare = """
            apiVersion: smime-operator.io/v1alpha1
            kind: Assignment
            metadata: {name: bare-off}
            spec: {policyRef: {name: p}, include: [{allUsers: true}], drift: {mode: Off}}
            """;

        (await cluster.Kubectl.TryApplyAsync(Bare, "--dry-run=server")).StandardError.ShouldContain("expected string");
        (await cluster.Kubectl.ApplyAsync(Bare.Replace("Off}", "\"Off\"}", StringComparison.Ordinal), "--dry-run=server")).ShouldContain("bare-off");
        (await cluster.Kubectl.RunAsync("explain", "assignment.spec.drift.mode")).ShouldContain("in quotes");
    }

    private static string Simulator(string tenantId, string interval) => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: Tenant
        metadata: {name: pinned}
        spec:
          tenantId: {{tenantId}}
          endpoint: http://127.0.0.1:5080
          credentials: {type: None}
          interval: {{interval}}
        """;
}
