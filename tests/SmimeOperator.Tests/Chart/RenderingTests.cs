using k8s.Models;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>Whatever values a user chooses, the chart renders what Kubernetes accepts, or says what is wrong.</summary>
[Collection("Control plane")]
public sealed class RenderingTests(ChartCluster cluster) : IClassFixture<ChartCluster>
{
    private const string Everything = """
        image: {repository: registry.example.com/smime-operator, digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
        imagePullSecrets: [{name: registry}]
        commonLabels: {team: mail}
        crds: {keep: false, annotations: {example.com/owner: mail}}
        serviceAccount: {name: postman, annotations: {example.com/a: b}, labels: {example.com/c: d}}
        workloadIdentity: {enabled: true, clientId: 11111111-2222-3333-4444-555555555555}
        rbac: {aggregateTenants: true}
        replicaCount: 2
        leaderElection: {leaseName: smime-blue}
        labelSelector: shard in (blue, green)
        clusterId: blue
        logging: {level: Debug, format: text}
        env: [{name: HTTPS_PROXY, value: "http://proxy.example.com:3128"}]
        envFrom: [{configMapRef: {name: proxies}}]
        extraArgs: ["--Operator:Workers=8"]
        extraVolumes: [{name: ca, configMap: {name: ca}}]
        extraVolumeMounts: [{name: ca, mountPath: /etc/ssl/certs, readOnly: true}]
        podLabels: {a: b}
        podAnnotations: {c: d}
        priorityClassName: system-cluster-critical
        tolerations: [{key: dedicated, operator: Exists}]
        affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname}}]}}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}]
        podDisruptionBudget: {enabled: true, maxUnavailable: 50%}
        networkPolicy:
          enabled: true
          metricsFrom: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
          extraEgress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
        metrics:
          service: {annotations: {e: f}}
          serviceMonitor: {enabled: true, labels: {release: prometheus}, metricRelabelings: [{action: labeldrop, regex: pod}]}
          prometheusRule: {enabled: true, labels: {release: prometheus}, runbookBaseUrl: "https://git.example.com/smime-operator/blob/main/"}
          dashboard: {enabled: true, annotations: {grafana_folder: Mail}}
        otlp: {endpoint: "http://collector.monitoring:4317", traceRatio: 0.25}
        extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Release.Name }}-more", namespace: default}}]
        """;

    public static TheoryData<string, string> Values => new()
    {
        { "the defaults", "" },
        { "everything", Everything },
        { "some namespaces", "rbac: {namespaces: [default, kube-system]}" },
        { "some namespaces and nothing beyond", "{rbac: {namespaces: [default]}, clusterId: blue}" },
        { "what others provide", "{crds: {install: false}, rbac: {create: false}, serviceAccount: {create: false, name: theirs}, metrics: {service: {enabled: false}}}" },
        { "a single pod without leader election", "leaderElection: {enabled: false}" },
        { "other names", "{nameOverride: mail, fullnameOverride: a-name-that-is-very-long-and-still-not-longer-than-what-names-may-be}" },
    };

    [Theory, MemberData(nameof(Values))]
    public async Task Kubernetes_accepts_what_is_rendered(string what, string values)
    {
        foreach (var helm in new[] { "helm", "helm3" })
        {
            var chart = await RenderAsync(helm, values);
            chart.Objects.ShouldNotBeEmpty(what);
            chart.Objects.Select(o => (o.Kind, o.Namespace, o.Name)).ShouldBeUnique();
            var answer = await cluster.Kubectl.TryApplyAsync(cluster.Adapt(Manifest(chart)), "--dry-run=server", "--force-conflicts");
            answer.ExitCode.ShouldBe(0, $"{helm}, {what}: {answer.StandardError}");

            // A server with stand-ins looks at no field of these, so the client library does.
            chart.All<V1Deployment>("Deployment").Count().ShouldBe(1);
            chart.All<V1Service>("Service").ShouldAllBe(s => Matches(s.Spec.Selector, Pod(chart)));
            chart.All<V1NetworkPolicy>("NetworkPolicy").ShouldAllBe(p => Matches(p.Spec.PodSelector.MatchLabels, Pod(chart)));
            chart.All<V1PodDisruptionBudget>("PodDisruptionBudget").ShouldAllBe(b => Matches(b.Spec.Selector.MatchLabels, Pod(chart)));
            AssertRestricted(Pod(chart).Spec);
            foreach (var test in chart.All<V1Pod>("Pod"))
            {
                AssertRestricted(test.Spec);
                chart.All<V1Service>("Service").ShouldNotContain(s => s.Spec.Selector.All(l => test.Metadata.Labels.Contains(l)));
            }
        }
    }

    [Theory]
    [InlineData("replicas: 2", "replicas")]
    [InlineData("image: {repository: a, digest: latest}", "digest")]
    [InlineData("rbac: {namespaces: [Not_A_Name]}", "namespaces")]
    [InlineData("{replicaCount: 2, leaderElection: {enabled: false}}", "replicaCount must be 0 or 1 while leaderElection.enabled is false")]
    [InlineData("labelSelector: shard=a", "leaderElection.leaseName must be set together with labelSelector")]
    [InlineData("otlp: {endpoint: 'collector:4317'}", "endpoint")]
    [InlineData("metrics: {service: {enabled: false}, serviceMonitor: {enabled: true}}", "metrics.serviceMonitor.enabled needs metrics.service.enabled")]
    public async Task A_value_that_cannot_be_is_refused_by_name(string values, string message)
    {
        foreach (var helm in new[] { "helm", "helm3" })
        {
            var answer = await new Helm(helm).TryRunAsync("template", "smime-operator", Helm.Chart, "--values", cluster.NewFile(values));
            answer.ExitCode.ShouldNotBe(0, helm);
            answer.StandardError.ShouldContain(message);
        }
    }

