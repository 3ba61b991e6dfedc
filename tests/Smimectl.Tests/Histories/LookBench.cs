using SmimeOperator.TenantSimulator;

namespace Smimectl.Tests.Histories;

/// <summary>A folder with manifests and Secrets, the tenant that a sync of it made, and looks at both.</summary>
internal sealed class LookBench : IAsyncDisposable
{
    private LookBench(Workbench bench) => Bench = bench;

    public Workbench Bench { get; }

    public SimulatedTenant Tenant => Bench.Simulator.Tenant;

    public IssuedByOpenSsl Authority { get; } = new();

    public string Folder => Bench.Samples;

    /// <summary>Imports of the samples' users are replaced by those of the test.</summary>
    public static async Task<LookBench> OpenAsync(string? imports = null)
    {
        var bench = await Workbench.OpenAsync();
        foreach (var file in Directory.EnumerateFiles(bench.Secrets))
        {
            File.Move(file, Path.Combine(bench.Samples, Path.GetFileName(file)));
        }

        if (imports is not null)
        {
            bench.Edit("imports.yaml", _ => imports);
        }

        return new LookBench(bench);
    }

    /// <summary>One user has an encryption certificate, in git and in the tenant; nobody else has any.</summary>
    public static async Task<LookBench> OpenWithOneAsync(string user)
    {
        var bench = await OpenAsync(Import(user.Split('@')[0], user, "first"));
        await bench.IssueAsync("first", user, "20240101000000Z", "20440101000000Z");
        await bench.SyncAsync();
        return bench;
    }

    public async Task<IssuedCertificate> IssueAsync(string secret, string address, string start, string end, string annotations = "")
    {
        var (certificate, manifest) = await Authority.IssueAsync(secret, address, start, end, annotations);
        File.WriteAllText(Path.Combine(Folder, secret + ".yaml"), manifest);
        return certificate;
    }

    public async Task SyncAsync()
    {
        await Bench.StartAndConvergeAsync();
        await Bench.StopAsync();
        Tenant.Log.Clear();
    }

    public LookOptions Options(bool remembers = true) => new()
    {
        Choice = new TenantChoice(Folder, null, Bench.Endpoint, remembers ? null : "other"),
        StatePath = remembers ? Bench.State : Bench.State + ".absent",
        Timeout = TimeSpan.FromMinutes(2),
    };

    public Task<UserHistory> HistoryAsync(string user, bool remembers = true) => HistoryReader.ReadAsync(user, Options(remembers), Bench.Limit);

    public Task<AuditReport> ReportAsync(bool remembers = true) => AuditReader.ReadAsync(Options(remembers), Bench.Limit);

    public static string Import(string name, string user, params IEnumerable<string> secrets) =>
        $"apiVersion: smime-operator.io/v1alpha1\nkind: CertificateImport\nmetadata: {{name: {name}}}\nspec:\n  tenantRef: {{name: contoso}}\n  userPrincipalName: {user}\n  purpose: SmimeEncryption\n"
        + "  sources:\n" + string.Concat(secrets.Select(s => $"    - {{name: {s}, pkcs12: {{secretName: {s}, key: keystore.p12, passwordKey: password}}}}\n"));

    public async ValueTask DisposeAsync()
    {
        Authority.Dispose();
        await Bench.DisposeAsync();
    }
}
