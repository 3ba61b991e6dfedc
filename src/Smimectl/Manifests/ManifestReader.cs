using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Reads manifests of our four kinds, Secrets, ConfigMaps and Namespaces. A file with a problem states nothing.</summary>
/// <param name="versions">Makes versions of Secrets and ConfigMaps.</param>
/// <param name="keepsDocuments">Whether resources of our kinds keep their documents, for whoever wants to know the line of a field.</param>
internal sealed partial class ManifestReader(DataVersions versions, bool keepsDocuments = false)
{
    /// <summary>The namespace of a manifest that names none.</summary>
    public const string DefaultNamespace = "default";

    // The field that SOPS adds to what it encrypts.
    private const string Sops = "sops";

    private static readonly Dictionary<string, Type> CustomKinds = new(StringComparer.Ordinal)
    {
        [Tenant.KubeKind] = typeof(Tenant),
        [SmimePolicy.KubeKind] = typeof(SmimePolicy),
        [CertificateImport.KubeKind] = typeof(CertificateImport),
        [Assignment.KubeKind] = typeof(Assignment),
    };

    /// <summary>Reads a file.</summary>
    public ManifestFile Read(string file, string text)
    {
        var problems = new List<ManifestProblem>();
        var resources = new List<ManifestResource>();
        var skipped = new List<string>();
        try
        {
            foreach (var document in YamlReader.Read(text))
            {
                if (ReadDocument(file, document, problems, skipped) is { } resource)
                {
                    resources.Add(resource);
                }
            }
        }
        catch (YamlProblemException fault)
        {
            problems.Add(new ManifestProblem(file, fault.Line, fault.Message) { Fault = ManifestFault.Syntax });
        }

        return new ManifestFile(problems.Count == 0 ? resources : [], problems, skipped);
    }

    /// <summary>The data of one Secret or ConfigMap in a file, or null.</summary>
    public static IReadOnlyDictionary<string, byte[]>? ReadData(string text, ResourceKey key)
    {
        try
        {
            foreach (var map in YamlReader.Read(text).OfType<YamlMap>().Where(m => m.Text("kind") == key.Kind && m.Text("apiVersion") == "v1"))
            {
                var problems = new List<ManifestProblem>();
                if (map.Find(Sops) is null && ReadMetadata("", map, problems) is { } metadata && metadata.Name == key.Name && metadata.NamespaceProperty == key.Namespace)
                {
                    var data = DataSections.Read("", map, problems);
                    return problems.Count == 0 ? data : null;
                }
            }
        }
        catch (YamlProblemException)
        {
            // The scan of the folder reports it; to whoever asks for the data it is not there.
        }

        return null;
    }

    private ManifestResource? ReadDocument(string file, YamlTree document, List<ManifestProblem> problems, List<string> skipped)
    {
        if (document is not YamlMap map || map.Text("apiVersion") is not { Length: > 0 } version || map.Text("kind") is not { Length: > 0 } kind)
        {
            problems.Add(new ManifestProblem(file, document.Line, "no Kubernetes manifest: apiVersion and kind are missing"));
            return null;
        }

        if (version == ApiGroup.ApiVersion && CustomKinds.TryGetValue(kind, out var type))
        {
            return ReadCustom(file, map, kind, type, problems);
        }

        if (version.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal) || CustomKinds.ContainsKey(kind))
        {
            problems.Add(new ManifestProblem(file, map.Line,
                $"there is no such kind; {ApiGroup.ApiVersion} has {string.Join(", ", CustomKinds.Keys)}")
            { Field = "kind" });
            return null;
        }

