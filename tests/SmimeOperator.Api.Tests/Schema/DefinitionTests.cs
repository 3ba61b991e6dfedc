using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmimeOperator.Api.Schema;
using SmimeOperator.Testing;

namespace SmimeOperator.Api.Tests.Schema;

public sealed class DefinitionTests
{
    public static TheoryData<string> Kinds => [.. YamlFiles.Kinds];

    [Fact]
    public void Every_kind_has_a_definition_and_a_committed_file_and_nothing_else_does()
    {
        CustomResourceDefinitions.Generate().Keys.ShouldBe(YamlFiles.Kinds, ignoreOrder: true);
        Directory.GetFiles(RepositoryRoot.Path("crds")).Select(Path.GetFileName).ShouldBe(
            [
                "smime-operator.io_tenants.yaml",
                "smime-operator.io_smimepolicies.yaml",
                "smime-operator.io_certificateimports.yaml",
                "smime-operator.io_assignments.yaml",
            ],
            ignoreOrder: true);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_committed_file_is_what_the_types_say(string kind) =>
        CustomResourceDefinitions.Generate()[kind].ShouldBe(Committed(kind), "the types have changed: run make crds and commit the result");

    [Theory, MemberData(nameof(Kinds))]
    public void The_embedded_definition_is_the_committed_file(string kind) =>
        CustomResourceDefinitions.Embedded()[kind].ShouldBe(Committed(kind));

    [Theory, MemberData(nameof(Kinds))]
    public void Every_field_has_a_description(string kind)
    {
        var fields = SchemaFields.Of(Definition(kind)).ToList();

        fields.Count.ShouldBeGreaterThan(30);
        fields.Where(field => field.Path != ".metadata" && ((string?)field.Schema["description"] ?? "").Length < 3).ShouldBeEmpty();
    }

    [Fact]
    public void Every_pattern_is_shown_by_an_example_that_matches_it()
    {
        var patterns = typeof(MatchesAttribute).Assembly.GetTypes().SelectMany(t => t.GetProperties()).Select(p => p.GetCustomAttribute<MatchesAttribute>()).OfType<MatchesAttribute>().ToList();

        patterns.Count.ShouldBeGreaterThan(20);
        patterns.Where(p => !Regex.IsMatch(p.Example, p.Expression, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_list_says_how_it_is_merged_and_how_long_it_may_be(string kind)
    {
        var lists = SchemaFields.Of(Definition(kind)).Where(field => (string?)field.Schema["type"] == "array").ToList();

        lists.ShouldNotBeEmpty();
        lists.ShouldAllBe(list => list.Schema.ContainsKey("x-kubernetes-list-type") && list.Schema.ContainsKey("maxItems"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_samples_use_every_field_of_the_spec(string kind)
    {
        var used = YamlFiles.ReadAll(YamlFiles.InOutput("Samples", $"{kind}.yaml"))
            .SelectMany(manifest => SchemaFields.Used(manifest["spec"]!, ".spec"))
            .ToHashSet();

        SchemaFields.Of(Definition(kind))
            .Select(field => field.Path)
            .Where(path => path.StartsWith(".spec.", StringComparison.Ordinal) && !used.Contains(path))
            .ShouldBeEmpty();
    }

    private static string Committed(string kind) => File.ReadAllText(RepositoryRoot.Path("crds", CustomResourceDefinitions.FileName(kind)));

    private static JsonObject Definition(string kind) =>
        YamlFiles.Read(RepositoryRoot.Path("crds", CustomResourceDefinitions.FileName(kind)));
}
