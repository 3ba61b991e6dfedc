using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Kind, namespace and name.</summary>
internal readonly record struct ResourceKey(string Kind, string Namespace, string Name)
{
    public ResourceName ResourceName => new(Namespace, Name);

    public override string ToString() => Namespace.Length == 0 ? $"{Kind}/{Name}" : $"{Kind}/{Namespace}/{Name}";
}

/// <summary>A resource as a manifest states it.</summary>
/// <param name="Key">What it is called.</param>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">The line where its document begins.</param>
internal abstract record ManifestResource(ResourceKey Key, string File, int Line);

/// <summary>One of our four kinds.</summary>
internal sealed record CustomManifest(ResourceKey Key, string File, int Line, IKubernetesObject<V1ObjectMeta> Entity) : ManifestResource(Key, File, Line)
{
    /// <summary>The document, where the reader was asked to keep it.</summary>
    public YamlMap? Document { get; init; }
}

/// <summary>A Secret or ConfigMap without its data; the data is read from the file again when it is needed.</summary>
internal sealed record DataManifest(ResourceKey Key, string File, int Line, DataKind DataKind, DataObject Object) : ManifestResource(Key, File, Line)
{
    /// <summary>Whether the file holds it encrypted (SOPS), so that its data cannot be looked into here.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>The keys of its data, and what each holds of private keys; empty where it is encrypted.</summary>
    public IReadOnlyDictionary<string, PrivateKeyForm> Keys { get; init; } = new Dictionary<string, PrivateKeyForm>();
}

/// <summary>A namespace: its labels decide who may refer to a Tenant.</summary>
internal sealed record NamespaceManifest(ResourceKey Key, string File, int Line, IReadOnlyDictionary<string, string> Labels) : ManifestResource(Key, File, Line);

/// <summary>What one file states.</summary>
/// <param name="Resources">Its resources; empty where there are problems.</param>
/// <param name="Problems">What is wrong with it.</param>
/// <param name="Skipped">Documents of kinds that are none of ours.</param>
internal sealed record ManifestFile(
    IReadOnlyList<ManifestResource> Resources, IReadOnlyList<ManifestProblem> Problems, IReadOnlyList<string> Skipped);
