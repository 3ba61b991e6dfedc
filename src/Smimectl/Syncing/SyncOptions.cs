namespace Smimectl;

/// <summary>What a sync works with.</summary>
internal sealed record SyncOptions
{
    /// <summary>Folders of manifests.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Where specs and statuses are kept between runs.</summary>
    public required string StatePath { get; init; }

    /// <summary>Part of the mark on what is made; null takes that of the state, or one made of the folder's name.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Overrides spec.endpoint of every Tenant.</summary>
    public string? TenantEndpoint { get; init; }

    /// <summary>Signs in as this app registration by workload identity, whatever the Tenants say; only with a recorder.</summary>
    public string? ClientId { get; init; }

    /// <summary>How long a resource must be missing from the folders before it counts as removed.</summary>
    public TimeSpan RemovalDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Resources worked on at the same time.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Records what would be done; with it nothing is done: no change leaves for the tenant, and no state is written.</summary>
    public PlanRecorder? Recorder { get; init; }

    /// <summary>What a cluster remembers, in place of the state file; only with a recorder.</summary>
    public ClusterMemory? Cluster { get; init; }

    /// <summary>The one Tenant that everything is about; null where all are meant. Only with a recorder, for a state would forget the others.</summary>
    public TenantScope? Scope { get; init; }

    /// <summary>What the folders state, where somebody read them already; they are not looked at again.</summary>
    public FolderContents? Contents { get; init; }

    /// <summary>The services of somebody who opened the tenant: connection and snapshot are shared. Only with a recorder.</summary>
    public IServiceProvider? Services { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
