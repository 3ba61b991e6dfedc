namespace Smimectl;

/// <summary>Whether folders with a kustomization.yaml are built first.</summary>
internal enum KustomizeMode
{
    /// <summary>Each folder that has a kustomization.yaml is built; other files are read as they are.</summary>
    Auto,

    /// <summary>The folder is built, and must have a kustomization.yaml.</summary>
    Always,

    /// <summary>Files are read as they are.</summary>
    Never,
}

/// <summary>The kustomizations below a folder.</summary>
/// <param name="Roots">Folders to build: those that no other one builds upon.</param>
/// <param name="Folders">All folders with a kustomization.</param>
internal sealed record Kustomizations(IReadOnlyList<string> Roots, IReadOnlyList<string> Folders)
{
    private static readonly string[] FileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    public static Kustomizations None { get; } = new([], []);

    /// <summary>Finds them. What cannot be read is told by whoever reads the other files.</summary>
    public static Kustomizations Find(string folder)
    {
        var found = FolderFiles.Below(folder, (_, _) => { })
            .Where(IsName)
            .Select(p => (Folder: Path.GetDirectoryName(p)!, Content: Read(p)))
            .Where(k => k.Content is null || IsKustomization(k.Content))
            .OrderBy(k => k.Folder, StringComparer.Ordinal)
            .ToList();
        var below = found.SelectMany(k => Bases(k.Folder, k.Content)).ToHashSet(StringComparer.Ordinal);
        return new Kustomizations(
            [.. found.Where(k => k.Content?.Text("kind") != "Component" && !below.Contains(Full(k.Folder))).Select(k => k.Folder)],
            [.. found.Select(k => k.Folder)]);
    }

    /// <summary>The file of a folder's kustomization; null where there is none.</summary>
    public static string? FileOf(string folder) => FileNames.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    /// <summary>Whether a file is called as kustomizations are.</summary>
    public static bool IsName(string path) => FileNames.Contains(Path.GetFileName(path), StringComparer.Ordinal);

    /// <summary>Whether a file belongs to a folder that is built.</summary>
    public bool Cover(string path) => Folders.Any(f => Full(path).StartsWith(Full(f) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    // Flux has a kind of that name too, and people call its file kustomization.yaml.
    private static bool IsKustomization(YamlMap content) =>
        content.Text("apiVersion") is not { } version || version.StartsWith("kustomize.config.k8s.io/", StringComparison.Ordinal);

    private static IEnumerable<string> Bases(string folder, YamlMap? content) =>
        from section in (string[])["resources", "bases", "components"]
        from item in (content?.Find(section) as YamlList)?.Items.OfType<YamlText>() ?? []
        where !item.Value.Contains("://", StringComparison.Ordinal)
        let path = Full(Path.Combine(folder, item.Value))
        where Directory.Exists(path)
        select path;

    private static YamlMap? Read(string path)
    {
        try
        {
            return YamlReader.Read(File.ReadAllText(path)).OfType<YamlMap>().FirstOrDefault();
        }
        catch (YamlProblemException)
        {
            // The build says what is wrong with it.
            return null;
        }
    }

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
