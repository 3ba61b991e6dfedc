namespace Smimectl;

/// <summary>Which tenant a command looks at.</summary>
/// <param name="Folder">The folder with the manifests.</param>
/// <param name="Name">The Tenant's name, or namespace/name; null where the folder states only one.</param>
/// <param name="Endpoint">Overrides the Tenant's spec.endpoint.</param>
/// <param name="ClusterId">Part of the mark on what is ours; null takes that of the folder.</param>
internal sealed record TenantChoice(string Folder, string? Name, string? Endpoint, string? ClusterId = null)
{
    /// <summary>Further folders that count as part of it.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>All of them; the first gives the mark its name.</summary>
    public IReadOnlyList<string> Folders => [Folder, .. With];
}

/// <summary>A tenant cannot be looked at as things stand.</summary>
internal sealed class TenantChoiceException(string message) : RefusalException(message);