        switch (version, kind)
        {
            case ("v1", "Secret"):
                return ReadData(file, map, DataKind.Secret, problems);
            case ("v1", "ConfigMap"):
                return ReadData(file, map, DataKind.ConfigMap, problems);
            case ("v1", "Namespace"):
                CheckFields(file, map, ["apiVersion", "kind", "metadata", "spec"], problems);
                return ReadMetadata(file, map, problems) is { } metadata
                    ? new NamespaceManifest(new ResourceKey(kind, "", metadata.Name), file, map.Line, Copy(metadata.Labels))
                    : null;
            default:
                skipped.Add($"{file}:{map.Line}: {kind} ({version}) is none of our kinds and was skipped");
                return null;
        }
    }

    private CustomManifest? ReadCustom(string file, YamlMap map, string kind, Type type, List<ManifestProblem> problems)
    {
        var before = problems.Count;
        CheckFields(file, map, ["apiVersion", "kind", "metadata", "spec"], problems);
        var metadata = ReadMetadata(file, map, problems);
        var spec = type.GetProperty("Spec")!;
        if (map.Find("spec") is not { } tree)
        {
            problems.Add(new ManifestProblem(file, map.Line, "spec is missing; write it") { Field = "spec" });
            return null;
        }

        var bound = new SpecBinder(file, problems).BindObject(tree, spec.PropertyType, "spec");
        if (metadata is null || problems.Count > before)
        {
            return null;
        }

        var entity = (IKubernetesObject<V1ObjectMeta>)Activator.CreateInstance(type)!;
        entity.Metadata = metadata;
        spec.SetValue(entity, bound);
        return new CustomManifest(new ResourceKey(kind, metadata.NamespaceProperty, metadata.Name), file, map.Line, entity) { Document = keepsDocuments ? map : null };
    }

    private DataManifest? ReadData(string file, YamlMap map, DataKind kind, List<ManifestProblem> problems)
    {
        var before = problems.Count;
        CheckFields(file, map, kind == DataKind.Secret
            ? ["apiVersion", "kind", "metadata", "type", "data", "stringData", "immutable", Sops]
            : ["apiVersion", "kind", "metadata", "data", "binaryData", "immutable", Sops], problems);
        var metadata = ReadMetadata(file, map, problems);
        var isEncrypted = map.Find(Sops) is not null;
        var data = isEncrypted ? [] : DataSections.Read(file, map, problems);
        if (metadata is null || problems.Count > before)
        {
            return null;
        }

        var labels = Copy(metadata.Labels);
        var name = new ResourceName(metadata.NamespaceProperty, metadata.Name);
        var found = new DataObject(name, versions.Of(data), labels, Copy(metadata.Annotations));
        return new DataManifest(new ResourceKey(kind.ToString(), name.Namespace, name.Name), file, map.Line, kind, found)
        {
            IsEncrypted = isEncrypted,
            Keys = data.ToDictionary(d => d.Key, d => PrivateKeys.Find(d.Value), StringComparer.Ordinal),
        };
    }

    private static V1ObjectMeta? ReadMetadata(string file, YamlMap map, List<ManifestProblem> problems)
    {
        if (map.Find("metadata") is not YamlMap metadata)
        {
            problems.Add(new ManifestProblem(file, map.Line, "metadata is missing; write it, with a name") { Field = "metadata" });
            return null;
        }

        var before = problems.Count;
        var binder = new SpecBinder(file, problems);
        var read = (ManifestMetadata)binder.BindObject(metadata, typeof(ManifestMetadata), "metadata");
        if (problems.Count == before && (read.Name.Length > 253 || !ObjectName().IsMatch(read.Name)))
        {
            problems.Add(new ManifestProblem(file, metadata.Line, "metadata.name must consist of a-z, 0-9, - and ., and each part between dots begin and end with a letter or digit")
            {
                Field = "metadata.name",
            });
        }

        if (read.Namespace is { } space && (space.Length > 63 || !LabelName().IsMatch(space)))
        {
            problems.Add(new ManifestProblem(file, metadata.Line, "metadata.namespace must consist of a-z, 0-9 and -, and begin and end with a letter or digit")
            {
                Field = "metadata.namespace",
            });
        }

        return problems.Count > before
            ? null
            : new V1ObjectMeta
            {
                Name = read.Name,
                NamespaceProperty = read.Namespace ?? DefaultNamespace,
                Labels = read.Labels,
                Annotations = read.Annotations,
            };
    }

    private static void CheckFields(string file, YamlMap map, IReadOnlyList<string> known, List<ManifestProblem> problems) =>
        problems.AddRange(map.Entries.Where(e => !known.Contains(e.Key.Value))
            .Select(e => new ManifestProblem(file, e.Key.Line, $"{Shown(e.Key.Value)} is not known; known are {string.Join(", ", known)}") { Field = Shown(e.Key.Value) }));

    // A line that slipped to the left in a Secret may be a value.
    private static string Shown(string name) => name.Length <= 40 ? name : "a field";

    private static Dictionary<string, string> Copy(IDictionary<string, string>? entries) =>
        entries is null ? [] : new Dictionary<string, string>(entries);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelName();
}

/// <summary>What a manifest in a folder may say in its metadata.</summary>
internal sealed class ManifestMetadata
{
    [SmimeOperator.Api.Schema.Mandatory]
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>What kubectl writes into manifests that it makes up, as null; nobody reads it.</summary>
    public string? CreationTimestamp { get; set; }
}
