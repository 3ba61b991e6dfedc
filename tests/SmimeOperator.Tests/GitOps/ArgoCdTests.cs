using System.Text.Json.Nodes;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>Argo CD's own test files, run by a real Lua interpreter of the version that Argo CD speaks.</summary>
public sealed class ArgoCdTests
{
    private static readonly string Root = RepositoryRoot.Path("gitops", "argocd", "resource_customizations", "smime-operator.io");

    public static TheoryData<string> Kinds => ["Tenant", "SmimePolicy", "CertificateImport", "Assignment"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Health_says_what_the_conditions_say(string kind)
    {
        var script = await ScriptAsync(kind, "health.lua");
        var tests = LuaScript.Read(Path.Combine(Root, kind, "health_test.yaml"))["tests"]!.AsArray();
        tests.Count.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var test in tests)
        {
            var input = (string)test!["inputPath"]!;
            var found = await LuaScript.RunAsync(script, LuaScript.Read(Path.Combine(Root, kind, input)));
            JsonNode.DeepEquals(found, test["healthStatus"]).ShouldBeTrue($"{kind}/{input}: {found}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Actions_are_offered_when_they_make_sense_and_do_what_they_say(string kind)
    {
        var folder = Path.Combine(Root, kind, "actions");
        var tests = LuaScript.Read(Path.Combine(folder, "action_test.yaml"));
        var discovery = await ScriptAsync(kind, "actions", "discovery.lua");
        foreach (var test in tests["discoveryTests"]!.AsArray())
        {
            var offered = (JsonObject)await LuaScript.RunAsync(discovery, LuaScript.Read(Path.Combine(folder, (string)test!["inputPath"]!)));
            var expected = test["result"]!.AsArray().ToDictionary(a => (string)a!["name"]!, a => (bool)a!["disabled"]!);
            offered.ToDictionary(a => a.Key, a => (bool?)a.Value!["disabled"] ?? false).ShouldBe(expected, ignoreOrder: true);
        }

        foreach (var test in tests["actionTests"]!.AsArray())
        {
            var action = await ScriptAsync(kind, "actions", (string)test!["action"]!, "action.lua");
            var result = await LuaScript.RunAsync(action, LuaScript.Read(Path.Combine(folder, (string)test["inputPath"]!)));
            var expected = LuaScript.Read(Path.Combine(folder, (string)test["expectedOutputPath"]!));
            JsonNode.DeepEquals(result, expected).ShouldBeTrue($"{kind} {test["action"]}: {result}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_patch_of_argocd_cm_carries_the_same_scripts(string kind)
    {
        var data = LuaScript.Read(RepositoryRoot.Path("gitops", "argocd", "argocd-cm.yaml"))["data"]!;
        ((string)data[$"resource.customizations.health.smime-operator.io_{kind}"]!).ShouldBe(await ScriptAsync(kind, "health.lua"));

        var actions = k8s.KubernetesYaml.Deserialize<ArgoActions>((string)data[$"resource.customizations.actions.smime-operator.io_{kind}"]!);
        actions.Discovery.ShouldBe(await ScriptAsync(kind, "actions", "discovery.lua"));
        var folders = Directory.GetDirectories(Path.Combine(Root, kind, "actions")).Select(Path.GetFileName).Where(f => f != "testdata");
        actions.Definitions.Select(d => d.Name).ShouldBe(folders, ignoreOrder: true);
        foreach (var definition in actions.Definitions)
        {
            definition.Script.ShouldBe(await ScriptAsync(kind, "actions", definition.Name, "action.lua"));
        }
    }

    private static Task<string> ScriptAsync(params string[] path) =>
        File.ReadAllTextAsync(Path.Combine([Root, .. path]), TestContext.Current.CancellationToken);
}

/// <summary>The value that argocd-cm holds for the actions of a kind.</summary>
public sealed class ArgoActions
{
    /// <summary>The script that says which actions there are.</summary>
    [YamlDotNet.Serialization.YamlMember(Alias = "discovery.lua")]
    public string Discovery { get; set; } = "";

    /// <summary>The actions.</summary>
    public IList<ArgoAction> Definitions { get; set; } = [];
}

/// <summary>An action.</summary>
public sealed class ArgoAction
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its script.</summary>
    [YamlDotNet.Serialization.YamlMember(Alias = "action.lua")]
    public string Script { get; set; } = "";
}
