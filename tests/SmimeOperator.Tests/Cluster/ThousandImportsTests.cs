using System.Globalization;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Tests;

/// <summary>A thousand users at once: one request an object, and none lost or made twice when the operator is killed in the middle.</summary>
[Collection("Control plane")]
public sealed class ThousandImportsTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const int Users = 1000;
    private const string Space = "many";

    [Fact]
    public async Task Killed_twenty_times_nothing_is_lost_or_made_twice_and_in_peace_each_import_costs_one_write()
    {
        await PrepareAsync();
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);

        // Half of them while the operator is killed: when it has made what it never hears of, and twenty times after some more have arrived.
        var firstHalf = Enumerable.Range(0, Users / 2).ToList();
        await cluster.Kubectl.ApplyAsync(string.Join("\n---\n", firstHalf.Select(Import)));
        await KillUnheardAsync("mobileAppConfigurations", 1);
        await KillUnheardAsync("userPfxCertificates", 2);
        for (var kill = 1; kill <= 20; kill++)
        {
            await using var victim = cluster.StartOperator();
            var goal = Math.Min(Users / 2, cluster.Tenant.Log.Entries.Count + random.Next(5, 40));
            await Patience.UntilAsync($"request {goal} of the victim", () => cluster.Tenant.Log.Entries.Count >= goal);
        }

        await using var survivor = cluster.StartOperator();
        await AllReadyAsync();
        AssertExactlyOneEach(Users / 2);
        Made("userPfxCertificates").ShouldBe(Users / 2);
        (Made("mobileApps"), Made("mobileAppConfigurations"), Made("deviceConfigurations")).ShouldBe((1, 1, 2));

        // The other half in peace: one write each, and reads that do not grow with their number but for the pages.
        cluster.Tenant.Log.Clear();
        await cluster.Kubectl.ApplyAsync(string.Join("\n---\n", Enumerable.Range(Users / 2, Users / 2).Select(Import)));
        await AllReadyAsync();
        AssertExactlyOneEach(Users);
        var imports = cluster.Tenant.Log.Entries.Where(e => e.Method == "POST" && e.Template == "/deviceManagement/userPfxCertificates").ToList();
        imports.Count.ShouldBe(Users / 2);
        imports.ShouldAllBe(e => e.Status == 201);
        cluster.Writes.ShouldBe(Users / 2);
        cluster.Tenant.Log.Entries.Where(e => e.Method == "GET").ShouldAllBe(e => !e.Path.Contains("userPfxCertificates/", StringComparison.Ordinal));
        cluster.Tenant.Log.Violations.ShouldBeEmpty();

        // A sweep afterwards is pages and nothing else.
        cluster.Tenant.Log.Clear();
        await cluster.Kubectl.RunAsync("annotate", "-n", Space, "tenant/contoso", "reconcile.fluxcd.io/requestedAt=sweep");
        await cluster.Kubectl.RunAsync(
            "wait", "-n", Space, "--for=jsonpath={.status.lastHandledReconcileAt}=sweep", "--timeout=60s", "tenant/contoso");
        cluster.Tenant.Log.Entries.ShouldAllBe(e => e.Method == "GET");
        cluster.Tenant.Log.Entries.Count(e => e.Template == "/deviceManagement/userPfxCertificates").ShouldBeGreaterThanOrEqualTo(Users / 100);
        cluster.Tenant.Log.Entries.GroupBy(e => e.Path + "?" + e.Query).ShouldAllBe(page => page.Count() <= 2);

        // And so it goes on: sweep after sweep, nothing is written anywhere.
        cluster.Tenant.Log.Clear();
        var before = await ServerWrites.CountAsync(cluster.Kubectl);
        await Patience.UntilAsync("ten more sweeps", () => cluster.Tenant.Log.Entries.Count(e => e.Template == "/deviceManagement/ndesConnectors") >= 10);
        (await ServerWrites.CountAsync(cluster.Kubectl)).ShouldBe(before);
        cluster.Writes.ShouldBe(0);
    }

    // Nobody is left to note what was made, nor to hear of it.
    private async Task KillUnheardAsync(string collection, int count)
    {
        var goal = cluster.Tenant.Count(collection) + count;
        cluster.Tenant.AddFault(new FaultRule { Method = "POST", Path = $"/{collection}$", Silence = DropMoment.AfterCommit });
        await using (cluster.StartOperator())
        {
            await Patience.UntilAsync($"{goal} objects in {collection}", () => cluster.Tenant.Count(collection) >= goal);
        }

        cluster.Tenant.ClearFaults();
    }

    // How many times the tenant took an object or a certificate: what is there already is found and not sent again.
    private int Made(string collection) => cluster.Tenant.Log.Entries.Count(e =>
        e.Method is "POST" or "PATCH" && e.Status is 0 or (>= 200 and < 300) && e.Path.Contains($"/{collection}", StringComparison.Ordinal) && !e.Path.EndsWith("/assign", StringComparison.Ordinal));

    private void AssertExactlyOneEach(int count)
    {
        var records = cluster.Tenant.List("userPfxCertificates");
        records.Count.ShouldBe(count);
        records.Select(r => (string)r["userPrincipalName"]!).Distinct().Count().ShouldBe(count);
        cluster.Tenant.List("mobileAppConfigurations").Count.ShouldBe(1);
        cluster.Tenant.List("deviceConfigurations").Count.ShouldBe(2);
        cluster.Tenant.List("mobileApps").Count.ShouldBe(1);
    }

    private async Task AllReadyAsync()
    {
        await cluster.WaitImportsReadyAsync(Space);
        await cluster.WaitReadyAsync(Space, "smimepolicy/outlook-ios");
    }

    private async Task PrepareAsync()
    {
        await cluster.Kubectl.RunAsync("create", "namespace", Space);
        await cluster.Kubectl.RunAsync("create", "-n", Space, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
        foreach (var chunk in Enumerable.Range(0, Users).Chunk(250))
        {
            foreach (var user in chunk)
            {
                cluster.Tenant.AddUser(Address(user));
            }

            await cluster.Kubectl.ApplyAsync(string.Join("\n---\n", chunk.Select(u => SampleKeys.TlsSecret(Space, Name(u), Address(u)))));
        }

        await cluster.Kubectl.ApplyAsync(cluster.TenantManifest(Space) + $$"""

            ---
            apiVersion: smime-operator.io/v1alpha1
            kind: SmimePolicy
            metadata: {name: outlook-ios, namespace: "{{Space}}"}
            spec:
              tenantRef: {name: contoso}
              displayName: Outlook S/MIME
              signing: {source: ImportedPkcs}
              encryption: {source: ImportedPkcs}
            """);
    }

    private static string Import(int user) => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: CertificateImport
        metadata: {name: "{{Name(user)}}", namespace: "{{Space}}"}
        spec:
          tenantRef: {name: contoso}
          userPrincipalName: {{Address(user)}}
          purpose: SmimeEncryption
          sources:
          - name: current
            tls:
              secretName: {{Name(user)}}
        """;

    private static string Name(int user) => string.Create(CultureInfo.InvariantCulture, $"user-{user:D4}");

    private static string Address(int user) => Name(user) + "@contoso.com";
}
