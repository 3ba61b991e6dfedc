using System.Text.Json.Nodes;

namespace SmimeOperator.Api.Tests.Cluster;

public sealed class ManifestTests(DefinedCluster cluster)
{
    public static IEnumerable<TheoryDataRow<string, string>> Samples =>
        from kind in YamlFiles.Kinds
        from manifest in YamlFiles.ReadAll(YamlFiles.InOutput("Samples", $"{kind}.yaml"))
        select new TheoryDataRow<string, string>(kind, (string)manifest["metadata"]!["name"]!);

    public static TheoryData<string> Defaults =>
        [.. Directory.GetFiles(YamlFiles.InOutput("Defaults")).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order()];

    [Theory, MemberData(nameof(Samples))]
    public async Task A_sample_is_stored_as_written_and_applying_it_again_changes_nothing(string kind, string name)
    {
        var sample = YamlFiles.ReadAll(YamlFiles.InOutput("Samples", $"{kind}.yaml")).Single(manifest => (string)manifest["metadata"]!["name"]! == name);
        var space = await cluster.NamespaceAsync($"sample-{kind.ToLowerInvariant()}-{name}");

        var created = await ApplyAsync(sample, space);
        ShouldHold(created["spec"]!, sample["spec"]!, ".spec");
        JsonNode.DeepEquals(await ApplyAsync(sample, space, "--dry-run=server"), created).ShouldBeTrue();

        // A status that is only a default is not stored before the next write, which is the operator's.
        await cluster.Kubectl.RunAsync(
            "patch", kind, name, "-n", space, "--subresource=status", "--type=merge", "-p", """{"status":{"observedGeneration":1}}""");
        var observed = JsonNode.Parse(await cluster.Kubectl.RunAsync("get", kind, name, "-n", space, "-o", "json"))!;
        JsonNode.DeepEquals(await ApplyAsync(sample, space, "--dry-run=server"), observed).ShouldBeTrue();
        var applied = await ApplyAsync(sample, space);
        ((string)applied["metadata"]!["resourceVersion"]!).ShouldBe((string)observed["metadata"]!["resourceVersion"]!);
        JsonNode.DeepEquals(applied, observed).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Defaults))]
    public async Task Defaults_are_filled_in_as_documented(string file)
    {
        var expectation = YamlFiles.Read(YamlFiles.InOutput("Defaults", $"{file}.yaml"));
        var manifest = YamlFiles.Manifest(file.Split('.')[0], "defaulted", expectation["written"]!);

        var stored = await ApplyAsync(manifest, await cluster.NamespaceAsync($"defaults-{file.ToLowerInvariant().Replace('.', '-')}"));

        JsonNode.DeepEquals(stored["spec"], expectation["stored"]).ShouldBeTrue(stored["spec"]!.ToJsonString());
        stored["status"]!.ToJsonString().ShouldBe("""{"observedGeneration":-1}""");
    }

    private async Task<JsonObject> ApplyAsync(JsonObject manifest, string space, params string[] arguments) =>
        JsonNode.Parse(await cluster.Kubectl.ApplyAsync(manifest.ToJsonString(), ["-n", space, "-o", "json", .. arguments]))!.AsObject();

    // Everything that was written is stored with the same value; defaults may stand beside it.
    private static void ShouldHold(JsonNode stored, JsonNode written, string path)
    {
        switch (written)
        {
            case JsonObject fields:
                foreach (var (key, value) in fields)
                {
                    stored[key].ShouldNotBeNull($"{path}.{key} was dropped");
                    ShouldHold(stored[key]!, value!, $"{path}.{key}");
                }

                break;
            case JsonArray items:
                stored.AsArray().Count.ShouldBe(items.Count, path);
                for (var index = 0; index < items.Count; index++)
                {
                    ShouldHold(stored[index]!, items[index]!, $"{path}[{index}]");
                }

                break;
            default:
                JsonNode.DeepEquals(stored, written).ShouldBeTrue($"{path} is {stored.ToJsonString()}");
                break;
        }
    }
}
