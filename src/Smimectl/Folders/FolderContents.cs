namespace Smimectl;

/// <summary>What the folders state at one moment.</summary>
/// <param name="Resources">The resources that exactly one document states.</param>
/// <param name="Problems">What cannot be used. While there is any, nobody may conclude that a resource was removed.</param>
/// <param name="Skipped">Documents of kinds that are none of ours.</param>
internal sealed record FolderContents(
    IReadOnlyDictionary<ResourceKey, ManifestResource> Resources, IReadOnlyList<ManifestProblem> Problems, IReadOnlyList<string> Skipped)
{
    public static FolderContents Empty { get; } = new(new Dictionary<ResourceKey, ManifestResource>(), [], []);
}
