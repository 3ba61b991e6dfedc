namespace Smimectl;

/// <summary>What the folders state at one moment.</summary>
/// <param name="Resources">The resources that exactly one document states.</param>
/// <param name="Problems">What cannot be used. While there is any, nobody may conclude that a resource was removed.</param>
/// <param name="Skipped">Documents of kinds that are none of ours.</param>
internal sealed record FolderContents(
    IReadOnlyDictionary<ResourceKey, ManifestResource> Resources, IReadOnlyList<ManifestProblem> Problems, IReadOnlyList<string> Skipped)
{
    public static FolderContents Empty { get; } = new(new Dictionary<ResourceKey, ManifestResource>(), [], []);

    /// <summary>What several files state together.</summary>
    public static FolderContents Of(IReadOnlyList<ManifestFile> files, IEnumerable<ManifestProblem> others)
    {
        var problems = others.Concat(files.SelectMany(f => f.Problems)).ToList();
        var resources = new Dictionary<ResourceKey, ManifestResource>();
        foreach (var same in files.SelectMany(f => f.Resources).GroupBy(r => r.Key))
        {
            var first = same.First();
            resources.Add(same.Key, first);
            foreach (var duplicate in same.Skip(1))
            {
                // Which of them is meant nobody can tell: none takes effect, and what was in effect stays.
                resources.Remove(same.Key);
                problems.Add(new ManifestProblem(duplicate.File, duplicate.Line, $"{same.Key} is stated in {first.File}:{first.Line} already; keep one of the two")
                {
                    Field = "metadata.name",
                    Fault = ManifestFault.Duplicate,
                });
            }
        }

        return new FolderContents(resources, problems, [.. files.SelectMany(f => f.Skipped)]);
    }
}
