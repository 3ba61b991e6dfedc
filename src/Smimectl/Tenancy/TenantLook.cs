using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Where a look at a tenant begins, and how long it may take.</summary>
internal sealed record LookOptions
{
    public required TenantChoice Choice { get; init; }

    /// <summary>The file that remembers statuses between runs; it need not exist.</summary>
    public required string StatePath { get; init; }

    /// <summary>What a cluster remembers, in place of the state file.</summary>
    public SavedRecords? Memory { get; init; }

    /// <summary>How long reconcilers may take to say what git would bring.</summary>
    public required TimeSpan Timeout { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A tenant that was read once, and what the folder's resources of that tenant would do to it.</summary>
internal sealed class TenantLook : IAsyncDisposable
{
    private readonly LookOptions _options;

    private TenantLook(LookOptions options, TenantView view, SavedRecords? memory) => (_options, View, Memory) = (options, view, memory);

    public TenantView View { get; }

    /// <summary>Statuses that earlier runs or a cluster left; null where there are none.</summary>
    public SavedRecords? Memory { get; }

    public ResourceName Name => new(View.Resource.Metadata.NamespaceProperty, View.Resource.Metadata.Name);

    /// <inheritdoc cref="TenantView.OpenAsync"/>
    /// <exception cref="StateFileException">The state file is damaged.</exception>
    public static async Task<TenantLook> OpenAsync(LookOptions options, CancellationToken cancellationToken)
    {
        var memory = options.Memory ?? StateFile.Read(options.StatePath);
        var choice = options.Choice with { ClusterId = options.Choice.ClusterId ?? memory?.ClusterId };
        return new TenantLook(options, await TenantView.OpenAsync(choice, options.Time, cancellationToken), memory);
    }

    /// <summary>What the folder states of this tenant: other tenants' resources are left out, Secrets and ConfigMaps stay.</summary>
    public FolderContents Contents() => new TenantScope(Name).Of(View.Contents);

    /// <summary>Lets the reconcilers work on what is stated, against the tenant as it was read, with every write answered on this side.</summary>
    /// <param name="contents">What is stated.</param>
    /// <param name="remembers">Whether a resource is to begin with the status that is remembered.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Rehearsal> RehearseAsync(FolderContents contents, Func<ResourceKey, bool> remembers, CancellationToken cancellationToken)
    {
        var records = (Memory?.Records ?? []).Where(r => contents.Resources.ContainsKey(r.Key) && remembers(r.Key)).ToList();
        var options = new SyncOptions
        {
            Folders = _options.Choice.Folders,
            StatePath = _options.StatePath,
            Cluster = new ClusterMemory(new SavedRecords(View.Catalog.ClusterId, records), new HashSet<ResourceKey>()),
            TenantEndpoint = _options.Choice.Endpoint,
            Contents = contents,
            Services = View.Services,
            Time = _options.Time,
        };
        return PlanRunner.RehearseAsync(options, PlanRunner.IsDecidedByOneRead, _options.Timeout, cancellationToken);
    }

    public ValueTask DisposeAsync() => View.DisposeAsync();
}
