using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing;

namespace Smimectl.Tests.CiExamples;

/// <summary>
/// A git repository with manifests, a tenant that asks for tokens, a forge, and an archive with the smimectl that was built: what the examples find on a build server.
/// </summary>
internal sealed class CiBench : IAsyncDisposable
{
    private static readonly string[] Roles = ["DeviceManagementApps.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All", "User.Read.All", "Group.Read.All"];
    private readonly TemporaryFolder _folder = new();

    private CiBench(SimulatorHost tenant, Forge forge) => (Tenant, Forge) = (tenant, forge);

    public SimulatorHost Tenant { get; }

    public Forge Forge { get; }

    /// <summary>The work tree; the manifests are in its folder clusters/prod.</summary>
    public string Repository => _folder["repository"];

    /// <summary>A folder outside of the work tree.</summary>
    public string Temporary => _folder["temporary"];

    /// <summary>Where the example finds smimectl.</summary>
    public string Archive => new Uri(_folder["smimectl.tar.gz"]).AbsoluteUri;

    private string Endpoint => Tenant.BaseAddress.ToString().TrimEnd('/');

    /// <summary>The variables of a machine that runs jobs, as arguments of env: the token authority is the simulator, and its certificate is trusted.</summary>
    public IReadOnlyList<string> Machine =>
    [
        $"HOME={_folder["home"]}", $"PATH={_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}:{CiTools.Unpacked}", $"SSL_CERT_FILE={_folder["trust.pem"]}",
        $"AZURE_AUTHORITY_HOST={Endpoint}/", "NO_COLOR=1", "GIT_CONFIG_NOSYSTEM=1",
    ];

    public static async Task<CiBench> OpenAsync(params string[] roles)
    {
        var tenant = await SimulatorHost.StartAsync(new SimulatorOptions { UseHttps = true, RequireToken = true, TokenRoles = roles is [] ? Roles : roles }, TestContext.Current.CancellationToken);
        DemoTenant.Fill(tenant.Tenant);
        var bench = new CiBench(tenant, await Forge.StartAsync());
        await bench.PrepareAsync();
        return bench;
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Repository, file));

    public bool Has(string file) => File.Exists(Path.Combine(Repository, file));

    public void Edit(string file, Func<string, string> edit)
    {
        var before = Read(file);
        var after = edit(before);
        after.ShouldNotBe(before, "the edit must change something");
        File.WriteAllText(Path.Combine(Repository, file), after);
    }

    /// <summary>Runs smimectl in the repository, with the federated token of a job.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync("env", [.. Machine, $"AZURE_FEDERATED_TOKEN_FILE={_folder["token"]}", _folder["bin/smimectl"], .. arguments, "--state", _folder["state.json"]], workingFolder: Repository);

    /// <summary>Does what the manifests say, so that nothing is left to plan.</summary>
    public async Task SyncAsync() => (await RunAsync("sync", "clusters/prod", "--once", "--output", "plain")).Succeeded();

    public async Task CommitAsync()
    {
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--message", "change");
    }

    public async ValueTask DisposeAsync()
    {
        await Forge.DisposeAsync();
        await Tenant.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PrepareAsync()
    {
        foreach (var name in (string[])["repository/clusters/prod", "home", "bin", "temporary"])
        {
            Directory.CreateDirectory(_folder[name]);
        }

        File.WriteAllText(_folder["trust.pem"], Tenant.Certificate!.ExportCertificatePem());
        File.WriteAllText(_folder["token"], "a.signed.token");
        await ProgramAsync("smimectl", $"exec {string.Join(' ', OurProgram.Smimectl.CommandLine.Select(a => $"'{a}'"))} \"$@\"");
        // gitlab-ci-local copies what git knows with it, and asks nothing else of it.
        await ProgramAsync("rsync", "for target; do :; done; mkdir -p \"$target\" && git ls-files -z | xargs -0 cp --parents -t \"$target\"");
        (await Command.RunAsync("tar", ["-czf", _folder["smimectl.tar.gz"], "-C", _folder["bin"], "smimectl"])).Succeeded();
        WriteManifests();
        await GitAsync("init", "--quiet", "--initial-branch", "main");
        await GitAsync("remote", "add", "origin", "git@git.contoso.com:contoso/mail.git");
        await CommitAsync();
    }

    private void WriteManifests()
    {
        foreach (var name in (string[])["policy.yaml", "assignment.yaml", "tenant.yaml"])
        {
            File.Copy(RepositoryRoot.Path("samples", name), Path.Combine(Repository, "clusters", "prod", name));
        }

        foreach (var name in (string[])["pki.yaml", "connector-key.yaml"])
        {
            File.Copy(Path.Combine(Workbench.GeneratedManifests, name), Path.Combine(Repository, "clusters", "prod", name));
        }

        Edit("clusters/prod/tenant.yaml", t => t.Replace("http://127.0.0.1:5080", Endpoint, StringComparison.Ordinal)
            .Replace("type: None ", "type: WorkloadIdentity\n    clientId: 99999999-2222-3333-4444-555555555555 ", StringComparison.Ordinal));
    }

    private async Task ProgramAsync(string name, string script)
    {
        var path = _folder[$"bin/{name}"];
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        (await Command.RunAsync("chmod", ["+x", path])).Succeeded();
    }

    private async Task GitAsync(params string[] arguments) => (await Command.RunAsync("git", ["-C", Repository, .. arguments])).Succeeded();
}
