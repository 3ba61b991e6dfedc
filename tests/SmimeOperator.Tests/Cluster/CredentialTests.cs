using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>Every way of signing in, by the operator as it is shipped, over TLS, at a tenant that asks for tokens.</summary>
[Collection("Control plane")]
public sealed class CredentialTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private const string Client = "99999999-2222-3333-4444-555555555555";
    private const string Right = "canary-of-the-right-secret";
    private const string Wrong = "canary-of-the-wrong-secret";

    [Fact]
    public async Task A_client_secret_a_client_certificate_and_a_workload_identity_sign_in_and_a_wrong_secret_waits_for_the_right_one()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions
            {
                UseHttps = true,
                RequireToken = true,
                TokenRoles = ["DeviceManagementConfiguration.ReadWrite.All", "DeviceManagementApps.ReadWrite.All", "User.Read.All", "Group.Read.All"],
                ClientSecrets = new Dictionary<string, string>(StringComparer.Ordinal) { [Client] = Right },
                Limits = PublishedLimits.Off,
            },
            TestContext.Current.CancellationToken);
        var address = simulator.BaseAddress.GetLeftPart(UriPartial.Authority);
        File.WriteAllText(folder["trust.pem"], simulator.Certificate!.ExportCertificatePem());
        File.WriteAllText(folder["token"], "a token of the cluster");
        await PrepareAsync(address, folder);
        await using var running = cluster.StartOperator(
            $"SSL_CERT_FILE={folder["trust.pem"]}", $"AZURE_AUTHORITY_HOST={address}/", $"AZURE_FEDERATED_TOKEN_FILE={folder["token"]}");

        await cluster.WaitReadyAsync("identities", "tenant/by-certificate", "tenant/by-workload");
        await cluster.Kubectl.RunAsync("wait", "-n", "identities", "--for=condition=Stalled", "--timeout=60s", "tenant/by-secret");
        (await cluster.ReadAsync("identities", "tenant/by-secret", "{.status.conditions[?(@.type=='Ready')].reason}")).ShouldBe("CredentialsInvalid");
        await cluster.Kubectl.RunAsync("patch", "-n", "identities", "secret", "app", "--type=merge", "--patch", $$$"""{"stringData":{"secret":"{{{Right}}}"}}""");
        await cluster.WaitReadyAsync("identities", "tenant/by-secret");

        foreach (var tenant in (string[])["by-secret", "by-certificate", "by-workload"])
        {
            (await cluster.ReadAsync("identities", $"tenant/{tenant}", "{range .status.conditions[*]}{.type}={.status} {end}"))
                .ShouldSatisfyAllConditions(c => c.ShouldContain("CredentialsValid=True"), c => c.ShouldContain("PermissionsGranted=True"));
        }

        var shown = await File.ReadAllTextAsync(cluster.LogPath, TestContext.Current.CancellationToken)
            + await cluster.Kubectl.RunAsync("get", "tenants.smime-operator.io,events", "-n", "identities", "-o", "yaml");
        shown.ShouldSatisfyAllConditions(s => s.ShouldNotContain(Right), s => s.ShouldNotContain(Wrong), s => s.ShouldNotContain("PRIVATE KEY"));
    }

    private async Task PrepareAsync(string endpoint, TemporaryFolder folder)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=smime-operator", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(1));
        File.WriteAllText(folder["tls.crt"], certificate.ExportCertificatePem());
        File.WriteAllText(folder["tls.key"], key.ExportPkcs8PrivateKeyPem());
        await cluster.Kubectl.RunAsync("create", "namespace", "identities");
        await cluster.Kubectl.RunAsync("create", "-n", "identities", "secret", "generic", "app", $"--from-literal=secret={Wrong}");
        await cluster.Kubectl.RunAsync("create", "-n", "identities", "secret", "tls", "pair", $"--cert={folder["tls.crt"]}", $"--key={folder["tls.key"]}");
        await cluster.Kubectl.ApplyAsync(string.Join("\n---\n",
            Tenant("by-secret", endpoint, "type: ClientSecret, clientSecretRef: {name: app, key: secret}"),
            Tenant("by-certificate", endpoint, "type: ClientCertificate, clientCertificateRef: {name: pair}"),
            Tenant("by-workload", endpoint, "type: WorkloadIdentity")));
    }

    private static string Tenant(string name, string endpoint, string credentials) => $$"""
        apiVersion: smime-operator.io/v1alpha1
        kind: Tenant
        metadata: {name: "{{name}}", namespace: identities}
        spec:
          tenantId: 11111111-2222-3333-4444-555555555555
          endpoint: {{endpoint}}
          credentials: {clientId: "{{Client}}", {{credentials}} }
        """;
}
