using System.Text.Json;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Diagnosing;

public sealed class DoctorTests
{
    [Fact]
    public async Task Nothing_is_wrong_with_the_samples_and_a_tenant_that_answers()
    {
        await using var bench = await WholeAsync();

        var report = await DiagnoseAsync(bench);

        report.Checks.Where(c => c.Level != DiagnosisLevel.Ok).ShouldBeEmpty();
        report.Healthy.ShouldBeTrue();
        report.Checks.Select(c => c.Check).ShouldBe(
            ["manifests", "credentials", "permissions", "reading", "connectors", "connector key", "limits", "reach Graph", "clock"]);
        bench.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task A_tenant_that_is_away_and_files_that_are_broken_are_all_told()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Edit("policy.yaml", t => t.Replace("  displayName:", "  displayname:", StringComparison.Ordinal));
        bench.Edit("tenant.yaml", t => t.Replace("writesPer20s: 100", "writesPer20s: 500", StringComparison.Ordinal));

        var report = await DiagnoseAsync(bench, endpoint: $"http://127.0.0.1:{FreePort.Next()}");

        report.Healthy.ShouldBeFalse();
        Level(report, "manifests").ShouldBe(DiagnosisLevel.Problem);
        Level(report, "credentials").ShouldBe(DiagnosisLevel.Problem);
        Level(report, "connectors").ShouldBe(DiagnosisLevel.Warning);
        Level(report, "connector key").ShouldBe(DiagnosisLevel.Problem);
        Level(report, "limits").ShouldBe(DiagnosisLevel.Warning);
        Level(report, "reach Graph").ShouldBe(DiagnosisLevel.Problem);
        report.Checks.Where(c => c.Level != DiagnosisLevel.Ok).ShouldAllBe(c => c.Fix != null);
    }

    [Fact]
    public async Task A_clock_that_is_off_by_minutes_is_a_problem()
    {
        await using var bench = await WholeAsync();

        var report = await DiagnoseAsync(bench, new LateClock(TimeSpan.FromMinutes(10)));

        report.Checks.Single(c => c.Check == "clock").ShouldSatisfyAllConditions(
            c => c.Level.ShouldBe(DiagnosisLevel.Problem), c => c.Message.ShouldContain("behind"));
    }

    [Fact]
    public async Task Connectors_that_are_silent_old_or_inactive_are_named_one_by_one()
    {
        await using var bench = await WholeAsync();
        bench.Simulator.Tenant.AddConnector("old.contoso.com", version: "6.1900.0.0");
        bench.Simulator.Tenant.AddConnector("off.contoso.com", state: "inactive");
        bench.Simulator.Tenant.AddConnector("silent.contoso.com", lastConnection: TimeProvider.System.GetUtcNow().AddDays(-3));

        var report = await DiagnoseAsync(bench);

        var levels = report.Checks.Where(c => c.Check == "connectors").ToDictionary(c => c.Message.Split(' ')[0], c => c.Level);
        levels["connector01.contoso.com"].ShouldBe(DiagnosisLevel.Ok);
        levels["old.contoso.com"].ShouldBe(DiagnosisLevel.Problem);
        levels["off.contoso.com"].ShouldBe(DiagnosisLevel.Warning);
        levels["silent.contoso.com"].ShouldBe(DiagnosisLevel.Warning);
    }

