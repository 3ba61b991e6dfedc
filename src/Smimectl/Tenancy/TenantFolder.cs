using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>A folder of manifests, read once to look at the Tenants that it states.</summary>
internal sealed class TenantFolder
{
    private TenantFolder(string path, FolderContents contents, ResourceState state) =>
        (Path, Contents, Catalog, Tenants) = (path, contents, new FolderCatalog(state), [.. state.Records.Select(r => r.Entity).OfType<Tenant>()]);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What the folder states.</summary>
    public FolderContents Contents { get; }

    /// <summary>The folder as the reconcilers see it.</summary>
    public IResourceCatalog Catalog { get; }

    /// <summary>The Tenants that it states.</summary>
    public IReadOnlyList<Tenant> Tenants { get; }

    /// <summary>Reads a folder, and what counts as part of it; what is wrong with them is in the contents.</summary>
    /// <param name="choice">The folders; which of their Tenants does not matter here.</param>
    /// <param name="time">The clock.</param>
    public static TenantFolder Read(TenantChoice choice, TimeProvider time)
    {
        var contents = new FolderScanner(choice.Folders, new ManifestReader(DataVersions.Passing())).Scan();
        var state = new ResourceState(choice.ClusterId ?? FolderSync.DefaultClusterId(choice.Folder), new TenantOverrides(choice.Endpoint), time, TimeSpan.Zero);
        state.Apply(contents);
        return new TenantFolder(choice.Folder, contents, state);
    }

    /// <summary>The Tenant of that name, or the only one.</summary>
    /// <exception cref="TenantChoiceException">The folder states no such Tenant, or several.</exception>
    public Tenant Choose(string? name) => Choose(name, Tenants);

    /// <summary>The Tenant of that name, or the only one, of those that the folder states and others.</summary>
    /// <exception cref="TenantChoiceException">There is no such Tenant, or several.</exception>
    public Tenant Choose(string? name, IReadOnlyList<Tenant> tenants)
    {
        var chosen = name is null ? tenants : [.. tenants.Where(t => name == t.Metadata.Name || name == NameOf(t))];
        return chosen switch
        {
            [var one] => one,
            [] when tenants.Count == 0 => throw new TenantChoiceException($"{Path} states no Tenant; name a folder that does"),
            [] => throw new TenantChoiceException($"{Path} states no Tenant {name}; it states {Names(tenants)}"),
            _ => throw new TenantChoiceException($"{Path} states {Names(chosen)}; choose one with --tenant NAMESPACE/NAME"),
        };
    }

    /// <summary>Namespace and name of a Tenant.</summary>
    public static string NameOf(Tenant tenant) => $"{tenant.Metadata.NamespaceProperty}/{tenant.Metadata.Name}";

    private static string Names(IEnumerable<Tenant> tenants) => string.Join(", ", tenants.Select(NameOf).Order(StringComparer.Ordinal));
}
