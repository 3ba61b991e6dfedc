using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Model;

/// <summary>
/// What a tenant must hold, said as simply as it can be: counted and compared in the tenant's own JSON, with nothing of the planner. Specs
/// come in as data; names of settings and types come from intune.md.
/// </summary>
internal sealed class ExpectedTenant(TenantWorld world)
{
    private static readonly string[] Collections = ["mobileApps", "mobileAppConfigurations", "deviceConfigurations"];
    private readonly Dictionary<string, string> _strangers = [];
    private readonly Dictionary<string, HashSet<string>> _everStated = [];

    /// <summary>Somebody else's object: it must be at the end as it is now.</summary>
    public void AddStranger(string collection, string id) => _strangers[$"{collection}/{id}"] = world.Sim.Find(collection, id)!.ToJsonString();

    /// <summary>A certificate that an import named at some time: it may be in the tenant.</summary>
    public void State(string user, string certificateId)
    {
        _everStated.TryAdd(user, []);
        _everStated[user].Add(certificateId);
    }

    /// <summary>Holds the tenant against everything that is stated.</summary>
    public async Task CheckAsync(Func<CertificateImport, Task<IReadOnlyCollection<string>>> certificatesOf)
    {
        foreach (var (path, json) in _strangers)
        {
            var (collection, id) = (path.Split('/')[0], path.Split('/')[1]);
            world.Sim.Find(collection, id).ShouldNotBeNull($"somebody else's {path} is gone").ToJsonString().ShouldBe(json, $"somebody else's {path}");
        }

        var owners = world.Catalog.Policies.Select(p => $"owner=SmimePolicy/{TenantWorld.Namespace}/{p.Metadata.Name} ").ToList();
        var marked = Collections.SelectMany(world.Sim.List).Where(o => Mark(o).Contains("[smime-operator", StringComparison.Ordinal)).ToList();
        // The Outlook app is shared: it bears the mark of whichever policy made it.
        marked.Where(o => Type(o) != "iosStoreApp").ShouldAllBe(o => owners.Any(w => Mark(o).Contains(w, StringComparison.Ordinal)), "left behind");
        foreach (var policy in world.Catalog.Policies)
        {
            CheckPolicy(policy, [.. marked.Where(o => Type(o) != "iosStoreApp" && Mark(o).Contains($"owner=SmimePolicy/{TenantWorld.Namespace}/{policy.Metadata.Name} ", StringComparison.Ordinal))]);
        }

        CheckApp();
        await CheckImportsAsync(certificatesOf);
    }

    private void CheckPolicy(SmimePolicy policy, List<JsonObject> objects)
    {
        var spec = policy.Spec;
        var expected = new List<string> { "iosMobileAppConfiguration" };
        expected.AddRange((spec.TrustedCertificates ?? []).Select(_ => "iosTrustedRootCertificate"));
        expected.AddRange(spec.Encryption is null ? [] : ["iosImportedPFXCertificateProfile smimeEncryption"]);
        expected.AddRange(spec.Signing?.Source switch
        {
            SigningSource.ImportedPkcs => ["iosImportedPFXCertificateProfile smimeSigning"],
            SigningSource.Scep => ["iosScepCertificateProfile"],
            _ => Array.Empty<string>(),
        });
        objects.Select(o => $"{Type(o)} {o["intendedPurpose"]}".Trim()).ShouldBe(expected, ignoreOrder: true, $"objects of {policy.Metadata.Name}");

        var settings = objects.Single(o => Type(o) == "iosMobileAppConfiguration")["settings"]!.AsArray().ToDictionary(s => (string)s!["appConfigKey"]!, s => (string)s!["appConfigKeyValue"]!);
        const string Key = "com.microsoft.outlook.Mail.SMIMEEnabled";
        settings[Key].ShouldBe(Word(spec.Outlook.Smime.Enabled));
        settings.GetValueOrDefault(Key + ".LDAPHostName").ShouldBe(spec.Outlook.LdapUrl);
        settings.GetValueOrDefault(Key + ".EncryptAllMail").ShouldBe(spec.Outlook.EncryptAllMail is { } encrypt ? Word(encrypt.Enabled) : null);

        var roots = objects.Where(o => Type(o) == "iosTrustedRootCertificate").ToList();
        roots.Select(r => (string)r["trustedRootCertificate"]!).ShouldBe((spec.TrustedCertificates ?? []).Select(t => Der(t.CertificateRef.Key)), ignoreOrder: true);
        if (objects.Find(o => Type(o) == "iosScepCertificateProfile") is { } scep)
        {
            var root = world.Sim.FindReference("deviceConfigurations", (string)scep["id"]!, "rootCertificate");
            roots.Select(r => (string)r["id"]!).ShouldContain(root);
        }

        var targets = world.Catalog.Assignments.Where(a => a.Spec.PolicyRef.Name == policy.Metadata.Name).SelectMany(Targets).Distinct().ToList();
        foreach (var one in objects)
        {
            TargetsOf(one).ShouldBe(targets, ignoreOrder: true, $"who gets {Type(one)} of {policy.Metadata.Name}");
        }
    }

    private void CheckApp()
    {
        var apps = world.Sim.List("mobileApps").Where(a => Type(a) == "iosStoreApp").ToList();
        apps.Count.ShouldBeLessThanOrEqualTo(1, "Outlook stands there twice");
        if (world.Catalog.Policies.Count > 0)
        {
            apps.ShouldNotBeEmpty("Outlook is missing");
        }

        foreach (var app in apps)
        {
            TargetsOf(app).ShouldBe(world.Catalog.Assignments.SelectMany(Targets).Distinct(), ignoreOrder: true, "who gets Outlook");
        }
    }

    private async Task CheckImportsAsync(Func<CertificateImport, Task<IReadOnlyCollection<string>>> certificatesOf)
    {
        var inTenant = world.Sim.List("userPfxCertificates").Select(c => (string)c["id"]!).ToList();
        inTenant.ShouldBeUnique();
        foreach (var import in world.Catalog.Imports)
        {
            (await certificatesOf(import)).ShouldBeSubsetOf(inTenant, $"certificates of {import.Metadata.Name}");
        }

        var allowed = _everStated.Values.SelectMany(v => v).Concat(_strangers.Keys.Select(k => k.Split('/')[1]));
        inTenant.ShouldBeSubsetOf(allowed);
    }

    private string Der(string file) => world.Pki.Pem(file).Replace("-----BEGIN CERTIFICATE-----", "", StringComparison.Ordinal)
        .Replace("-----END CERTIFICATE-----", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    private static IEnumerable<string> Targets(Assignment assignment) =>
        assignment.Spec.Include.Select(i => i.AllUsers == true ? "allLicensedUsersAssignmentTarget " : $"groupAssignmentTarget {i.Group!.Id}")
            .Concat((assignment.Spec.Exclude ?? []).Select(e => $"exclusionGroupAssignmentTarget {e.Group.Id}"));

    private static List<string> TargetsOf(JsonObject one) =>
        [.. (one["assignments"]?.AsArray() ?? []).Select(a => $"{((string)a!["target"]!["@odata.type"]!)["#microsoft.graph.".Length..]} {(string?)a["target"]!["groupId"]}")];

    private static string Type(JsonObject one) => ((string)one["@odata.type"]!)["#microsoft.graph.".Length..];

    private static string Mark(JsonObject one) => (string?)one["notes"] ?? (string?)one["description"] ?? "";

    private static string Word(bool value) => value ? "true" : "false";
}
