using SmimeOperator.TenantSimulator;
using SmimeOperator.Testing;

namespace Smimectl.Tests.CiExamples;

/// <summary>
/// A git repository with manifests, a tenant that asks for tokens, a forge, and an archive with the smimectl that was built: what the examples find on a build server.
/// </summary>
internal sealed class CiBench : IAsyncDisposable
{
    /// <summary>The app registration that plans sign in as.</summary>
    public const string PlanClientId = "88888888-2222-3333-4444-555555555555";

    private static readonly string[] ReadRoles = ["DeviceManagementApps.Read.All", "DeviceManagementConfiguration.Read.All", "User.Read.All", "Group.Read.All"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _roles;

    private CiBench(SimulatorHost tenant, Forge forge, List<string> roles) => (Tenant, Forge, _roles) = (tenant, forge, roles);

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

    public static async Task<CiBench> OpenAsync()
    {
        var roles = ReadRoles.ToList();
        var tenant = await SimulatorHost.StartAsync(
            new SimulatorOptions { UseHttps = true, RequireToken = true, TokenRoles = roles }, TestContext.Current.CancellationToken);
        SampleTenant.Fill(tenant.Tenant);
        var bench = new CiBench(tenant, await Forge.StartAsync(), roles);
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

    /// <summary>Does what the manifests say, so that nothing is left to plan: as the operator's own app registration, with a secret that is not in git.</summary>
    public async Task SyncAsync()
    {
        var copy = Directory.CreateDirectory(_folder["cluster/prod"]).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository, "clusters", "prod")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(copy, "app.yaml"), "apiVersion: v1\nkind: Secret\nmetadata: {name: app}\nstringData: {secret: s}\n");
        _roles.AddRange(ReadRoles.Select(r => r.Replace(".Read.", ".ReadWrite.", StringComparison.Ordinal)));
        (await Command.RunAsync("env", [.. Machine, _folder["bin/smimectl"], "sync", copy, "--once", "--output", "plain"])).Succeeded();
        _roles.RemoveAll(r => !ReadRoles.Contains(r));
    }

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
            .Replace("type: None ", "type: ClientSecret\n    clientId: 99999999-2222-3333-4444-555555555555\n    clientSecretRef: {name: app, key: secret} ", StringComparison.Ordinal));
    }

    private async Task ProgramAsync(string name, string script)
    {
        var path = _folder[$"bin/{name}"];
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        (await Command.RunAsync("chmod", ["+x", path])).Succeeded();
    }

    private async Task GitAsync(params string[] arguments) => (await Command.RunAsync("git", ["-C", Repository, .. arguments])).Succeeded();
}
