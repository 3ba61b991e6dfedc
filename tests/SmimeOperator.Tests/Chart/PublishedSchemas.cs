using System.Text;
using k8s;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>The schemas of workloads as Kubernetes publishes them, in an npm package that eng/tools.sh fetches.</summary>
internal static class PublishedSchemas
{
    private static readonly string Folder = RepositoryRoot.Path("artifacts", "tools", "schemas");

    /// <summary>The kinds that schemas.mjs knows.</summary>
    public static IReadOnlyCollection<string> Kinds { get; } = ["Deployment", "Service", "Pod", "PodDisruptionBudget", "NetworkPolicy"];

    /// <summary>Holds objects against their schemas; what does not fit is on standard error.</summary>
    public static Task<CommandResult> ValidateAsync(IEnumerable<RenderedObject> objects)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules")),
            "SKIPPED, WORKLOADS WERE NOT HELD AGAINST THEIR SCHEMAS: run eng/tools.sh, which fetches them into artifacts/tools.");
        var json = KubernetesJson.Serialize(objects.Select(o => KubernetesYaml.Deserialize<Dictionary<string, object>>(o.Yaml)));
        return Command.RunAsync(
            "node", [RepositoryRoot.Path("tests", "SmimeOperator.Tests", "Chart", "schemas.mjs"), Folder], Encoding.UTF8.GetBytes(json));
    }
}