    [Fact]
    public async Task A_token_with_too_few_and_too_many_permissions_is_told_with_each_of_them()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions
            {
                UseHttps = true,
                RequireToken = true,
                TokenRoles = ["DeviceManagementApps.ReadWrite.All", "DeviceManagementConfiguration.Read.All", "User.Read.All", "Mail.Read"],
            },
            TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["trust.pem"], simulator.Certificate!.ExportCertificatePem());
        var manifests = Directory.CreateDirectory(folder["manifests"]).FullName;
        var address = simulator.BaseAddress.ToString().TrimEnd('/');
        File.WriteAllText(Path.Combine(manifests, "tenant.yaml"), $$"""
            apiVersion: smime-operator.io/v1alpha1
            kind: Tenant
            metadata: {name: contoso}
            spec:
              tenantId: 11111111-2222-3333-4444-555555555555
              endpoint: {{address}}
              credentials:
                type: ClientSecret
                clientId: 99999999-2222-3333-4444-555555555555
                clientSecretRef: {name: app, key: secret}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: app}
            stringData: {secret: canary-of-the-secret}
            """);

        var (result, checks) = await RunAsync([$"SSL_CERT_FILE={folder["trust.pem"]}", $"AZURE_AUTHORITY_HOST={address}/"], manifests);

        result.ExitCode.ShouldBe(1, result.StandardError);
        checks.ShouldContain(c => c.Check == "credentials" && c.Level == DiagnosisLevel.Ok);
        checks.Where(c => c.Check == "permissions").Select(c => (c.Level, c.Message.Split(' ')[0])).ShouldBe(
        [
            (DiagnosisLevel.Problem, "DeviceManagementConfiguration.ReadWrite.All"), (DiagnosisLevel.Problem, "Group.Read.All"), (DiagnosisLevel.Warning, "Mail.Read"),
            (DiagnosisLevel.Ok, "Member.Read.Hidden"),
        ]);
        checks.ShouldContain(c => c.Check == "reach token authority" && c.Level == DiagnosisLevel.Ok);
        result.StandardOutput.ShouldNotContain("canary-of-the-secret");
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_told_in_the_words_of_kubectl()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Next();
        File.WriteAllText(folder["kubeconfig"], $$$"""
            apiVersion: v1
            kind: Config
            current-context: away
            contexts: [{name: away, context: {cluster: away, user: nobody}}]
            clusters: [{name: away, cluster: {server: "http://127.0.0.1:{{{port}}}"}}]
            users: [{name: nobody, user: {}}]
            """);

        var (result, checks) = await RunAsync([$"KUBECONFIG={folder["kubeconfig"]}"], "--cluster");

        result.ExitCode.ShouldBe(1);
        checks.Single(c => c.Check == "kubernetes").Message.ShouldContain($"127.0.0.1:{port}");
        result.StandardOutput.ShouldNotContain("System.");
    }

    [Fact]
    public async Task The_cluster_is_looked_at_through_kubectl()
    {
        await using var server = new ApiServer();
        await server.InitializeAsync();
        string[] environment = [$"KUBECONFIG={server.Kubeconfig}"];

        var (_, bare) = await RunAsync(environment, "--cluster");

        bare.ShouldContain(c => c.Check == "kubernetes" && c.Level == DiagnosisLevel.Ok);
        bare.Count(c => c.Check == "definitions" && c.Level == DiagnosisLevel.Problem).ShouldBe(4);

        await server.Kubectl.RunAsync("apply", "--server-side", "-f", RepositoryRoot.Path("crds"));
        await server.Kubectl.RunAsync("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
        await server.Kubectl.ApplyAsync("""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: smime-operator, namespace: default}
            spec: {holderIdentity: pod-1, leaseDurationSeconds: 15, renewTime: "2024-01-01T00:00:00.000000Z"}
            """);
        await server.Kubectl.ApplyAsync(File.ReadAllText(RepositoryRoot.Path("samples", "tenant.yaml")));
        await server.Kubectl.RunAsync("patch", "tenant.smime-operator.io", "contoso", "--subresource=status", "--type=merge", "--patch",
            """{"status":{"observedGeneration":1,"conditions":[{"type":"Stalled","status":"True","reason":"WrongTenant","message":"canary message","lastTransitionTime":"2024-01-01T00:00:00Z"}]}}""");

        var (result, checks) = await RunAsync(environment, "--cluster");

        result.ExitCode.ShouldBe(1);
        checks.Where(c => c.Check == "definitions").Select(c => c.Level).ShouldBe([DiagnosisLevel.Ok, DiagnosisLevel.Ok, DiagnosisLevel.Ok, DiagnosisLevel.Ok]);
        checks.ShouldContain(c => c.Check == "lease" && c.Level == DiagnosisLevel.Problem && c.Message.Contains("pod-1"));
        checks.ShouldContain(c => c.Check == "resources" && c.Level == DiagnosisLevel.Problem && c.Message.Contains("canary message"));
    }

    private static async Task<Workbench> WholeAsync()
    {
        var bench = await Workbench.OpenAsync();
        foreach (var file in Directory.EnumerateFiles(bench.Secrets))
        {
            File.Copy(file, Path.Combine(bench.Samples, Path.GetFileName(file)));
        }

        return bench;
    }

    private static Task<DoctorReport> DiagnoseAsync(Workbench bench, TimeProvider? time = null, string? endpoint = null) => DoctorCommand.DiagnoseAsync(
        new TenantChoice(bench.Samples, null, endpoint ?? bench.Endpoint), cluster: false, TimeSpan.FromMinutes(1), time ?? TimeProvider.System, bench.Limit);

    private static DiagnosisLevel Level(DoctorReport report, string check) => report.Checks.Where(c => c.Check == check).Max(c => c.Level);

    private static async Task<(CommandResult Result, List<Diagnosis> Checks)> RunAsync(string[] environment, params string[] arguments)
    {
        var result = await Command.RunAsync("env", [.. environment, .. OurProgram.Smimectl.CommandLine, "doctor", .. arguments, "--output", "json", "--timeout", "60s"]);
        using var report = JsonDocument.Parse(result.Output);
        return (result, [.. report.RootElement.GetProperty("checks").EnumerateArray().Select(c => new Diagnosis(
            c.GetProperty("check").GetString()!, Enum.Parse<DiagnosisLevel>(c.GetProperty("level").GetString()!, ignoreCase: true), c.GetProperty("message").GetString()!))]);
    }

    private sealed class LateClock(TimeSpan late) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - late;
    }
}
