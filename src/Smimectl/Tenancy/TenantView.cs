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

    /// <summary>Reads the folder, opens the tenant and reads it whole.</summary>
    /// <exception cref="TenantChoiceException">The folder states no such Tenant, or several.</exception>
    /// <exception cref="TenantNotUsableException">The Tenant's credential cannot be made.</exception>
    /// <exception cref="TenantException">The tenant cannot be read.</exception>
    public static async Task<TenantView> OpenAsync(TenantChoice choice, TimeProvider time, CancellationToken cancellationToken)
    {
        var contents = new FolderScanner([choice.Folder], new ManifestReader(DataVersions.Passing())).Scan();
        var state = new ResourceState(choice.ClusterId ?? FolderSync.DefaultClusterId(choice.Folder), choice.Endpoint, time, TimeSpan.Zero);
        state.Apply(contents);
        var catalog = new FolderCatalog(state);
        var resource = Choose(choice, state);
        var services = new ServiceCollection().AddSingleton(time).AddIntune(o => o.DryRun = true).AddReconciliation().BuildServiceProvider();
        try
        {
            var tenant = await services.GetRequiredService<TenantPool>().OpenAsync(resource, catalog, cancellationToken);
            var snapshot = await tenant.Connection.GetSnapshotAsync(TimeSpan.Zero, cancellationToken);
            return new TenantView(services, contents, catalog, resource, tenant, snapshot);
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

    private static Tenant Choose(TenantChoice choice, ResourceState state)
    {
        var stated = state.Records.Select(r => r.Entity).OfType<Tenant>().ToList();
        var chosen = choice.Name is null ? stated : stated.FindAll(t => choice.Name == t.Metadata.Name || choice.Name == NameOf(t));
        return chosen switch
        {
            [var one] => one,
            [] when stated.Count == 0 => throw new TenantChoiceException($"{choice.Folder} states no Tenant; name a folder that does"),
            [] => throw new TenantChoiceException($"{choice.Folder} states no Tenant {choice.Name}; it states {Names(stated)}"),
            _ => throw new TenantChoiceException($"{choice.Folder} states {Names(chosen)}; choose one with --tenant NAMESPACE/NAME"),
        };
    }

    private static string Names(IEnumerable<Tenant> tenants) => string.Join(", ", tenants.Select(NameOf).Order(StringComparer.Ordinal));

    private static string NameOf(Tenant tenant) => $"{tenant.Metadata.NamespaceProperty}/{tenant.Metadata.Name}";
}
