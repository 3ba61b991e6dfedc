using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Tests;

/// <summary>What status tells of objects that are made, before and after: here no sweep and no other resource comes to a pass's help.</summary>
[Collection("Control plane")]
public sealed class CreationTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string AppPolicies = "mobileAppConfigurations";

    [Fact]
    public async Task The_pass_that_makes_objects_says_so_itself_when_they_are_made()
    {
        const string Space = "made";
        await PrepareAsync(Space);
        await using var running = cluster.StartOperator($"SMIME_OPERATOR__NAMESPACES={Space}");
        await cluster.WaitReadyAsync(Space, "tenant/contoso");

        await cluster.Kubectl.ApplyAsync(Policy(Space));
        await cluster.WaitReadyAsync(Space, "smimepolicy/outlook-ios");

        (await cluster.ReadAsync(Space, "smimepolicy/outlook-ios", "{.status.creating}")).ShouldBeEmpty();
        (await cluster.ReadAsync(Space, "smimepolicy/outlook-ios", "{.status.objects[?(@.role=='app-policy')].id}"))
            .ShouldBeOneOf([.. cluster.Tenant.List(AppPolicies).Select(p => (string)p["id"]!)]);
    }

    [Fact]
    public async Task Killed_over_a_creation_that_no_list_shows_yet_the_next_operator_waits_and_makes_nothing_twice()
    {
        const string Space = "killed";
        await PrepareAsync(Space);
        var before = cluster.Tenant.Count(AppPolicies);
        cluster.Tenant.AddFault(new FaultRule { Method = "GET", Path = "/" + AppPolicies, StaleList = true });
        cluster.Tenant.AddFault(new FaultRule { Method = "POST", Path = $"/{AppPolicies}$", Silence = DropMoment.AfterCommit });
        await cluster.Kubectl.ApplyAsync(Policy(Space));
        await using (cluster.StartOperator($"SMIME_OPERATOR__NAMESPACES={Space}"))
        {
            await Patience.UntilAsync("the app policy is made", () => cluster.Tenant.Count(AppPolicies) == before + 1);
        }

        (await cluster.ReadAsync(Space, "smimepolicy/outlook-ios", "{.status.creating}")).ShouldContain("app-policy");
        await using var next = cluster.StartOperator($"SMIME_OPERATOR__NAMESPACES={Space}");
        await Patience.UntilAsync("the policy says that it waits", async () =>
            (await cluster.ReadAsync(Space, "smimepolicy/outlook-ios", "{.status.conditions[?(@.type=='Ready')].message}")).Contains("does not show: app-policy", StringComparison.Ordinal));
        cluster.Tenant.ClearFaults();
        await cluster.WaitReadyAsync(Space, "smimepolicy/outlook-ios");

        cluster.Tenant.Count(AppPolicies).ShouldBe(before + 1);
        (await cluster.ReadAsync(Space, "smimepolicy/outlook-ios", "{.status.creating}")).ShouldBeEmpty();
    }

    private async Task PrepareAsync(string space)
    {
        await cluster.Kubectl.RunAsync("create", "namespace", space);
        await cluster.Kubectl.RunAsync("create", "-n", space, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
        await cluster.Kubectl.ApplyAsync(cluster.TenantManifest(space).Replace("interval: 1s", "interval: 1h", StringComparison.Ordinal));
    }

    private static string Policy(string space) => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata: {name: outlook-ios, namespace: "{{space}}"}
        spec:
          tenantRef: {name: contoso}
          displayName: Outlook S/MIME
          encryption: {source: ImportedPkcs}
        """;
}
