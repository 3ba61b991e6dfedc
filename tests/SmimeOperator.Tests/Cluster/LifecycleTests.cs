using System.Text.Json.Nodes;

namespace SmimeOperator.Tests;

/// <summary>What a platform team does with kubectl and git, from the first apply to the last delete.</summary>
[Collection("Control plane")]
public sealed class LifecycleTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string LdapKey = "com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName";

    private static readonly string[] Everything = ["tenant/contoso", "smimepolicy/outlook-ios", "certificateimport/alice", "assignment/everyone"];

    [Fact]
    public async Task From_the_first_apply_to_the_last_delete()
    {
        const string Space = "life";
        await PrepareAsync(Space);
        await using (cluster.StartOperator())
        {
            // Applied: the tenant holds what the manifests say.
            await cluster.Kubectl.ApplyAsync(Manifests(Space, "ldaps://ldap.contoso.com"));
            await cluster.WaitReadyAsync(Space, Everything);
            cluster.Single("mobileAppConfigurations", "iosMobileAppConfiguration")["displayName"]!.GetValue<string>().ShouldBe("Outlook S/MIME");
            Setting(LdapKey).ShouldBe("ldaps://ldap.contoso.com");
            cluster.Tenant.List("userPfxCertificates").Single()["userPrincipalName"]!.GetValue<string>().ShouldBe("alice@contoso.com");
            cluster.Tenant.Log.Violations.ShouldBeEmpty();

            // Applied again: nothing happens, neither to the manifest nor in the tenant.
            var (version, writes) = (await VersionAsync(Space), cluster.Writes);
            await cluster.Kubectl.ApplyAsync(Manifests(Space, "ldaps://ldap.contoso.com"));
            (await VersionAsync(Space)).ShouldBe(version);

            // A change in git becomes a change in the tenant.
            await cluster.Kubectl.ApplyAsync(Manifests(Space, "ldap.fabrikam.com:636"));
            await Patience.UntilAsync("the new LDAP host is in the tenant", () => Setting(LdapKey) == "ldap.fabrikam.com:636");
            await cluster.WaitReadyAsync(Space, Everything);
            cluster.Writes.ShouldBe(writes + 1);

            // A change in the tenant is found, reported and corrected.
            var policy = cluster.Single("mobileAppConfigurations", "iosMobileAppConfiguration");
            cluster.Tenant.Change("mobileAppConfigurations", (string)policy["id"]!, new JsonObject { ["displayName"] = "changed in the portal" });
            await Patience.UntilAsync("the drift is reported as corrected", async () =>
                await cluster.ReadAsync(Space, "smimepolicy/outlook-ios", "{.status.conditions[?(@.type=='Drifted')].reason}") == "DriftCorrected");
            (await cluster.ReadAsync(Space, "smimepolicy/outlook-ios", "{.status.drift[0].path}")).ShouldBe("/displayName");
            cluster.Single("mobileAppConfigurations", "iosMobileAppConfiguration")["displayName"]!.GetValue<string>().ShouldBe("Outlook S/MIME");

            // Nothing under spec is ours, and of the metadata only the finalizer.
            await AssertOwnershipAsync(Space);
        }

        // Restarted: the same, found in sync without a write to tenant or cluster.
        var before = (await VersionAsync(Space), cluster.Writes);
        await using (var second = cluster.StartOperator())
        {
            await second.WaitForAsync("/readyz");
            cluster.Tenant.Log.Clear();
            await AnsweredAsync(Space, "1");
            cluster.Writes.ShouldBe(0);

            // The API server restarts under a running operator.
            await cluster.Server.StopApiServerAsync();
            await cluster.Server.StartApiServerAsync();
            await cluster.Kubectl.ApplyAsync(Manifests(Space, "ldap.tailspin.com"));
            await Patience.UntilAsync("a change after the API server's restart arrives", () => Setting(LdapKey) == "ldap.tailspin.com");
            await second.WaitForAsync("/healthz");

            // Deleted: the tenant is clean, but for the imported certificate, which stays on purpose.
            await cluster.Kubectl.RunAsync(["delete", "-n", Space, "--timeout=60s", .. Everything]);
            cluster.Tenant.List("mobileAppConfigurations").ShouldBeEmpty();
            cluster.Tenant.List("deviceConfigurations").ShouldBeEmpty();
            cluster.Tenant.List("mobileApps").ShouldBeEmpty();
            cluster.Tenant.Count("userPfxCertificates").ShouldBe(1);
        }

        before.Item1.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("encryption: {source: Scep}", "shared by all of a user's devices")]
    [InlineData("signing: {source: Scep}", "scep belongs to source Scep")]
    public async Task A_spec_that_cannot_be_is_refused_at_the_door_in_words(string field, string message)
    {
        var refused = await cluster.Kubectl.TryApplyAsync($$"""
            apiVersion: smime-operator.io/v1alpha1
            kind: SmimePolicy
            metadata: {name: wrong, namespace: default}
            spec:
              tenantRef: {name: contoso}
              displayName: Wrong
              {{field}}
            """);
        refused.ExitCode.ShouldNotBe(0);
        refused.StandardError.ShouldContain(message);
    }

    [Fact]
    public async Task A_spec_that_contradicts_itself_is_refused_by_the_name_of_the_field()
    {
        const string Space = "later";
        await PrepareAsync(Space);
        await using var running = cluster.StartOperator($"SMIME_OPERATOR__NAMESPACES={Space}");
        await cluster.Kubectl.ApplyAsync(cluster.TenantManifest(Space) + $$"""

            ---
            apiVersion: smime-operator.io/v1alpha1
            kind: SmimePolicy
            metadata: {name: rootless, namespace: "{{Space}}"}
            spec:
              tenantRef: {name: contoso}
              displayName: Rootless
              signing:
                source: Scep
                scep: {serverUrls: [https://ndes.contoso.com/certsrv/mscep/mscep.dll], rootCertificate: nowhere}
            """);
        await cluster.Kubectl.RunAsync("wait", "-n", Space, "--for=condition=Stalled", "--timeout=60s", "smimepolicy/rootless");
        (await cluster.ReadAsync(Space, "smimepolicy/rootless", "{.status.conditions[?(@.type=='Ready')].reason}")).ShouldBe("InvalidSpec");
        (await cluster.ReadAsync(Space, "smimepolicy/rootless", "{.status.conditions[?(@.type=='Ready')].message}")).ShouldContain("spec.signing.scep.rootCertificate");
        (await running.ReadAsync("/metrics")).ShouldContain("kubeops_operator_reconciliation");
        await cluster.Kubectl.RunAsync("delete", "-n", Space, "--timeout=60s", "smimepolicy/rootless", "tenant/contoso");
    }

    private async Task PrepareAsync(string space)
    {
        await cluster.Kubectl.RunAsync("create", "namespace", space);
        await cluster.Kubectl.RunAsync("create", "-n", space, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
        await cluster.Kubectl.RunAsync("create", "-n", space, "configmap", "pki", $"--from-literal=root.pem={SampleKeys.Root()}");
        await cluster.Kubectl.ApplyAsync(SampleKeys.TlsSecret(space, "alice-smime", "alice@contoso.com"));
        if (cluster.Tenant.Count("users") == 0)
        {
            cluster.Tenant.AddUser("alice@contoso.com");
            cluster.Tenant.AddGroup("S/MIME users");
        }
    }

    // A reconciliation that a person asks for, answered: everything before it has settled.
    private async Task AnsweredAsync(string space, string token)
    {
        await cluster.Kubectl.RunAsync(["annotate", "-n", space, "--overwrite", .. Everything, $"reconcile.fluxcd.io/requestedAt={token}"]);
        foreach (var resource in Everything)
        {
            await cluster.Kubectl.RunAsync("wait", "-n", space, $"--for=jsonpath={{.status.lastHandledReconcileAt}}={token}", "--timeout=60s", resource);
        }
    }

    private async Task<string> VersionAsync(string space) => await cluster.ReadAsync(space, "smimepolicy/outlook-ios", "{.metadata.resourceVersion}");

    private async Task AssertOwnershipAsync(string space)
    {
        foreach (var resource in Everything)
        {
            var managers = JsonNode.Parse(await cluster.Kubectl.RunAsync("get", "-n", space, resource, "-o", "json", "--show-managed-fields"))!
                ["metadata"]!["managedFields"]!.AsArray();
            var ours = managers.Where(m => (string)m!["manager"]! == "smime-operator").ToList();
            ours.Count.ShouldBe(2, resource);
            foreach (var fields in ours.Select(m => m!["fieldsV1"]!.AsObject()))
            {
                fields.ContainsKey("f:spec").ShouldBeFalse(resource);
                (fields["f:metadata"]?.AsObject().Select(f => f.Key) ?? []).ShouldBeSubsetOf(["f:finalizers"]);
            }
        }
    }

    private string? Setting(string key) =>
        (string?)cluster.Single("mobileAppConfigurations", "iosMobileAppConfiguration")["settings"]!.AsArray()
            .SingleOrDefault(s => (string)s!["appConfigKey"]! == key)?["appConfigKeyValue"];

    private string Manifests(string space, string ldap) => cluster.TenantManifest(space) + $$"""

        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata: {name: outlook-ios, namespace: "{{space}}"}
        spec:
          tenantRef: {name: contoso}
          displayName: Outlook S/MIME
          outlook: {ldapUrl: "{{ldap}}"}
          signing: {source: ImportedPkcs}
          encryption: {source: ImportedPkcs}
          trustedCertificates: [{name: contoso-root, certificateRef: {kind: ConfigMap, name: pki, key: root.pem} }]
        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: CertificateImport
        metadata: {name: alice, namespace: "{{space}}"}
        spec:
          tenantRef: {name: contoso}
          userPrincipalName: alice@contoso.com
          purpose: SmimeEncryption
          sources: [{name: current, tls: {secretName: alice-smime} }]
        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: Assignment
        metadata: {name: everyone, namespace: "{{space}}"}
        spec:
          policyRef: {name: outlook-ios}
          include: [{group: {displayName: S/MIME users} }]
        """;
}
