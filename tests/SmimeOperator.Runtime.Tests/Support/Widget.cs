using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime.Tests;

/// <summary>The custom resource of these tests. Its CRD knows more fields than this type.</summary>
[KubernetesEntity(Group = Widget.KubeGroup, ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
public sealed class Widget : IKubernetesObject<V1ObjectMeta>, ISpec<WidgetSpec>, IStatus<WidgetStatus?>
{
    public const string KubeGroup = "runtime.test.example";

    public const string Finalizer = $"{KubeGroup}/cleanup";

    public const string Crd = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.runtime.test.example}
        spec:
          group: runtime.test.example
          scope: Namespaced
          names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      size: {x-kubernetes-int-or-string: true}
                      secretName: {type: string}
                      unknownToTheType: {type: string}
                  status:
                    type: object
                    properties:
                      observedGeneration: {type: integer, default: -1}
                      phase: {type: string}
                      color: {type: string, default: grey}
                      conditions:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [type]
                        items:
                          type: object
                          required: [type]
                          properties: {type: {type: string}, status: {type: string}}
        """;

    public string ApiVersion { get; set; } = $"{KubeGroup}/v1";

    public string Kind { get; set; } = "Widget";

    public V1ObjectMeta Metadata { get; set; } = new();

    public WidgetSpec Spec { get; set; } = new();

    public WidgetStatus? Status { get; set; }
}

public sealed class WidgetSpec
{
    public int Size { get; set; }

    public string? SecretName { get; set; }
}

public sealed class WidgetStatus
{
    public long ObservedGeneration { get; set; } = -1;

    public string? Phase { get; set; }
}
