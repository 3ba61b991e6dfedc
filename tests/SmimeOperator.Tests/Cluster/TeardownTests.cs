using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Tests;

/// <summary>A namespace is deleted with everything in it, in whatever order.</summary>
[Collection("Control plane")]
public sealed class TeardownTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string Space = "teardown";
    private const string Elsewhere = "bystander";
    private const string Kinds = "tenants.smime-operator.io,smimepolicies.smime-operator.io,certificateimports.smime-operator.io,assignments.smime-operator.io";

    [Fact]
    public async Task A_namespace_that_is_deleted_takes_everything_along_and_leaves_the_tenant_clean()
    {
        await cluster.Kubectl.RunAsync("create", "namespace", Space);
        await cluster.Kubectl.RunAsync("create", "namespace", Elsewhere);
        await cluster.Kubectl.RunAsync("create", "-n", Space, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
        await cluster.Kubectl.RunAsync("create", "-n", Space, "configmap", "pki", $"--from-literal=root.pem={SampleKeys.Root()}");
        foreach (var user in (string[])["alice", "bob"])
        {
            await cluster.Kubectl.ApplyAsync(SampleKeys.TlsSecret(Space, user + "-smime", user + "@contoso.com"));
            cluster.Tenant.AddUser(user + "@contoso.com");
        }

        // An app that others brought stays; that it was assigned to everyone must not.
        cluster.Tenant.AddStoreApp();
        await using var running = cluster.StartOperator($"SMIME_OPERATOR__NAMESPACES={Space},{Elsewhere}");
        await cluster.Kubectl.ApplyAsync(Manifests());
        await cluster.WaitReadyAsync(Space, "tenant/contoso", "smimepolicy/outlook-ios", "certificateimport/alice", "certificateimport/bob", "assignment/everyone");
        AppAssignments().ShouldNotBeEmpty();
        cluster.Tenant.Log.Clear();

        // A namespace that goes asks nobody for the order. This one is the worst: what others need goes first.
        await DeleteAsync("secrets,configmaps");
        await SaysAsync("certificateimport/bob", "ReferenceNotFound");
        await DeleteAsync("tenants.smime-operator.io");
        await SaysAsync("tenant/contoso", "InUse");
        await DeleteAsync("smimepolicies.smime-operator.io");
        await SaysAsync("smimepolicy/outlook-ios", "InUse");

        // Not every API server for tests has a namespace controller: what it would delete is deleted by hand.
        // For as long as nothing can be unassigned, the policy waits for its Assignment: only through it is the app found.
        cluster.Tenant.AddFault(new FaultRule { Method = "POST", Path = "/assign$", Status = 503 });
        await cluster.Kubectl.RunAsync("delete", "namespace", Space, "--wait=false");
        (await cluster.ReadAsync(Space, "namespace/" + Space, "{.status.phase}")).ShouldBe("Terminating");
        await DeleteAsync("certificateimports.smime-operator.io,assignments.smime-operator.io");
        await SaysAsync("smimepolicy/outlook-ios", "Progressing");
        cluster.Tenant.ClearFaults();

        await Patience.UntilAsync("nothing is left in the namespace", async () => (await cluster.Kubectl.RunAsync("get", "-n", Space, Kinds, "-o", "name")).Trim().Length == 0);
        cluster.Tenant.List("mobileAppConfigurations").ShouldBeEmpty();
        cluster.Tenant.List("deviceConfigurations").ShouldBeEmpty();
        AppAssignments().ShouldBeEmpty();

        // One user's key stays, for nothing said that it may go; and nothing was made on the way.
        cluster.Tenant.List("userPfxCertificates").Select(r => (string?)r["userPrincipalName"]).ShouldBe(["alice@contoso.com"]);
        cluster.Tenant.Log.Entries.Where(e => e.IsWrite && e.Method == "POST").ShouldAllBe(e => e.Path.EndsWith("/assign", StringComparison.Ordinal));

        // Events could not be written there any more. Elsewhere they still are.
        await cluster.Kubectl.ApplyAsync(cluster.TenantManifest(Elsewhere));
        await Patience.UntilAsync("an event elsewhere tells of a key that is missing", async () =>
            (await cluster.Kubectl.RunAsync("get", "-n", Elsewhere, "events.events.k8s.io", "-o", "jsonpath={.items[*].reason}")).Contains("ReferenceNotFound", StringComparison.Ordinal));
        var log = File.ReadAllText(cluster.LogPath);
        log.ShouldContain($"Event Deleted of SmimePolicy {Space}/outlook-ios was not published.");
        Secrets(log).ShouldBeEmpty();
        await running.WaitForAsync("/healthz");
    }

    private Task DeleteAsync(string kinds) => cluster.Kubectl.RunAsync("delete", "-n", Space, "--all", "--wait=false", kinds);

    // A resource that is gone has nothing to say: the read fails then.
    private Task SaysAsync(string resource, string reason) => Patience.UntilAsync($"{resource} says {reason}", async () =>
        await cluster.ReadAsync(Space, resource, "{.status.conditions[?(@.type=='Ready')].reason}") == reason);

    private JsonArray AppAssignments() => cluster.Tenant.List("mobileApps").Single()["assignments"]!.AsArray();

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
        kind: CertificateImport
        metadata: {name: bob, namespace: "{{Space}}"}
        spec:
          tenantRef: {name: contoso}
          userPrincipalName: bob@contoso.com
          purpose: SmimeEncryption
          deletionPolicy: Delete
          sources: [{name: current, tls: {secretName: bob-smime} }]
        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: Assignment
        metadata: {name: everyone, namespace: "{{Space}}"}
        spec:
          policyRef: {name: outlook-ios}
          include: [{allUsers: true}]
        """;
}
