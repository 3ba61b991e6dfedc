namespace SmimeOperator.Tests;

/// <summary>A namespace is deleted with everything in it, in whatever order.</summary>
[Collection("Control plane")]
public sealed class TeardownTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string Space = "teardown";

    [Fact]
    public async Task A_namespace_that_is_deleted_takes_everything_along_and_leaves_the_tenant_clean()
    {
        await cluster.Kubectl.RunAsync("create", "namespace", Space);
        await cluster.Kubectl.RunAsync("create", "-n", Space, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
        await cluster.Kubectl.RunAsync("create", "-n", Space, "configmap", "pki", $"--from-literal=root.pem={SampleKeys.Root()}");
        await cluster.Kubectl.ApplyAsync(SampleKeys.TlsSecret(Space, "alice-smime", "alice@contoso.com"));
        cluster.Tenant.AddUser("alice@contoso.com");
        await using var running = cluster.StartOperator($"SMIME_OPERATOR__NAMESPACES={Space}");
        await cluster.Kubectl.ApplyAsync(Manifests());
        await cluster.WaitReadyAsync(Space, "tenant/contoso", "smimepolicy/outlook-ios", "certificateimport/alice", "assignment/everyone");
        cluster.Tenant.Log.Clear();

        // What the namespace controller does, which this API server has not: nothing can be created any more, then everything is deleted at once.
        await cluster.Kubectl.RunAsync("delete", "namespace", Space, "--wait=false");
        (await cluster.ReadAsync(Space, "namespace/" + Space, "{.status.phase}")).ShouldBe("Terminating");
        await cluster.Kubectl.RunAsync("delete", "-n", Space, "--all", "--wait=false", "secrets,configmaps");
        await cluster.Kubectl.RunAsync("delete", "-n", Space, "--all", "--wait=false", "tenants.smime-operator.io,smimepolicies.smime-operator.io,certificateimports.smime-operator.io,assignments.smime-operator.io");

        await Patience.UntilAsync("nothing is left in the namespace", async () =>
            (await cluster.Kubectl.RunAsync("get", "-n", Space, "tenants.smime-operator.io,smimepolicies.smime-operator.io,certificateimports.smime-operator.io,assignments.smime-operator.io", "-o", "name")).Trim().Length == 0);
        cluster.Tenant.List("mobileAppConfigurations").ShouldBeEmpty();
        cluster.Tenant.List("deviceConfigurations").ShouldBeEmpty();
        cluster.Tenant.List("mobileApps").ShouldBeEmpty();

        // The user's key stays, for nothing said that it may go; and nothing was made on the way.
        cluster.Tenant.List("userPfxCertificates").Select(r => (string?)r["userPrincipalName"]).ShouldBe(["alice@contoso.com"]);
        cluster.Tenant.Log.Entries.Where(e => e.IsWrite && e.Method == "POST").ShouldAllBe(e => e.Path.EndsWith("/assign", StringComparison.Ordinal));
        await running.WaitForAsync("/healthz");
        Secrets(File.ReadAllText(cluster.LogPath)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Secrets(string log) => ((string[])["PRIVATE KEY", "tls.key"]).Where(s => log.Contains(s, StringComparison.Ordinal));

    private string Manifests() => cluster.TenantManifest(Space) + $$"""

        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata: {name: outlook-ios, namespace: "{{Space}}"}
        spec:
          tenantRef: {name: contoso}
          displayName: Outlook S/MIME
          encryption: {source: ImportedPkcs}
          trustedCertificates: [{name: contoso-root, certificateRef: {kind: ConfigMap, name: pki, key: root.pem} }]
        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: CertificateImport
        metadata: {name: alice, namespace: "{{Space}}"}
        spec:
          tenantRef: {name: contoso}
          userPrincipalName: alice@contoso.com
          purpose: SmimeEncryption
          sources: [{name: current, tls: {secretName: alice-smime} }]
        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: Assignment
        metadata: {name: everyone, namespace: "{{Space}}"}
        spec:
          policyRef: {name: outlook-ios}
          include: [{allUsers: true}]
        """;
}
