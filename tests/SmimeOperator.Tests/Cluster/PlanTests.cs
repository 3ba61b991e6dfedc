using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>What a pull request would do to a tenant that an operator keeps: smimectl plan with the memory of the operator's cluster.</summary>
[Collection("Control plane")]
public sealed class PlanTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string Space = "planned";

    [Fact]
    public async Task A_plan_knows_what_the_cluster_remembers_and_changes_neither_cluster_nor_tenant()
    {
        using var folder = new TemporaryFolder();
        var key = SampleKeys.ConnectorKey();
        File.WriteAllText(folder["policy.yaml"], Policy);
        File.WriteAllText(folder["assignment.yaml"], Assignment);
        File.WriteAllText(folder["key.yaml"], $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: intune-connector-key, namespace: {{Space}}}
            data: {public.pem: {{System.Text.Json.JsonSerializer.Serialize(key)}}}
            """);
        cluster.Tenant.AddGroup("S/MIME users", members: [cluster.Tenant.AddUser("alice@contoso.com")]);
        await cluster.Kubectl.RunAsync("create", "namespace", Space);
        await cluster.Kubectl.RunAsync("apply", "-f", folder.Path);
        // The Tenant is another team's: no manifest of this folder states it.
        await cluster.Kubectl.ApplyAsync(cluster.TenantManifest(Space));
        await using (cluster.StartOperator($"SMIME_OPERATOR__NAMESPACES={Space}"))
        {
            await cluster.WaitReadyAsync(Space, "tenant/contoso", "smimepolicy/outlook-ios", "assignment/everyone");
        }

        var (writes, server) = (cluster.Writes, await ServerWrites.CountAsync(cluster.Kubectl));

        (await PlanAsync(folder, "--tenant", "contoso")).ShouldSatisfyAllConditions(p => p.ExitCode.ShouldBe(0, p.StandardError), p => p.StandardOutput.ShouldContain("No changes"));

        // A name in git becomes an update of the object that the operator made, known by its id.
        File.WriteAllText(folder["policy.yaml"], Policy.Replace("displayName: Outlook", "displayName: Mail", StringComparison.Ordinal));
        var policy = (string)cluster.Single("mobileAppConfigurations", "iosMobileAppConfiguration")["id"]!;
        (await PlanAsync(folder)).ShouldSatisfyAllConditions(
            p => p.ExitCode.ShouldBe(2, p.StandardError), p => p.StandardOutput.ShouldContain($"~ update iosMobileAppConfiguration 'Mail' ({policy})"), p => p.StandardOutput.ShouldNotContain("+ create"));
        File.WriteAllText(folder["policy.yaml"], Policy);

        // What a manifest that is gone would bring shows where it is said what belongs to this folder.
        File.Delete(folder["assignment.yaml"]);
        (await PlanAsync(folder)).ExitCode.ShouldBe(0);
        (await PlanAsync(folder, "--prune-selector", "team=mail")).ShouldSatisfyAllConditions(
            p => p.ExitCode.ShouldBe(2, p.StandardError), p => p.StandardOutput.ShouldContain($"Assignment/{Space}/everyone"), p => p.StandardOutput.ShouldContain("lost by 1 user"));

        // Called by another name, nothing in the tenant would be known as this cluster's.
        (await PlanAsAsync(folder, clusterId: null)).StandardOutput.ShouldNotContain("No changes");
        cluster.Writes.ShouldBe(writes);
        (await ServerWrites.CountAsync(cluster.Kubectl)).ShouldBe(server);
    }

    private Task<CommandResult> PlanAsync(TemporaryFolder folder, params string[] more) => PlanAsAsync(folder, "test-cluster", more);

    private Task<CommandResult> PlanAsAsync(TemporaryFolder folder, string? clusterId, params string[] more) => Command.RunAsync(
        "env",
        [
            $"KUBECONFIG={cluster.Server.Kubeconfig}", .. OurProgram.Smimectl.CommandLine, "plan", folder.Path, "--from-cluster",
            .. clusterId is null ? Array.Empty<string>() : ["--cluster-id", clusterId], .. more,
        ]);

    private static string Policy => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata: {name: outlook-ios, namespace: {{Space}}, labels: {team: mail} }
        spec:
          tenantRef: {name: contoso}
          displayName: Outlook
          encryption: {source: ImportedPkcs}
        """;

    private static string Assignment => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: Assignment
        metadata: {name: everyone, namespace: {{Space}}, labels: {team: mail} }
        spec: {policyRef: {name: outlook-ios}, include: [{group: {displayName: S/MIME users} }]}
        """;
}
