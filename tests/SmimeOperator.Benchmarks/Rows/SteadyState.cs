using SmimeOperator.Benchmarks.Cluster;
using SmimeOperator.Benchmarks.Processes;
using SmimeOperator.Benchmarks.Reporting;

namespace SmimeOperator.Benchmarks.Rows;

/// <summary>One cluster's life with the operator: everything imported without limits, memory, a sweep, a restart, and the latency of changes.</summary>
internal sealed class SteadyState(Report report, Sizes sizes)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private string Size { get; } = $"{sizes.Imports} imports of {sizes.Users} users, {sizes.Policies} policies, {sizes.Assignments} assignments, {sizes.Secrets} Secrets";

    public async Task RunAsync(params string[] settings)
    {
        await using var cluster = await BenchCluster.StartAsync();
        await using var tenant = await cluster.StartTenantAsync("--no-limits", "--page-size", "1000");
        await PrepareAsync(cluster, tenant);
        await using (var first = cluster.StartOperator(settings))
        {
            await ImportAsync(cluster, tenant, first);
        }

        await using var second = cluster.StartOperator(settings);
        await RestartAsync(cluster, tenant, second);
        await SweepAsync(cluster, tenant, second);
        await LatencyAsync(cluster, second);
        await Task.Delay(Rest);
        var figures = second.Figures;
        report.AtMost("memory", "operator at rest after restart, sweeps and changes, RSS in MB", figures.ResidentMegabytes, 200, Size);
        report.AtMost("memory", "operator's peak since the restart, RSS in MB", figures.PeakMegabytes, 200, Size);
    }

    private async Task PrepareAsync(BenchCluster cluster, SimulatorUnderLoad tenant)
    {
        Report.Progress($"Preparing {Size}");
        await tenant.AddUsersAsync(Enumerable.Range(0, sizes.Users).Select(Manifests.User));
        await tenant.AddOutlookAsync();
        await tenant.AddGroupsAsync(Enumerable.Range(0, sizes.Assignments).Select(Manifests.GroupName));
        await cluster.Client.CreateAsync(Enumerable.Range(0, sizes.Imports).Select(i => Manifests.TlsSecret(cluster.Material, i, sizes.Users)));
        await cluster.Client.CreateAsync(Enumerable.Range(0, sizes.Secrets - sizes.Imports).Select(Manifests.OtherSecret));
        await cluster.Client.CreateAsync(Enumerable.Range(0, sizes.Imports).Select(i => Manifests.Import(i, sizes.Users)));
        await cluster.Client.CreateAsync(Enumerable.Range(0, sizes.Policies).Select(Manifests.PolicyAt));
        await cluster.Client.CreateAsync(Enumerable.Range(0, sizes.Assignments).Select(a => Manifests.Assignment(a, sizes.Policies)));
        await cluster.Client.ApplyAsync("tenants", Manifests.Tenant(tenant.Address, "10m", 10_000, 100_000));
    }

    private async Task ImportAsync(BenchCluster cluster, SimulatorUnderLoad tenant, OperatorUnderLoad running)
    {
        Report.Progress("Importing without limits");
        var took = await Waiting.UntilAsync("every certificate is in the tenant", Long, async () => await tenant.ImportedAsync() >= sizes.Imports);
        await running.WaitForPassesAsync("CertificateImport", sizes.Imports, Long);
        await Waiting.UntilAsync("everything is Ready", Long, async () => await AllReadyAsync(cluster));
        var figures = running.Figures;
        var allocated = await running.AllocatedAsync();
        report.Add("import without limits", "certificates in a second, start of the process included", sizes.Imports / took.TotalSeconds, "API server, etcd and tenant on the same processors");
        report.Add("import without limits", "processor time of the operator for one certificate, ms", figures.Processor.TotalMilliseconds / sizes.Imports);
        report.Add("import without limits", "allocated for one certificate, KB", allocated / sizes.Imports / 1024);
        report.Add("memory", "operator in the moment when everything is imported, RSS in MB", figures.ResidentMegabytes);
        report.Add("memory", "operator's peak while importing everything, RSS in MB", figures.PeakMegabytes);
        await SecondLookAsync(running);
        // The Tenant's counts are those of its last sweep, which was before the imports.
        await cluster.Kubectl.RunAsync("annotate", "-n", Manifests.Space, "tenant/contoso", "reconcile.fluxcd.io/requestedAt=imported");
        await cluster.Kubectl.RunAsync("wait", "-n", Manifests.Space, "--for=jsonpath={.status.lastHandledReconcileAt}=imported", "--timeout=60s", "tenant/contoso");
    }

    private async Task SecondLookAsync(OperatorUnderLoad running)
    {
        await Task.Delay(Rest);
        report.AtMost("memory", "operator at rest, half a minute later, RSS in MB", running.Figures.ResidentMegabytes, 200);
        report.Add("memory", "of it anonymous: heaps, stacks, compiled code, MB", running.Figures.AnonymousMegabytes);
        report.Add("memory", "of it files: assemblies and libraries, MB", running.Figures.FileMegabytes);
        report.Add("memory", "of it the managed heap as committed, MB", await running.MetricAsync("dotnet_gc_last_collection_memory_committed_size") / 1024 / 1024);
        report.Add("memory", "of it alive after the last collection, MB", await running.MetricAsync("dotnet_gc_last_collection_heap_size") / 1024 / 1024);
    }

    private async Task RestartAsync(BenchCluster cluster, SimulatorUnderLoad tenant, OperatorUnderLoad running)
    {
        Report.Progress("Restart");
        await tenant.ClearLogAsync();
        var before = await cluster.Client.WritesAsync();
        var took = await running.WaitForPassesAsync("CertificateImport", sizes.Imports, Long);
        await running.WaitForPassesAsync("Assignment", sizes.Assignments, Long);
        await running.WaitForPassesAsync("SmimePolicy", sizes.Policies, Long);
        var traffic = await tenant.TrafficAsync();
        var figures = running.Figures;
        report.AtMost("restart", "seconds from the start of the process until all are in sync", took.TotalSeconds, 10, Size);
        report.AtMost("restart", "HTTP requests to the tenant, page size 1,000", traffic.Requests, 25, $"{traffic.Counted} counting batch parts one by one");
        report.AtMost("restart", "writes to the tenant", traffic.Writes, 0);
        report.AtMost("restart", "writes to the API server", await cluster.Client.WritesAsync() - before, 0);
        report.Add("restart", "processor time of the operator, s", figures.Processor.TotalSeconds);
        report.Add("memory", "operator in the moment when in sync after the restart, RSS in MB", figures.ResidentMegabytes);
        report.Add("memory", "operator's peak in the restart, RSS in MB", figures.PeakMegabytes);
        foreach (var kind in (await tenant.RequestsAsync()).GroupBy(r => $"{r.Method} {r.Path.Split('?')[0]}").OrderByDescending(g => g.Count()).Take(12))
        {
            Report.Progress($"  {kind.Count()} {kind.Key}");
        }
    }

    private async Task SweepAsync(BenchCluster cluster, SimulatorUnderLoad tenant, OperatorUnderLoad running)
    {
        Report.Progress("Sweep with nothing changed");
        // A short interval makes sweeps come by themselves; asking for one would be a write of ours.
        await cluster.Client.ApplyAsync("tenants", Manifests.Tenant(tenant.Address, "20s", 10_000, 100_000));
        await Waiting.UntilAsync("the Tenant is Ready with its new interval", Long, async () => (await cluster.Client.CountReadyAsync(Manifests.Space, "tenants")).Ready == 1);
        // Everything that works in the tenant has looked at its change.
        await running.WaitForPassesAsync("CertificateImport", 2L * sizes.Imports, Long);
        var passes = await running.MetricAsync("kubeops_operator_reconciliation", "kubeops_entity_type=\"CertificateImport\"");
        await tenant.ClearLogAsync();
        var before = await cluster.Client.WritesAsync();
        var processor = running.Figures.Processor;
        var allocated = await running.AllocatedAsync();
        var tenantPasses = await TenantPassesAsync(running);
        await Waiting.UntilAsync("two sweeps", Long, async () => await TenantPassesAsync(running) >= tenantPasses + 2);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var sweeps = await TenantPassesAsync(running) - tenantPasses;
        var traffic = await tenant.TrafficAsync();
        report.AtMost("sweep, nothing changed", "HTTP requests, page size 1,000", traffic.Requests / sweeps, 25, $"{traffic.Counted / sweeps:0.#} counting batch parts one by one");
        report.AtMost("sweep, nothing changed", "writes to the tenant", traffic.Writes, 0);
        report.AtMost("sweep, nothing changed", "writes to the API server", await cluster.Client.WritesAsync() - before, 0);
        report.Add("sweep, nothing changed", "processor time of the operator, ms", (running.Figures.Processor - processor).TotalMilliseconds / sweeps);
        report.Add("sweep, nothing changed", "allocated, MB", (await running.AllocatedAsync() - allocated) / sweeps / 1024 / 1024);
        var woken = await running.MetricAsync("kubeops_operator_reconciliation", "kubeops_entity_type=\"CertificateImport\"") - passes;
        report.AtMost("sweep, nothing changed", "imports woken", woken, 0);
        await cluster.Client.ApplyAsync("tenants", Manifests.Tenant(tenant.Address, "10m", 10_000, 100_000));
        await Waiting.UntilAsync("the Tenant is Ready with its old interval", Long, async () => (await cluster.Client.CountReadyAsync(Manifests.Space, "tenants")).Ready == 1);
    }

    private static Task<double> TenantPassesAsync(OperatorUnderLoad running) =>
        running.MetricAsync("kubeops_operator_reconciliation", "kubeops_entity_type=\"Tenant\"", "result=\"success\"");

    private async Task LatencyAsync(BenchCluster cluster, OperatorUnderLoad running)
    {
        Report.Progress("Latency of a change");
        // Whatever the changes before have stirred up comes to rest first.
        await running.WaitForPassesAsync("Tenant", 1, Long);
        await Task.Delay(TimeSpan.FromSeconds(5));
        await using var watch = await ReadyWatch.StartAsync(cluster.Client, "smimepolicies");
        var wire = new List<double>();
        for (var i = 0; i < sizes.Applies; i++)
        {
            var policy = Manifests.Policy(i % sizes.Policies, $"ldap-{i}.contoso.com");
            wire.Add(await watch.MeasureAsync(policy, () => cluster.Client.ApplyAsync("smimepolicies", policy)));
        }

        var tool = new List<double>();
        for (var i = 0; i < sizes.Applies / 4; i++)
        {
            var policy = Manifests.Policy(i % sizes.Policies, $"ldaps-{i}.contoso.com");
            tool.Add(await watch.MeasureAsync(policy, () => cluster.Kubectl.ApplyAsync(policy.ToJsonString(), "--force-conflicts")));
        }

        report.AtMost("apply to Ready", "p50, s", Percentile(wire, 0.5), 0.2, $"server-side apply of a changed policy, {wire.Count} times, PATCH in the tenant, Ready seen by watch; {Size}");
        report.AtMost("apply to Ready", "p99, s", Percentile(wire, 0.99), 1);
        report.Add("apply to Ready", "p50 with a kubectl process, s", Percentile(tool, 0.5), $"{tool.Count} times, from the start of the process on");
        report.Add("apply to Ready", "p99 with a kubectl process, s", Percentile(tool, 0.99));
    }

    private static double Percentile(List<double> values, double share)
    {
        var ordered = values.Order().ToList();
        return ordered[Math.Min(ordered.Count - 1, (int)Math.Ceiling(share * ordered.Count) - 1)];
    }

    private async Task<bool> AllReadyAsync(BenchCluster cluster)
    {
        var imports = await cluster.Client.CountReadyAsync(Manifests.Space, "certificateimports");
        var policies = await cluster.Client.CountReadyAsync(Manifests.Space, "smimepolicies");
        var assignments = await cluster.Client.CountReadyAsync(Manifests.Space, "assignments");
        return imports.Ready == sizes.Imports && policies.Ready == sizes.Policies && assignments.Ready == sizes.Assignments;
    }
}
