namespace Smimectl;

/// <summary>A folder cannot be built for a reason that lies outside of it.</summary>
internal sealed class KustomizeException(string message) : RefusalException(message);

/// <summary>
/// Builds a kustomization with kubectl. A kustomization of our own around it, in a temporary folder, asks for notes of each document's
/// origin, so the user's files stay as they are.
/// </summary>
internal static class KustomizeBuild
{
    private const string OriginAnnotation = "config.kubernetes.io/origin";

    /// <summary>Builds a folder.</summary>
    /// <returns>What it states; a single problem where it cannot be built.</returns>
    /// <exception cref="KustomizeException">kubectl is not installed.</exception>
    public static async Task<ManifestSet> RunAsync(string folder, ManifestReader reader, CancellationToken cancellationToken)
    {
        var around = Directory.CreateTempSubdirectory("smimectl-");
        try
        {
            // Kustomize knows real paths only, and relative ones only.
            var home = RealPath(around.FullName);
            var target = Path.GetRelativePath(home, RealPath(folder)).Replace('\\', '/');
            await File.WriteAllTextAsync(
                Path.Combine(home, "kustomization.yaml"), $"resources: ['{target.Replace("'", "''", StringComparison.Ordinal)}']\nbuildMetadata: [originAnnotations]\n", cancellationToken);
            var answer = await KubectlRunner.TryRunAsync(["kustomize", home], cancellationToken) ?? throw new KustomizeException(
                $"{folder} has a kustomization, which is built with kubectl, and kubectl is not installed; install it, or read the files as they are with --kustomize never");
            var file = Kustomizations.FileOf(folder) ?? folder;
            return answer.ExitCode == 0
                ? Read(answer.Output, file, path => Shown(Path.GetFullPath(Path.Combine(home, path)), folder), reader)
                : Faulty(file, answer.Error.Replace(home, "", StringComparison.Ordinal));
        }
        finally
        {
            around.Delete(recursive: true);
        }
    }

    private static ManifestSet Faulty(string file, string error) => new(FolderContents.Of([], [new ManifestProblem(
        file, 1, $"cannot be built: {YamlReader.WithoutQuotes(error.Trim().ReplaceLineEndings(" "))}; try kubectl kustomize {Path.GetDirectoryName(file)}") { Fault = ManifestFault.Build }]));

    private static ManifestSet Read(string output, string kustomization, Func<string, string> shown, ManifestReader reader)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var origins = new Dictionary<string, Origin>(StringComparer.Ordinal);
        var files = new List<ManifestFile>();
        // Everything inside of a document is indented, so no line of it looks like the border between two.
        foreach (var text in output.Split("\n---\n"))
        {
            var id = $"{kustomization}#{texts.Count}";
            texts[id] = text;
            origins[id] = OriginOf(YamlReader.Read(text).OfType<YamlMap>().FirstOrDefault(), kustomization, shown);
            files.Add(reader.Read(id, text));
        }

        return new ManifestSet(FolderContents.Of(files, []), texts, origins);
    }

    private static Origin OriginOf(YamlMap? document, string kustomization, Func<string, string> shown)
    {
        var metadata = document?.Find("metadata") as YamlMap;
        var lines = ((metadata?.Find("annotations") as YamlMap)?.Text(OriginAnnotation) ?? "").Split('\n');
        var isRemote = Value("repo") is not null;
        var path = isRemote ? null : Value("path") ?? Value("configuredIn");
        return new Origin(path is null ? kustomization : shown(path), document?.Text("kind") ?? "", metadata?.Text("name") ?? "");

        string? Value(string key) => Array.Find(lines, l => l.StartsWith(key + ": ", StringComparison.Ordinal))?[(key.Length + 2)..].Trim();
    }

    // As the user named the folder, where the file lies in it.
    private static string Shown(string path, string folder)
    {
        var relative = Path.GetRelativePath(RealPath(folder), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : Path.Combine(folder, relative);
    }

    private static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        var here = Path.Combine(RealPath(parent), Path.GetFileName(full));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true)?.FullName is { } target ? RealPath(target) : here;
    }
}
