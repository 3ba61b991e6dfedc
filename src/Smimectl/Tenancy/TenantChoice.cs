using SmimeOperator.Api;

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
internal sealed class TenantChoiceException(string message) : RefusalException(message)
{
    /// <summary>There is nothing to do: to a build server that must not look like everything being in order.</summary>
    public static TenantChoiceException NothingStated(string folder) =>
        new($"{folder} states nothing of {ApiGroup.Name}, and nothing is remembered that it could have stated; is it the right folder?");
}
