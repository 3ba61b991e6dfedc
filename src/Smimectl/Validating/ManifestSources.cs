namespace Smimectl;

/// <summary>Reads what is to be validated.</summary>
internal static class ManifestSources
{
    /// <summary>The name under which a stream is reported.</summary>
    public const string Stream = "stdin";

    /// <summary>The sets of manifests that a path names: a folder, a file, or - for the input.</summary>
    /// <exception cref="IOException">There is no such path, or no kustomization where one is asked for.</exception>
    /// <exception cref="KustomizeException">kubectl is needed and not installed.</exception>
    public static async Task<IReadOnlyList<ManifestSet>> ReadAsync(string path, KustomizeMode mode, TextReader input, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(DataVersions.Passing(), keepsDocuments: true);
        if (path == "-")
        {
            var text = await input.ReadToEndAsync(cancellationToken);
            return [new ManifestSet(FolderContents.Of([reader.Read(Stream, text)], []), new Dictionary<string, string> { [Stream] = text })];
        }

        if (File.Exists(path))
        {
            return [new ManifestSet(FolderContents.Of([reader.Read(path, await File.ReadAllTextAsync(path, cancellationToken))], []))];
        }

        if (CommonOptions.Misses(path) is { } problem)
        {
            throw new DirectoryNotFoundException(problem);
        }

        if (mode == KustomizeMode.Always && Kustomizations.FileOf(path) is null)
        {
            throw new FileNotFoundException($"{path} has no kustomization.yaml, and --kustomize always asks for one");
        }

        var kustomizations = mode switch
        {
            KustomizeMode.Always => new Kustomizations([path], [path]),
            KustomizeMode.Auto => Kustomizations.Find(path),
            _ => Kustomizations.None,
        };
        var files = new FolderScanner([path], reader, p => !Kustomizations.IsName(p) && !kustomizations.Cover(p)).Scan();
        return [new ManifestSet(files), .. await Task.WhenAll(kustomizations.Roots.Select(r => KustomizeBuild.RunAsync(r, reader, cancellationToken)))];
    }
}