    [Theory]
    [InlineData("helm")]
    [InlineData("helm3")]
    public async Task Lint_finds_nothing(string helm) =>
        (await new Helm(helm).RunAsync("lint", "--strict", Helm.Chart, "--values", cluster.NewFile(Everything))).ShouldContain("0 chart(s) failed");

    [Fact]
    public async Task Workload_identity_is_where_its_webhook_looks()
    {
        var chart = await RenderAsync("helm", Everything);
        Pod(chart).Metadata.Labels["azure.workload.identity/use"].ShouldBe("true");
        chart.Single<V1ServiceAccount>("ServiceAccount").Metadata.Annotations["azure.workload.identity/client-id"].ShouldBe("11111111-2222-3333-4444-555555555555");
        Pod(chart).Spec.ServiceAccountName.ShouldBe("postman");
        Pod(chart).Spec.Containers.Single().Image.ShouldStartWith("registry.example.com/smime-operator@sha256:");
    }

    // The test's own API server may know no workloads.
    [Theory, MemberData(nameof(Values))]
    public async Task Workloads_fit_the_schemas_that_Kubernetes_publishes(string what, string values)
    {
        var chart = await RenderAsync("helm", values);
        var answer = await PublishedSchemas.ValidateAsync(chart.Objects.Where(o => PublishedSchemas.Kinds.Contains(o.Kind)));
        answer.ExitCode.ShouldBe(0, $"{what}: {answer.StandardError}");
    }

    [Fact]
    public async Task A_shard_has_its_own_lease_and_may_write_it()
    {
        var chart = await RenderAsync("helm", Everything);
        chart.Environment().ShouldContain("SMIME_OPERATOR__LEADERELECTIONNAME=smime-blue");
        chart.Environment().ShouldContain("SMIME_OPERATOR__LABELSELECTOR=shard in (blue, green)");
        chart.All<V1Role>("Role").Single(r => r.Metadata.Name.EndsWith("-leader-election", StringComparison.Ordinal))
            .Rules.Single(r => r.Verbs.Contains("patch")).ResourceNames.ShouldBe(["smime-blue"]);
    }

    [Fact]
    public async Task Traces_find_their_way_out_and_alerts_lead_to_runbooks()
    {
        var chart = await RenderAsync("helm", Everything);
        chart.Environment().ShouldContain("SMIME_OPERATOR__OTLPENDPOINT=http://collector.monitoring:4317");
        chart.Environment().ShouldContain("SMIME_OPERATOR__TRACERATIO=0.25");
        chart.Single<V1NetworkPolicy>("NetworkPolicy").Spec.Egress.SelectMany(e => e.Ports ?? []).ShouldContain(p => p.Port.Value == "4317");
        var rules = chart.Objects.Single(o => o.Kind == "PrometheusRule").Yaml.Split('\n');
        var runbooks = rules.Where(l => l.Contains("runbook_url:", StringComparison.Ordinal)).ToList();
        runbooks.Count.ShouldBe(rules.Count(l => l.Contains("alert:", StringComparison.Ordinal)));
        runbooks.ShouldAllBe(l => l.Contains(" https://git.example.com/smime-operator/blob/main/docs/runbooks.md#smime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_need_there_is_no_right_beyond_the_namespaces()
    {
        var chart = await RenderAsync("helm", "{rbac: {namespaces: [default], aggregate: false}, clusterId: blue}");
        chart.Objects.ShouldNotContain(o => o.Kind == "ClusterRole" || o.Kind == "ClusterRoleBinding");
    }

    [Fact]
    public async Task The_plain_manifests_are_accepted_as_well()
    {
        var rendered = (await Command.RunAsync("kubectl", ["kustomize", RepositoryRoot.Path("deploy", "kustomize")])).Succeeded().StandardOutput;
        await cluster.Kubectl.RunAsync("create", "namespace", "smime-system");
        await cluster.Kubectl.ApplyAsync(cluster.Adapt(rendered), "--dry-run=server");
    }

    private Task<RenderedChart> RenderAsync(string helm, string values) =>
        RenderedChart.RenderAsync(new Helm(helm), "default", "--values", cluster.NewFile(values));

    private static string Manifest(RenderedChart chart) => string.Join("\n---\n", chart.Objects.Select(o => o.Yaml));

    private static V1PodTemplateSpec Pod(RenderedChart chart) => chart.Single<V1Deployment>("Deployment").Spec.Template;

    private static bool Matches(IDictionary<string, string> selector, V1PodTemplateSpec pod) => selector.Count > 0 && selector.All(pod.Metadata.Labels.Contains);

    // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and a file system that cannot be written to.
    private static void AssertRestricted(V1PodSpec pod)
    {
        pod.SecurityContext.RunAsNonRoot.ShouldBe(true);
        pod.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault");
        pod.Volumes?.ShouldAllBe(v => v.EmptyDir != null || v.ConfigMap != null);
        var context = pod.Containers.Single().SecurityContext;
        context.AllowPrivilegeEscalation.ShouldBe(false);
        context.ReadOnlyRootFilesystem.ShouldBe(true);
        context.Capabilities.Drop.ShouldBe(["ALL"]);
    }
}
