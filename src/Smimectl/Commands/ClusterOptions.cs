using System.CommandLine;

namespace Smimectl;

/// <summary>Options of commands that look at a cluster, through kubectl and its current context.</summary>
internal static class ClusterOptions
{
    public static Option<bool> FromCluster() => new("--from-cluster")
    {
        Description = "Take statuses, and resources that other folders state, from the cluster of kubectl's current context.",
    };

    /// <summary>The folder's name in marks, or the cluster's.</summary>
    public static Option<string?> ClusterId() =>
        CommonOptions.ClusterId(" With --from-cluster: what the operator's setting Operator:ClusterId (clusterId in the chart's values) names, where that is set.");

    public static Option<string?> PruneSelector() => new("--prune-selector")
    {
        Description = "With --from-cluster: resources with these labels that DIR lacks count as removed, as kubectl and Flux prune them.",
        HelpName = "LABELS",
    };
}
