using System.Diagnostics;
using k8s;
using SmimeOperator.Testing;

namespace SmimeOperator.Api.Tests.ApiServers;

public sealed class ApiServerTests
{
    [Fact]
    public async Task A_restarted_server_keeps_its_address_and_its_data()
    {
        await using var server = new ApiServer();
        await server.InitializeAsync();
        var address = server.Address;
        await server.Kubectl.RunAsync("create", "configmap", "kept", "--from-literal=a=b");

        await server.StopApiServerAsync();
        (await server.Kubectl.TryRunAsync(["get", "configmap", "kept"])).ExitCode.ShouldNotBe(0);
        await server.StartApiServerAsync();

        server.Address.ShouldBe(address);
        (await server.Kubectl.RunAsync("get", "configmap", "kept", "-o", "jsonpath={.data.a}")).ShouldBe("b");
    }

    [Fact]
    public async Task The_kubeconfig_serves_the_dotnet_client_with_a_checked_certificate()
    {
        await using var server = new ApiServer();
        await server.InitializeAsync();

        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig);
        configuration.SkipTlsVerify.ShouldBeFalse();
        using var client = new Kubernetes(configuration);
        var namespaces = await client.CoreV1.ListNamespaceAsync(cancellationToken: TestContext.Current.CancellationToken);

        namespaces.Items.Select(item => item.Metadata.Name).ShouldContain("default");
    }

    [Fact]
    public async Task A_token_makes_another_user_with_only_the_rights_of_that_user()
    {
        await using var server = new ApiServer();
        await server.InitializeAsync();
        await server.Kubectl.RunAsync("create", "serviceaccount", "guest");
        var token = (await server.Kubectl.RunAsync("create", "token", "guest")).Trim();

        var refused = await server.KubectlAs("guest", token).TryRunAsync(["get", "secrets"]);

        refused.ExitCode.ShouldNotBe(0);
        refused.StandardError.ShouldContain("system:serviceaccount:default:guest");
    }

    [Fact]
    public async Task A_background_process_is_gone_after_disposal()
    {
        using var folder = new TemporaryFolder();
        var server = BackgroundProcess.Start("/bin/sh", ["-c", "echo $$; exec sleep 1000"], folder["log"]);
        using var process = Process.GetProcessById(await PrintedAsync(server));

        await server.DisposeAsync();

        process.HasExited.ShouldBeTrue();
    }

    private static async Task<int> PrintedAsync(BackgroundProcess server)
    {
        while (server.LogTail() is { Length: 0 })
        {
            await Task.Yield();
        }

        return int.Parse(server.LogTail(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
