using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>The chart in the hands of Helm: installed, upgraded from the version before, uninstalled, and installed again.</summary>
[Collection("Control plane")]
public sealed class InstallTests(ChartCluster cluster) : IClassFixture<ChartCluster>
{
    private const string Definition = "customresourcedefinition/tenants.smime-operator.io";
    private const string Tenant = """
        apiVersion: smime-operator.io/v1alpha1
        kind: Tenant
        metadata: {name: contoso, namespace: default}
        spec: {tenantId: 11111111-2222-3333-4444-555555555555, credentials: {type: WorkloadIdentity, clientId: 11111111-2222-3333-4444-666666666666} }
        """;

    [Theory]
    [InlineData("helm")]
    [InlineData("helm3")]
    public async Task Resources_outlive_upgrade_and_uninstall(string name)
    {
        var helm = new Helm(name);
        var current = cluster.AdaptChart(Helm.Chart);
        using var previous = new TemporaryFolder();
        await RunAsync(helm, "install", cluster.AdaptChart(await PreviousAsync(previous)), "--create-namespace");
        await cluster.Kubectl.RunAsync("wait", "--for=condition=Established", Definition);
        await cluster.Kubectl.ApplyAsync(Tenant);
        var before = (await UidAsync(Definition), await UidAsync("tenant/contoso"));

        await RunAsync(helm, "upgrade", current);
        (await UidAsync(Definition), await UidAsync("tenant/contoso")).ShouldBe(before);
        (await cluster.Kubectl.RunAsync("get", Definition, "-o", "jsonpath={.metadata.labels.helm\\.sh/chart}")).ShouldBe($"smime-operator-{Version(current)}");

        await RunAsync(helm, "uninstall");
        (await UidAsync(Definition), await UidAsync("tenant/contoso")).ShouldBe(before);
        (await cluster.Kubectl.RunAsync("get", "clusterrole,serviceaccount", "-A", "-o", "name", "-l", "app.kubernetes.io/name=smime-operator")).ShouldBeEmpty();

        // What was kept is taken over by the next release of that name; without `keep` it goes with it.
        await RunAsync(helm, "install", current, "--set", "crds.keep=false");
        (await UidAsync("tenant/contoso")).ShouldBe(before.Item2);
        await cluster.Kubectl.RunAsync("delete", "-n", "default", "tenant/contoso");
        await RunAsync(helm, "uninstall");
        await cluster.Kubectl.RunAsync("wait", "--for=delete", "--timeout=60s", Definition);
    }

    private Task RunAsync(Helm helm, string verb, params string[] more) =>
        helm.RunAsync([verb, "smime-operator", .. more, "--namespace", "smime-system", "--kubeconfig", cluster.Kubeconfig]);

    private Task<string> UidAsync(string resource) => cluster.Kubectl.RunAsync("get", "-n", "default", resource, "-o", "jsonpath={.metadata.uid}");

    // The chart as it was before its version last changed.
    private static async Task<string> PreviousAsync(TemporaryFolder folder)
    {
        var changed = (await GitAsync("log", "-1", "--format=%H", "-G", "^version: ", "--", "charts/smime-operator/Chart.yaml")).Trim();
        var before = await Command.RunAsync("git", ["archive", "--output", folder["chart.tar"], $"{changed}^", "charts/smime-operator"], workingFolder: RepositoryRoot.Folder);
        Assert.SkipWhen(before.ExitCode != 0, "SKIPPED, NO UPGRADE WAS TESTED: git does not hold the chart's previous version; clone with its history.");
        (await Command.RunAsync("tar", ["-xf", folder["chart.tar"], "-C", folder.Path])).Succeeded();
        var chart = Path.Combine(folder.Path, "charts", "smime-operator");
        Version(chart).ShouldNotBe(Version(Helm.Chart));
        return chart;
    }

    private static string Version(string chart) =>
        File.ReadLines(Path.Combine(chart, "Chart.yaml")).Single(l => l.StartsWith("version: ", StringComparison.Ordinal))["version: ".Length..];

    private static async Task<string> GitAsync(params string[] arguments) =>
        (await Command.RunAsync("git", arguments, workingFolder: RepositoryRoot.Folder)).Succeeded().StandardOutput;
}
