using System.CommandLine;

namespace Smimectl;

/// <summary>Options of commands that look at a cluster, through kubectl and its current context.</summary>
internal static class ClusterOptions
{
    public static Option<bool> FromCluster() => new("--from-cluster")
    {
        Description = "Take statuses, and resources that other folders state, from the cluster of kubectl's current context.",
    };

    public static Option<string?> PruneSelector() => new("--prune-selector")
    {
        Description = "With --from-cluster: resources with these labels that DIR lacks count as removed, as kubectl and Flux prune them.",
        HelpName = "LABELS",
    };
}
