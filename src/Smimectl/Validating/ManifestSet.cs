namespace Smimectl;

/// <summary>Where a document of a build came from.</summary>
/// <param name="File">The file as the user knows it.</param>
/// <param name="Kind">The kind of the document.</param>
/// <param name="Name">Its name after the build; prefixes and suffixes may have been added.</param>
internal sealed record Origin(string File, string Kind, string Name);

/// <summary>Manifests that belong together: the files of a folder, what one kustomization builds, or a stream.</summary>
internal sealed class ManifestSet
{
    private readonly Dictionary<string, IReadOnlyList<YamlTree>?> _trees = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _texts;
    private readonly IReadOnlyDictionary<string, Origin> _origins;

    /// <param name="contents">What was read.</param>
    /// <param name="texts">The texts that are not files, by the names under which they were read.</param>
    /// <param name="origins">Where those texts came from, if they were built.</param>
    public ManifestSet(FolderContents contents, IReadOnlyDictionary<string, string>? texts = null, IReadOnlyDictionary<string, Origin>? origins = null)
    {
        Contents = contents;
        _texts = texts ?? new Dictionary<string, string>();
        _origins = origins ?? new Dictionary<string, Origin>();
        var faulty = contents.Problems.Select(p => p.File).Distinct().ToList();
        Unusable = faulty.SelectMany(f => TreesOf(f) ?? []).OfType<YamlMap>().Select(KeyOf).ToHashSet();
        IsWhole = faulty.TrueForAll(f => TreesOf(f) is not null);
    }

    public FolderContents Contents { get; }

    /// <summary>Resources that faulty files speak of: they are there, and cannot be looked into.</summary>
    public IReadOnlySet<ResourceKey> Unusable { get; }

    /// <summary>Whether every file could at least be read as YAML; otherwise nobody knows what else there is.</summary>
    public bool IsWhole { get; }

    /// <summary>Whether the manifests lie in files as they were read. A stream may have been decrypted on its way.</summary>
    public bool IsStored => _texts.Count == 0 || _origins.Count > 0;

    /// <summary>Where a field of a resource stands.</summary>
    public (string File, int Line) Place(ManifestResource resource, string? field)
    {
        if (_origins.TryGetValue(resource.File, out var origin))
        {
            return Place(origin, field);
        }

        return DocumentOf(resource) is { } document ? (resource.File, FieldLines.Find(document, field)) : (resource.File, resource.Line);
    }

    /// <summary>Where a problem stands.</summary>
    public (string File, int Line) Place(ManifestProblem problem) =>
        _origins.TryGetValue(problem.File, out var origin) ? Place(origin, problem.Field) : (problem.File, problem.Line);

    /// <summary>Whether the manifest writes a field itself.</summary>
    public bool Writes(ManifestResource resource, string field) => DocumentOf(resource) is { } document && FieldLines.Has(document, field);

    private (string File, int Line) Place(Origin origin, string? field)
    {
        var alike = (TreesOf(origin.File) ?? []).OfType<YamlMap>().Where(m => m.Text("kind") == origin.Kind).ToList();
        var document = alike.Find(m => NameOf(m) == origin.Name)
            ?? alike.Where(m => NameOf(m) is { Length: > 0 } name && origin.Name.Contains(name, StringComparison.Ordinal)).MaxBy(m => NameOf(m)!.Length)
            ?? (alike.Count == 1 ? alike[0] : null);
        return (origin.File, document is null ? 0 : FieldLines.Find(document, field));
    }

    private YamlTree? DocumentOf(ManifestResource resource) => (resource as CustomManifest)?.Document ?? TreesOf(resource.File)?.FirstOrDefault(t => t.Line == resource.Line);

    // Null where the text is no YAML or cannot be read.
    private IReadOnlyList<YamlTree>? TreesOf(string file)
    {
        if (!_trees.TryGetValue(file, out var trees))
        {
            try
            {
                trees = YamlReader.Read(_texts.TryGetValue(file, out var text) ? text : File.ReadAllText(file));
            }
            catch (Exception fault) when (fault is YamlProblemException or IOException or UnauthorizedAccessException)
            {
                trees = null;
            }

            _trees[file] = trees;
        }

        return trees;
    }

    private static ResourceKey KeyOf(YamlMap map) => new(map.Text("kind") ?? "", (map.Find("metadata") as YamlMap)?.Text("namespace") ?? ManifestReader.DefaultNamespace, NameOf(map) ?? "");

    private static string? NameOf(YamlMap map) => (map.Find("metadata") as YamlMap)?.Text("name");
}
