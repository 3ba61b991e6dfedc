using Microsoft.Extensions.DependencyInjection;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>One tenant of a folder, looked at and never changed: whatever would write is answered on this side.</summary>
internal sealed class TenantView : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TenantView(ServiceProvider services, FolderContents contents, IResourceCatalog catalog, Tenant resource, OpenTenant tenant, TenantSnapshot snapshot) =>
        (_services, Contents, Catalog, Resource, Tenant, Snapshot) = (services, contents, catalog, resource, tenant, snapshot);

    /// <summary>What the folder states.</summary>
    public FolderContents Contents { get; }

    /// <summary>The folder as the reconcilers see it.</summary>
    public IResourceCatalog Catalog { get; }

    /// <summary>The Tenant resource.</summary>
    public Tenant Resource { get; }

    /// <summary>The open connection: directory look-ups, and what the token says.</summary>
    public OpenTenant Tenant { get; }

    /// <summary>The tenant as it was read when this view was opened. A part that could not be read is in its faults.</summary>
    public TenantSnapshot Snapshot { get; }

    /// <summary>What reconcilers need to work on this connection, with every write answered on this side.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Reads the folder, opens the tenant and reads it whole.</summary>
    /// <exception cref="TenantChoiceException">The folder states no such Tenant, or several.</exception>
    /// <exception cref="TenantNotUsableException">The Tenant's credential cannot be made.</exception>
    /// <exception cref="TenantException">The tenant cannot be read.</exception>
    public static async Task<TenantView> OpenAsync(TenantChoice choice, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = TenantFolder.Read(choice, time);
        var resource = folder.Choose(choice.Name);
        var services = new ServiceCollection().AddSingleton(time).AddIntune(o => o.DryRun = true).AddReconciliation().BuildServiceProvider();
        try
        {
            var tenant = await services.GetRequiredService<TenantPool>().OpenAsync(resource, folder.Catalog, cancellationToken);
            var snapshot = await tenant.Connection.GetSnapshotAsync(TimeSpan.Zero, cancellationToken);
            return new TenantView(services, folder.Contents, folder.Catalog, resource, tenant, snapshot);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plans a policy as the operator would; nothing is changed.</summary>
    public Task<Outcome<SmimePolicyStatus>> PlanAsync(SmimePolicy policy, IResourceCatalog catalog, CancellationToken cancellationToken) =>
        _services.GetRequiredService<IResourceReconciler<SmimePolicy, SmimePolicyStatus>>()
            .ReconcileAsync(policy, new ReconcileScope(catalog, static (_, _) => Task.CompletedTask, PlanOnly: true), cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
