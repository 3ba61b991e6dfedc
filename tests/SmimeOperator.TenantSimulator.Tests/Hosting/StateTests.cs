using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Hosting;

public sealed class StateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tenant-state").FullName;

    private string StatePath => Path.Combine(_folder, "state.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_tenant_survives_its_host()
    {
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        string profile, import, root;
        await using (var host = await StartAsync())
        {
            var tenant = host.Tenant;
            SampleTenant.Fill(tenant);
            tenant.AddStoreApp();
            var group = tenant.AddGroup("extra", members: ["alice@contoso.com", tenant.AddDevice("iPhone")]);
            import = tenant.Add("userPfxCertificates", Bodies.Import("alice@contoso.com"));
            root = tenant.Add("deviceConfigurations", Bodies.Root());
            using var client = new HttpClient { BaseAddress = host.BaseAddress };
            using var answer = await client.PostAsync(
                new Uri("beta/deviceManagement/deviceConfigurations", UriKind.Relative),
                new StringContent(Bodies.Scep($"https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('{root}')").ToJsonString()),
                TestContext.Current.CancellationToken);
            profile = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["id"]!;
            tenant.AddPolicySetAssignment("deviceConfigurations", profile, group);
            Remember(tenant, before);
        }

        await using var again = await StartAsync();
        var after = new Dictionary<string, string>(StringComparer.Ordinal);
        Remember(again.Tenant, after);
        after.ShouldBe(before);
        again.Tenant.FindReference("deviceConfigurations", profile, "rootCertificate").ShouldBe(root);
        again.Tenant.StoredPfx(import)!.Blob.ShouldBe(Convert.FromBase64String("MIIKqA=="));
        again.Tenant.StoredPfx(import)!.EncryptedPassword.ShouldBe("secret"u8.ToArray());
        var added = again.Tenant.AddGroup("later");
        ((string)again.Tenant.List("groups")[^1]["id"]!).ShouldBe(added, "the order of making goes on");
    }

    [Fact]
    public async Task A_change_is_saved_while_the_tenant_runs()
    {
        await using var host = await StartAsync();
        host.Tenant.AddGroup("Sales");

        for (var i = 0; i < 100 && !(File.Exists(StatePath) && (await ReadAsync()).Contains("Sales", StringComparison.Ordinal)); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        (await ReadAsync()).ShouldContain("Sales");
    }

    [Fact]
    public async Task A_file_that_is_no_state_is_refused()
    {
        await File.WriteAllTextAsync(StatePath, "{}", TestContext.Current.CancellationToken);

        await Should.ThrowAsync<InvalidDataException>(StartAsync);
    }

    private static void Remember(SimulatedTenant tenant, Dictionary<string, string> picture)
    {
        foreach (var group in tenant.List("groups").Select(g => (string)g["id"]!))
        {
            picture[group] = string.Join(',', tenant.Members(group));
        }

        foreach (var collection in SimulatedTenant.Collections)
        {
            picture[collection] = new JsonArray([.. tenant.List(collection)]).ToJsonString();
        }
    }

    private Task<string> ReadAsync() => File.ReadAllTextAsync(StatePath, TestContext.Current.CancellationToken);

    private Task<SimulatorHost> StartAsync() =>
        SimulatorHost.StartAsync(new SimulatorOptions { StatePath = StatePath }, TestContext.Current.CancellationToken);
}
