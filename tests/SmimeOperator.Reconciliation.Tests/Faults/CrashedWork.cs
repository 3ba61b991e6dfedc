using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Imports;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Faults;

/// <summary>
/// A piece of work in whose middle a process is killed: what is there before, what the process does, how many objects there are in the end, and whether
/// an upload that nobody noted is found instead of repeated. After a rotation nobody can tell to which key it was made.
/// </summary>
internal sealed record CrashedWork(Func<TenantWorld, Task> Prepare, Func<TenantWorld, Task> Run, int Objects, bool UploadsOnce = true)
{
    private const string Records = "userPfxCertificates";
    private static readonly string[] Collections = ["mobileApps", "mobileAppConfigurations", "deviceConfigurations", Records];

    public static readonly Dictionary<string, CrashedWork> All = new()
    {
        // Everything from nothing.
        ["creation"] = new(AddEverythingAsync, ReconcileAsync, Objects: 7),

        // A spec that changes fields of every object, and whom they are assigned to.
        ["change"] = new(
            async world =>
            {
                await SettledAsync(world);
                TenantWorld.Edit(world.Catalog.Policies[0], s => { s.DisplayName = "Renamed"; s.Outlook.LdapUrl = "ldap.contoso.com"; });
                TenantWorld.Edit(world.Catalog.Assignments[0], s => s.Include = [new IncludeTarget { AllUsers = true }]);
            },
            ReconcileAsync,
            Objects: 7),

        // What somebody took away and changed in the portal. A process that begins now cannot tell at once that it is not the list that is behind.
        ["drift"] = new(
            async world =>
            {
                await SettledAsync(world);
                world.Sim.Delete(Collections[1], (string)world.Sim.List(Collections[1]).Single()["id"]!);
                world.Sim.Delete(Records, (string)world.Sim.List(Records)[0]["id"]!);
                var encryption = world.Sim.List(Collections[2]).Single(p => (string?)p["@odata.type"] == "#microsoft.graph.iosImportedPFXCertificateProfile");
                world.Sim.Change(Collections[2], (string)encryption["id"]!, new JsonObject { ["displayName"] = "by hand" });
                await world.SweepAsync();
            },
            async world =>
            {
                await ReconcileAsync(world);
                world.Clock.Forward(TimeSpan.FromSeconds(30));
                await ReconcileAsync(world);
            },
            Objects: 7),

        ["deletion"] = new(
            SettledAsync,
            async world =>
            {
                foreach (var assignment in world.Catalog.Assignments.ToList())
                {
                    await world.DeleteAsync(assignment);
                }

                foreach (var policy in world.Catalog.Policies.ToList())
                {
                    await world.DeleteAsync(policy);
                }

                foreach (var import in world.Catalog.Imports.ToList())
                {
                    await world.DeleteAsync(import);
                }
            },
            Objects: 0),

        // An app, an app policy and a profile that somebody else made.
        ["adoption"] = new(
            async world =>
            {
                await AddEverythingAsync(world);
                var app = world.Sim.AddStoreApp();
                world.Sim.Add(Collections[1], new JsonObject
                {
                    ["@odata.type"] = "#microsoft.graph.iosMobileAppConfiguration", ["displayName"] = "outlook", ["description"] = "by hand",
                    ["targetedMobileApps"] = new JsonArray(app), ["settings"] = new JsonArray(),
                });
                world.Catalog.Policies[0].Spec.Adoption = new AdoptionSpec { Mode = AdoptionMode.IfUnique };
            },
            ReconcileAsync,
            Objects: 7),

        // Another source of signing certificates: the profile is replaced, and its people move.
        ["replacement"] = new(
            async world =>
            {
                await SettledAsync(world);
                TenantWorld.Edit(world.Catalog.Policies[0], s => s.Signing = PolicySpecs.Pkcs());
            },
            ReconcileAsync,
            Objects: 7),

        // A renewed certificate, one that no source holds any more, and another connector key for what stays.
        ["renewal"] = new(
            async world =>
            {
                world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", world.Pki.Pem("connector2.pub"));
                await SettledAsync(world);
                world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", world.Pki.Pem("connector.pub"));
                TenantWorld.Edit(world.Catalog.Imports[0], s => { s.Sources = [world.Tls("current", "current"), world.Pkcs12("renewed", "renewed")]; s.History = HistoryPolicy.Prune; });
            },
            ReconcileAsync,
            Objects: 7,
            UploadsOnce: false),

        // Many users by one resource: renewed, pruned, and then deleted with what it made.
        ["escrow"] = new(
            async world =>
            {
                world.Sim.AddUser("bob@contoso.com");
                Escrow.PutTls(world, "alice-1", TenantWorld.User, 1);
                Escrow.PutTls(world, "bob-1", "bob@contoso.com", 1);
                var import = Escrow.AddImport(world, change: s => s.History = HistoryPolicy.Prune);
                await world.ReconcileAsync(import);
                Escrow.PutTls(world, "alice-2", TenantWorld.User, 2);
                Escrow.PutTls(world, "bob-1", "bob@contoso.com", 2);
            },
            ReconcileAsync,
            Objects: 3),
    };

