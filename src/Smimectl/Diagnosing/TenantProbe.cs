using Microsoft.Extensions.DependencyInjection;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>One tenant of a folder that may be half broken: the token and the picture of the tenant are each fetched once, for whichever check asks first.</summary>
internal sealed class TenantProbe : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Lazy<Task<OpenTenant>> _open;
    private readonly Lazy<Task<TenantSnapshot>> _snapshot;

    public TenantProbe(TenantFolder folder, Tenant resource, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        (Folder, Resource) = (folder, resource);
        // Whoever waits for a diagnosis wants to know that a request failed, and not that the tenth did not.
        _services = new ServiceCollection().AddSingleton(time)
            .AddIntune(o => (o.DryRun, o.Tries, o.RequestTimeout, o.ThrottlePatience) = (true, 1, limit, limit)).AddReconciliation().BuildServiceProvider();
        _open = new(() => _services.GetRequiredService<TenantPool>().OpenAsync(resource, folder.Catalog, cancellationToken));
        _snapshot = new(async () => await (await _open.Value).Connection.GetSnapshotAsync(TimeSpan.Zero, cancellationToken));
    }

    public TenantFolder Folder { get; }

    public Tenant Resource { get; }

    /// <summary>The connection, and what the token says.</summary>
    public Task<OpenTenant> OpenAsync() => _open.Value;

    /// <summary>Whether the tenant could be opened.</summary>
    public async Task<bool> IsOpenAsync()
    {
        try
        {
            await _open.Value;
            return true;
        }
        catch (Exception fault) when (fault is TenantException or TenantNotUsableException)
        {
            return false;
        }
    }

    /// <summary>The tenant as it was read.</summary>
    public Task<TenantSnapshot> SnapshotAsync() => _snapshot.Value;

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
