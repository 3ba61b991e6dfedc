namespace Smimectl;

/// <summary>What a cluster holds of our kinds.</summary>
/// <param name="Saved">The resources with their statuses, and the cluster's id.</param>
/// <param name="Context">Resources that other folders or repositories state.</param>
internal sealed record ClusterMemory(SavedRecords Saved, IReadOnlySet<ResourceKey> Context);
