using System.Text.Json.Nodes;
using k8s.Models;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>The operator as exactly the service account of the chart: nothing that it asks for is refused, and nothing is granted that it does not ask for.</summary>
[Collection("Control plane")]
public sealed class RightsTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string Drifted = "changed in the portal";

    // Only for the moment after a conflict: somebody else wrote between our look and our write, which nobody can bring about on purpose.
    private static readonly Right[] GrantedForConflicts =
        [.. new[] { "tenants", "smimepolicies", "certificateimports", "assignments" }.Select(r => new Right("smime-operator.io", r, "get"))];

    private static readonly Helm Helm = new("helm");

    [Fact]
    public async Task In_all_namespaces()
    {
        var chart = await RenderedChart.RenderAsync(Helm, "smime-system", "--set", "crds.install=false");
        await AssertRightsAsync(chart, "wide-a", "wide-b", "selector: {matchLabels: {team: mail} }");
    }

    [Fact]
    public async Task In_some_namespaces()
    {
        var chart = await RenderedChart.RenderAsync(Helm, "smime-scoped", "--set", "crds.install=false", "--set", "rbac.namespaces={scoped-a,scoped-b}");

        // Beyond its namespaces it may read one object: the namespace whose uid is the cluster's identity.
        var clusterWide = chart.All<V1ClusterRole>("ClusterRole").Single(r => r.Metadata.Name == "smime-operator-smime-scoped").Rules.Single();
        (clusterWide.Resources.Single(), clusterWide.ResourceNames.Single(), clusterWide.Verbs.Single()).ShouldBe(("namespaces", "kube-system", "get"));
        await AssertRightsAsync(chart, "scoped-a", "scoped-b", "names: [scoped-b]");
    }

    private async Task AssertRightsAsync(RenderedChart chart, string home, string other, string allowed)
    {
        var user = $"system:serviceaccount:{chart.Namespace}:smime-operator";
        await PrepareAsync(chart, home, other, user);
        var token = (await cluster.Kubectl.RunAsync("create", "token", "smime-operator", "-n", chart.Namespace)).Trim();
        await using var proxy = await RecordingProxy.StartAsync(cluster.Server);
        var kubeconfig = proxy.Through(cluster.Server.WriteKubeconfig(chart.Namespace, token), cluster.Server);

        await using (StartOperator(chart, kubeconfig))
        {
            await cluster.Kubectl.ApplyAsync(Manifests(home, other, allowed));
            await cluster.WaitReadyAsync(home, "tenant/contoso", "smimepolicy/outlook-ios", "assignment/everyone");
            await cluster.WaitReadyAsync(other, "certificateimport/alice");
            await DriftAsync(home);
            await TakeRootAwayAsync(home);
        }

        // A second process finds the lease, the finalizers and the events of the first one.
        await using (StartOperator(chart, kubeconfig))
        {
            await TakeRootAwayAsync(home);
            await Patience.UntilAsync("the event is counted on", () => proxy.Used.Contains(new Right("events.k8s.io", "events", "patch")));
            await cluster.Kubectl.RunAsync("delete", "-n", other, "--timeout=100s", "certificateimport/alice");
            await cluster.Kubectl.RunAsync("delete", "-n", home, "--timeout=100s", "assignment/everyone", "smimepolicy/outlook-ios", "tenant/contoso");
        }

        cluster.Tenant.List("mobileAppConfigurations").ShouldBeEmpty();
        proxy.Requests.Where(r => r.Status is 401 or 403).ShouldBeEmpty();
        var granted = Rights.GrantedBy(chart);
        proxy.Used.Except(granted).ShouldBeEmpty();
        granted.Except(proxy.Used).Except(GrantedForConflicts).ShouldBeEmpty();
        GrantedForConflicts.Except(granted).ShouldBeEmpty();
    }

    private OperatorProcess StartOperator(RenderedChart chart, string kubeconfig) =>
        OperatorProcess.Start(kubeconfig, cluster.LogPath, ["SMIME_OPERATOR__CLUSTERID=", .. chart.Environment()]);

    private async Task PrepareAsync(RenderedChart chart, string home, string other, string user)
    {
        foreach (var space in new[] { chart.Namespace, home, other })
        {
            await cluster.Kubectl.RunAsync("create", "namespace", space);
        }

        await cluster.Kubectl.RunAsync("label", "namespace", other, "team=mail");
        await cluster.Kubectl.ApplyAsync(chart.Manifest("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"));
        await cluster.Kubectl.RunAsync("create", "-n", home, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
        await CreateRootAsync(home);
        await cluster.Kubectl.ApplyAsync(SampleKeys.TlsSecret(other, "alice-smime", "alice@contoso.com"));
        if (cluster.Tenant.Count("users") == 0)
        {
            cluster.Tenant.AddUser("alice@contoso.com");
            cluster.Tenant.AddGroup("S/MIME users");
        }

        // The authorizer learns of roles by a watch of its own.
        foreach (var (verb, resource, space) in new[] { ("patch", "assignments", home), ("get", "secrets", other), ("create", "leases", chart.Namespace), ("get", "namespaces/kube-system", "default") })
        {
            await Patience.UntilAsync($"{user} may {verb} {resource}", async () =>
                (await cluster.Kubectl.TryRunAsync(["auth", "can-i", verb, resource, "-n", space, "--as", user])).ExitCode == 0);
        }
    }

    // The policy's root certificate is missing for a moment, which is an event with the same words each time.
    private async Task TakeRootAwayAsync(string home)
    {
        await cluster.Kubectl.RunAsync("delete", "-n", home, "configmap", "pki");
        await cluster.Kubectl.RunAsync("wait", "-n", home, "--for=condition=Ready=False", "--timeout=100s", "smimepolicy/outlook-ios");
        await Patience.UntilAsync("the event is written", async () =>
            (await cluster.Kubectl.RunAsync("get", "events.events.k8s.io", "-n", home, "-o", "jsonpath={.items[*].reason}")).Contains("ReferenceNotFound", StringComparison.Ordinal));
        await CreateRootAsync(home);
        await cluster.WaitReadyAsync(home, "smimepolicy/outlook-ios");
    }

    private Task CreateRootAsync(string home) =>
        cluster.Kubectl.RunAsync("create", "-n", home, "configmap", "pki", $"--from-literal=root.pem={SampleKeys.Root()}");

    // The policy's name changes in the tenant and is put right, which is an event.
    private async Task DriftAsync(string home)
    {
        var policy = cluster.Single("mobileAppConfigurations", "iosMobileAppConfiguration");
        cluster.Tenant.Change("mobileAppConfigurations", (string)policy["id"]!, new JsonObject { ["displayName"] = Drifted });
        await Patience.UntilAsync("the drift is corrected", () =>
            (string?)cluster.Single("mobileAppConfigurations", "iosMobileAppConfiguration")["displayName"] != Drifted);
        await cluster.WaitReadyAsync(home, "smimepolicy/outlook-ios");
    }

    private string Manifests(string home, string other, string allowed) => cluster.TenantManifest(home, $"allowedNamespaces: {{{allowed}}}") + $$"""

        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata: {name: outlook-ios, namespace: {{home}}}
        spec:
          tenantRef: {name: contoso}
          displayName: Outlook S/MIME
          encryption: {source: ImportedPkcs}
          trustedCertificates: [{name: contoso-root, certificateRef: {kind: ConfigMap, name: pki, key: root.pem} }]
        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: Assignment
        metadata: {name: everyone, namespace: {{home}}}
        spec:
          policyRef: {name: outlook-ios}
          include: [{group: {displayName: S/MIME users} }]
        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: CertificateImport
        metadata: {name: alice, namespace: {{other}}}
        spec:
          tenantRef: {name: contoso, namespace: {{home}}}
          userPrincipalName: alice@contoso.com
          purpose: SmimeEncryption
          sources: [{name: current, tls: {secretName: alice-smime} }]
        """;
}
