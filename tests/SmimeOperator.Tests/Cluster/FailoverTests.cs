using System.Globalization;
using System.Text;

namespace SmimeOperator.Tests;

/// <summary>Several replicas as processes of their own: whatever befalls the leader, work goes on and there are never two writers.</summary>
[Collection("Control plane")]
public sealed class FailoverTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string Space = "ha";
    private const int Users = 360;

    // Twice the lease: one is waited for, the other is for a machine that has more to do.
    private static readonly TimeSpan Bound = 2 * TestCluster.LeaseDuration;

    [Fact]
    public async Task Killed_paused_or_cut_off_the_leader_is_followed_by_the_next_and_never_writes_again()
    {
        await PrepareAsync();
        await using var a = Start("a");
        await WritesAsync("a");
        await using var b = Start("b");
        await b.WaitForAsync("/readyz");

        // Killed: nobody releases the lease.
        var killed = cluster.Tenant.Log.Elapsed;
        await a.SignalAsync("KILL");
        await WritesAsync("b");

        // Paused for longer than the lease, in the middle of its work, and woken up when the next one is at work.
        await using var c = Start("c");
        await c.WaitForAsync("/readyz");
        var paused = cluster.Tenant.Log.Elapsed;
        await b.SignalAsync("STOP");
        await WritesAsync("c");
        await b.SignalAsync("CONT");
        await Patience.UntilAsync("the replica that was paused ends", () => b.HasExited);

        // Cut off: the leader stops by itself, though nobody can take its place yet.
        await using var d = Start("d");
        await d.WaitForAsync("/readyz");
        await cluster.Server.StopApiServerAsync();
        await Patience.UntilAsync("the replica that is cut off ends", () => c.HasExited);
        await cluster.Server.StartApiServerAsync();
        var back = cluster.Tenant.Log.Elapsed;
        await WritesAsync("d");
        await Patience.UntilAsync("every certificate is in the tenant", () => cluster.Tenant.Count("userPfxCertificates") == Users);
        await cluster.WaitImportsReadyAsync(Space);

        var writes = AuditTrail.Writes(cluster.Tenant);
        var turns = new List<string>();
        foreach (var replica in writes.Select(AuditTrail.ReplicaOf).Where(r => turns.LastOrDefault() != r))
        {
            turns.Add(replica);
        }

        turns.ShouldBe(["a", "b", "c", "d"]);
        foreach (var (what, since, next) in new[] { ("killed", killed, "b"), ("paused", paused, "c"), ("API server back", back, "d") })
        {
            var gap = writes.First(w => AuditTrail.ReplicaOf(w) == next).At - since;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {next} writes after {gap.TotalSeconds:F1} s"));
            gap.ShouldBeLessThan(Bound, what);
        }

        // One import for each user, and no second one that was taken back.
        cluster.Tenant.List("userPfxCertificates").Select(r => (string)r["userPrincipalName"]!).Order().ShouldBe(Enumerable.Range(0, Users).Select(Address));
        writes.Count.ShouldBe(Users);
        AssertAudit(writes);
    }

    [Fact]
    public async Task Shards_by_label_have_leases_of_their_own_and_leave_the_resources_of_others_alone()
    {
        foreach (var shard in new[] { "red", "blue", "grey" })
        {
            await cluster.Kubectl.RunAsync("create", "namespace", shard);
            await cluster.Kubectl.RunAsync("create", "-n", shard, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
            await cluster.Kubectl.ApplyAsync(cluster.TenantManifest(shard) + Policy(shard));
            await cluster.Kubectl.RunAsync("label", "-n", shard, "tenant/contoso", "smimepolicy/outlook-ios", $"shard={shard}");
        }

        cluster.Tenant.Log.Clear();
        await using var red = cluster.StartReplica("red", "SMIME_OPERATOR__LABELSELECTOR=shard=red", "SMIME_OPERATOR__LEADERELECTIONNAME=smime-red");
        await using var blue = cluster.StartReplica("blue", "SMIME_OPERATOR__LABELSELECTOR=shard=blue", "SMIME_OPERATOR__LEADERELECTIONNAME=smime-blue");
        await cluster.WaitReadyAsync("red", "smimepolicy/outlook-ios");
        await cluster.WaitReadyAsync("blue", "smimepolicy/outlook-ios");

        foreach (var shard in new[] { "red", "blue" })
        {
            var trail = AuditTrail.Read(cluster.LogOf(shard));
            trail.ShouldNotBeEmpty();
            trail.ShouldAllBe(l => l.Resource == $"SmimePolicy/{shard}/outlook-ios");
            trail.Select(l => l.RequestId).ShouldBe(
                AuditTrail.Writes(cluster.Tenant).Where(w => AuditTrail.ReplicaOf(w) == shard).Select(w => w.ClientRequestId!), ignoreOrder: true);
        }

        // What such an operator shows to Prometheus reads well, and holds what alerts and dashboard ask for.
        var scrape = await red.ReadAsync("/metrics");
        var lint = await Tool.RunAsync("promtool", ["check", "metrics"], Encoding.UTF8.GetBytes(scrape));
        lint.StandardError.Split('\n').Where(l => l.Contains("smime", StringComparison.Ordinal) || l.Contains("kubeops", StringComparison.Ordinal)).ShouldBeEmpty();
        scrape.ShouldContain("kubeops_operator_leader{");
        scrape.ShouldContain("smime_resources{");
        scrape.ShouldContain("reason=\"InSync\"");
        scrape.ShouldContain("smime_tenant_requests_total{");
        scrape.ShouldContain("smime_tenant_budget_left{");
        scrape.ShouldNotContain("alice");

        (await cluster.ReadAsync("grey", "smimepolicy/outlook-ios", "{.status.observedGeneration}")).ShouldBe("-1");
        (await cluster.ReadAsync("grey", "smimepolicy/outlook-ios", "{.metadata.finalizers}")).ShouldBeEmpty();
    }

    // One line for each write that the tenant took. Who was killed or paused may have died between the answer and the line.
    private void AssertAudit(IReadOnlyList<TenantSimulator.RequestLogEntry> writes)
    {
        foreach (var replica in new[] { "a", "b", "c", "d" })
        {
            var lines = AuditTrail.Read(cluster.LogOf(replica)).Select(l => l.RequestId).ToList();
            var made = writes.Where(w => AuditTrail.ReplicaOf(w) == replica).Select(w => w.ClientRequestId!).ToList();
            lines.ShouldBeUnique();
            lines.ShouldBeSubsetOf(made);
            if (replica == "d")
            {
                lines.ShouldBe(made, ignoreOrder: true);
            }
        }
    }

    private OperatorProcess Start(string replica) => cluster.StartReplica(replica, $"SMIME_OPERATOR__NAMESPACES={Space}");

    private Task WritesAsync(string replica) => Patience.UntilAsync(
        $"twenty writes of replica {replica}",
        () => AuditTrail.Writes(cluster.Tenant).Count(w => AuditTrail.ReplicaOf(w) == replica) >= 20);

    private async Task PrepareAsync()
    {
        await cluster.Kubectl.RunAsync("create", "namespace", Space);
        await cluster.Kubectl.RunAsync("create", "-n", Space, "configmap", "intune-connector-key", $"--from-literal=public.pem={SampleKeys.ConnectorKey()}");
        foreach (var chunk in Enumerable.Range(0, Users).Chunk(180))
        {
            foreach (var user in chunk)
            {
                cluster.Tenant.AddUser(Address(user));
            }

            await cluster.Kubectl.ApplyAsync(string.Join("\n---\n", chunk.Select(u => SampleKeys.TlsSecret(Space, Name(u), Address(u)))));
            await cluster.Kubectl.ApplyAsync(string.Join("\n---\n", chunk.Select(Import)));
        }

        // Other tests of this class have written to the same tenant.
        cluster.Tenant.Log.Clear();

        // A small budget, so that there is always something left to do for the next leader.
        await cluster.Kubectl.ApplyAsync(cluster.TenantManifest(Space).Replace("writesPer20s: 10000", "writesPer20s: 100", StringComparison.Ordinal));
    }

    private static string Policy(string space) => $$"""

        ---
        apiVersion: smime-operator.io/v1alpha1
        kind: SmimePolicy
        metadata: {name: outlook-ios, namespace: "{{space}}"}
        spec:
          tenantRef: {name: contoso}
          displayName: Outlook S/MIME {{space}}
          signing: {source: ImportedPkcs}
          encryption: {source: ImportedPkcs}
        """;

    private static string Import(int user) => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: CertificateImport
        metadata: {name: "{{Name(user)}}", namespace: "{{Space}}"}
        spec:
          tenantRef: {name: contoso}
          userPrincipalName: {{Address(user)}}
          purpose: SmimeEncryption
          sources: [{name: current, tls: {secretName: "{{Name(user)}}"} }]
        """;

    private static string Name(int user) => string.Create(CultureInfo.InvariantCulture, $"user-{user:D4}");

    private static string Address(int user) => Name(user) + "@contoso.com";
}
