using k8s;
using k8s.Models;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>One object of a rendered chart.</summary>
internal sealed record RenderedObject(string ApiVersion, string Kind, string Name, string? Namespace, string Yaml)
{
    /// <summary>The object as the client library's type, which knows every field that the API has; a field it does not know fails the test.</summary>
    public T As<T>() => KubernetesYaml.Deserialize<T>(Yaml, strict: true);

    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}

/// <summary>What `helm template` makes of the chart.</summary>
internal sealed class RenderedChart
{
    private RenderedChart(string @namespace, string yaml)
    {
        Namespace = @namespace;
        Objects = [.. $"\n{yaml}".Split("\n---\n", StringSplitOptions.RemoveEmptyEntries).Select(Read).OfType<RenderedObject>()];
    }

    /// <summary>The namespace of the release.</summary>
    public string Namespace { get; }

    public IReadOnlyList<RenderedObject> Objects { get; }

    public static async Task<RenderedChart> RenderAsync(Helm helm, string @namespace, params string[] arguments) =>
        new(@namespace, await helm.RunAsync(["template", "smime-operator", Helm.Chart, "--namespace", @namespace, .. arguments]));

    public IEnumerable<T> All<T>(string kind) => Objects.Where(o => o.Kind == kind).Select(o => o.As<T>());

    public T Single<T>(string kind) => All<T>(kind).Single();

    /// <summary>A manifest of the objects of some kinds.</summary>
    public string Manifest(params string[] kinds) => string.Join("\n---\n", Objects.Where(o => kinds.Contains(o.Kind)).Select(o => o.Yaml));

    /// <summary>The environment that the Deployment gives to the operator, as NAME=value.</summary>
    public IEnumerable<string> Environment() => Single<V1Deployment>("Deployment").Spec.Template.Spec.Containers.Single().Env.Select(e =>
    {
        // What a kubelet would put in for the fields of a pod.
        var field = e.ValueFrom?.FieldRef?.FieldPath;
        (field is null or "metadata.namespace").ShouldBeTrue(field);
        return $"{e.Name}={(field is null ? e.Value : Namespace)}";
    });

    private static RenderedObject? Read(string yaml)
    {
        var content = string.Join('\n', yaml.Split('\n').SkipWhile(line => line.Length == 0 || line[0] == '#' || line == "---"));
        if (content.Length == 0)
        {
            return null;
        }

        var header = KubernetesYaml.Deserialize<Header>(content);
        return new RenderedObject(header.ApiVersion, header.Kind, header.Metadata.Name, header.Metadata.NamespaceProperty, content);
    }

    private sealed class Header : IKubernetesObject<V1ObjectMeta>
    {
        public string ApiVersion { get; set; } = "";

        public string Kind { get; set; } = "";

        public V1ObjectMeta Metadata { get; set; } = new();
    }
}
