using k8s;
using k8s.Models;

namespace Smimectl;

/// <summary>What the checks look at, and where they put what they find.</summary>
internal sealed class Checks(IReadOnlyList<ManifestSet> sets)
{
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<ManifestSet> Sets => sets;

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The resources of one of our kinds in a set.</summary>
    public static IEnumerable<(CustomManifest Manifest, T Entity)> Of<T>(ManifestSet set)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        set.Contents.Resources.Values.OfType<CustomManifest>().Where(m => m.Entity is T).Select(m => (m, (T)m.Entity));

    /// <summary>Finds a resource: in the same set, or else in any other one, for several folders may be applied to one cluster.</summary>
    /// <returns>Those that bear the name; several where sets are alternatives, such as overlays.</returns>
    public IReadOnlyList<(ManifestSet Set, ManifestResource Manifest)> Find(ManifestSet set, ResourceKey key) =>
        set.Contents.Resources.TryGetValue(key, out var own)
            ? [(set, own)]
            : [.. sets.Where(s => s.Contents.Resources.ContainsKey(key)).Select(s => (s, s.Contents.Resources[key]))];

    /// <summary>Whether it is sure that no manifest states a resource.</summary>
    public bool IsAbsent(ResourceKey key) => sets.All(s => s.IsWhole && !s.Unusable.Contains(key) && !s.Contents.Resources.ContainsKey(key));

    /// <summary>Reports something about a field.</summary>
    public void Report(Severity severity, FindingRule rule, ManifestSet set, ManifestResource resource, string field, string message)
    {
        var (file, line) = set.Place(resource, field);
        _findings.Add(new Finding(severity, rule, file, line, $"{field} {message}") { Resource = resource.Key.ToString(), Field = field });
    }

    /// <summary>Reports what made a manifest unusable.</summary>
    public void Report(ManifestSet set, ManifestProblem problem)
    {
        var (file, line) = set.Place(problem);
        var rule = problem.Fault switch
        {
            ManifestFault.Syntax => FindingRule.Syntax,
            ManifestFault.Rule => FindingRule.Rule,
            ManifestFault.Duplicate => FindingRule.Duplicate,
            ManifestFault.Build => FindingRule.Kustomize,
            _ => FindingRule.Schema,
        };
        _findings.Add(new Finding(Severity.Error, rule, file, line, problem.Message) { Field = problem.Field });
    }

    /// <summary>Reports that there is nothing of ours.</summary>
    public void ReportEmpty(string path) =>
        _findings.Add(new Finding(Severity.Warning, FindingRule.Empty, path, 0, $"states nothing of {SmimeOperator.Api.ApiGroup.Name}; is it the right folder?"));
}