    /// <summary>
    /// Lets the process do its work as often as the operator would: an Assignment follows what its policy made, and what one that was killed may have
    /// made is waited for for half a minute.
    /// </summary>
    public async Task<End> EndAsync(TenantWorld world)
    {
        await Run(world);
        world.Clock.Forward(TimeSpan.FromSeconds(30));
        await Run(world);
        await Run(world);
        foreach (var status in Statuses(world))
        {
            status.ShouldBeInSync();
        }

        var (uploads, creations) = (UploadsIn(world), CreationsIn(world));
        world.Sim.Log.Clear();
        await world.SweepAsync();
        await Run(world);
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldBeEmpty();
        foreach (var record in world.Sim.List(Records))
        {
            world.Sim.StoredPfx((string)record["id"]!)!.DecryptPassword().ShouldNotBeEmpty();
        }

        return new End(Picture(world), uploads, creations);
    }

    /// <summary>How many apps, policies and profiles were made.</summary>
    public static int CreationsIn(TenantWorld world) => world.Sim.Log.Entries.Count(e => e.Method == "POST" && Collections[..3].Any(c => e.Path.EndsWith("/" + c, StringComparison.Ordinal)));

    private static int UploadsIn(TenantWorld world) =>
        world.Sim.Log.Entries.Count(e => e.Method is "POST" or "PATCH" && e.Path.Contains(Records, StringComparison.Ordinal));

    private static IEnumerable<ResourceStatus?> Statuses(TenantWorld world) =>
        [.. world.Catalog.Policies.Select(p => p.Status), .. world.Catalog.Imports.Select(i => i.Status), .. world.Catalog.Assignments.Select(a => a.Status)];

    // What the tenant holds, without what chance decides: one line for each object.
    public static List<string> Picture(TenantWorld world) =>
        [.. Collections.SelectMany(c => world.Sim.List(c).Select(o => $"{c} {o["@odata.type"]} {o["displayName"]} {o["description"] ?? o["notes"]} {o["thumbprint"]} {o["intendedPurpose"]} {Targets(o)}"))
            .Order(StringComparer.Ordinal)];

    private static string Targets(JsonObject item) => string.Join(',', (item["assignments"]?.AsArray() ?? []).Select(a => $"{a!["intent"]}{a["target"]!["@odata.type"]}").Order(StringComparer.Ordinal));

    public static async Task ReconcileAsync(TenantWorld world)
    {
        await world.ReconcileAsync(world.Tenant);
        foreach (var policy in world.Catalog.Policies.ToList())
        {
            await world.ReconcileAsync(policy);
        }

        foreach (var assignment in world.Catalog.Assignments.ToList())
        {
            await world.ReconcileAsync(assignment);
        }

        // An import of many rests for a while after it did something.
        world.Clock.Forward(TimeSpan.FromSeconds(15));
        foreach (var import in world.Catalog.Imports.ToList())
        {
            await world.ReconcileAsync(import);
        }
    }

    private static async Task SettledAsync(TenantWorld world)
    {
        await AddEverythingAsync(world);
        await ReconcileAsync(world);
        foreach (var status in Statuses(world))
        {
            status.ShouldBeInSync();
        }
    }

    // App, root, two profiles and app policy, assigned to a group; and a history of two certificates.
    public static Task AddEverythingAsync(TenantWorld world)
    {
        world.AddPolicy(change: s =>
        {
            s.TrustedCertificates = [new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } }];
            s.Signing = PolicySpecs.Scep("contoso");
            s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        });
        world.AddAssignment("all", s => s.Include = [new IncludeTarget { Group = new GroupReference { Id = world.Sim.AddGroup("People") } }]);
        world.AddImport(change: s =>
        {
            s.Sources = [world.Pkcs12("2021", "old"), world.Tls("current", "current")];
            s.DeletionPolicy = DeletionPolicy.Delete;
        });
        return Task.CompletedTask;
    }
}

/// <summary>What the tenant holds in the end, how many times certificates were uploaded until then, and how many other objects were made.</summary>
internal sealed record End(IReadOnlyList<string> Picture, int Uploads, int Creations);
