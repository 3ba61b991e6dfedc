using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>spec.adoption.objects: what is there is taken over as it is.</summary>
public sealed class AdoptedObjectTests(Pki pki)
{
    private const string Policies = "mobileAppConfigurations";
    private const string Profiles = "deviceConfigurations";
    private const string Smime = "com.microsoft.outlook.Mail.SMIMEEnabled";

    [Fact]
    public async Task Names_and_texts_stay_only_the_mark_is_added_and_a_deletion_leaves_everything()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var app = world.Sim.AddStoreApp();
        var settings = AddPolicy(world, "Mail, as Bob named it", app);
        var profile = AddProfile(world, "Zertifikate");
        var before = Unmarked(world, settings, profile);
        var policy = world.AddPolicy(change: s => Adopt(s, settings, profile));

        var outcome = await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        outcome.Plan.Changes.Count.ShouldBe(2);
        outcome.Plan.Changes.ShouldAllBe(c => c.Action == ChangeAction.Adopt && c.OnlyMarks);
        world.Sim.Count(Policies).ShouldBe(1);
        world.Sim.Count(Profiles).ShouldBe(1);
        Unmarked(world, settings, profile).ShouldBe(before);
        ((string)world.Sim.Find(Policies, settings)!["description"]!).ShouldStartWith("made by hand\n\n[smime-operator ");
        policy.Status!.Objects!.ShouldAllBe(o => !o.Created);
        policy.Status.Objects!.Single(o => o.Role == "app-policy").Name.ShouldBe("Mail, as Bob named it");

        // A text that its owner changes is no drift, and the mark is not put there a second time.
        world.Sim.Change(Profiles, profile, new JsonObject { ["displayName"] = "Neue Zertifikate" });
        world.Sim.Log.Clear();
        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        world.Writes.ShouldBeEmpty();
        policy.Status.ShouldBeInSync();

        (await world.DeleteAsync(policy)).Released.ShouldBeTrue();
        world.Sim.Find(Policies, settings).ShouldNotBeNull();
        world.Sim.Find(Profiles, profile).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_change_in_git_reaches_an_adopted_object_and_its_name_stays()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var settings = AddPolicy(world, "Mail, as Bob named it", world.Sim.AddStoreApp());
        var profile = AddProfile(world, "Zertifikate");
        var policy = world.AddPolicy(change: s => Adopt(s, settings, profile));
        await world.ReconcileAsync(policy);

        TenantWorld.Edit(policy, s => s.Outlook.Smime.UserChangeAllowed = false);
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        var found = world.Sim.Find(Policies, settings)!;
        ((string)found["displayName"]!).ShouldBe("Mail, as Bob named it");
        found["settings"]!.AsArray().Single(i => (string)i!["appConfigKey"]! == Smime + ".UserChangeAllowed")!["appConfigKeyValue"]!.ToString().ShouldBe("false");
        found["settings"]!.AsArray().Select(i => (string)i!["appConfigKey"]!).ShouldContain("of.somebody.else");
    }

    [Fact]
    public async Task An_id_that_is_not_there_is_waited_for_and_nothing_is_made()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddStoreApp();
        var policy = world.AddPolicy(change: s => Adopt(s, "99999999-0000-0000-0000-000000000000", null));

        await world.ReconcileAsync(policy);

        policy.Status.ShouldWait(Reasons.NotFoundInTenant).ShouldContain("spec.adoption.objects[app-policy]");
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_of_another_type_and_a_part_that_nothing_plays_are_refused()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddStoreApp();
        var profile = AddProfile(world, "Zertifikate");
        var wrongType = world.AddPolicy(change: s => Adopt(s, profile, null));

        await world.ReconcileAsync(wrongType);

        wrongType.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("which is the iosImportedPFXCertificateProfile 'Zertifikate'; a iosMobileAppConfiguration is needed");
        TenantWorld.Edit(wrongType, s => s.Adoption = new AdoptionSpec { Objects = [new AdoptedObject { Role = "profile/nothing", Id = profile }] });
        await world.ReconcileAsync(wrongType);
        wrongType.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("nothing of this policy plays the part profile/nothing");
        TenantWorld.Edit(wrongType, s => s.Adoption = new AdoptionSpec
        {
            Objects = [new AdoptedObject { Role = "app-policy", Id = profile }, new AdoptedObject { Role = "profile/encryption", Id = profile }],
        });
        await world.ReconcileAsync(wrongType);
        wrongType.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("an object plays one part");
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_that_bears_the_mark_of_another_owner_is_a_conflict()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var settings = AddPolicy(world, "x", world.Sim.AddStoreApp());
        world.Sim.Change(Policies, settings, new JsonObject { ["description"] = "[smime-operator cluster=elsewhere owner=SmimePolicy/a/b uid=1 role=app-policy]" });
        var policy = world.AddPolicy(change: s => Adopt(s, settings, null));

        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain("SmimePolicy/a/b of cluster elsewhere");
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_that_another_policy_has_is_not_taken_from_it_even_without_a_mark()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var settings = AddPolicy(world, "x", world.Sim.AddStoreApp());
        var mine = world.AddPolicy(change: s => s.Signing = Pkcs());
        await world.ReconcileAsync(mine);
        var profile = (string)world.Sim.List(Profiles).Single(o => ((string)o["@odata.type"]!).EndsWith("iosPkcsCertificateProfile", StringComparison.Ordinal))["id"]!;

        world.Sim.Change(Profiles, profile, new JsonObject { ["description"] = "the mark was wiped off" });
        await world.SweepAsync();
        var rival = world.AddPolicy("rival", s =>
        {
            Adopt(s, settings, null);
            s.Signing = Pkcs();
            s.Adoption.Objects!.Add(new AdoptedObject { Role = "profile/signing-pkcs", Id = profile });
        });
        await world.ReconcileAsync(rival);

        rival.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain("SmimePolicy/team-a/outlook");
    }

    private static SigningSpec Pkcs() => new()
    {
        Source = SigningSource.Pkcs,
        Pkcs = new PkcsSpec { CertificationAuthority = "ca", CertificationAuthorityName = "CA", CertificateTemplateName = "Smime" },
    };

    private static void Adopt(SmimePolicySpec spec, string settings, string? profile)
    {
        spec.Outlook = new OutlookSettings { Smime = new SettingWithOverride { Enabled = true, UserChangeAllowed = true }, DeployCertificatesFromIntune = false };
        spec.Encryption = profile is null ? null : new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        spec.Signing = null;
        spec.TrustedCertificates = null;
        spec.NativeMail = null;
        spec.Adoption = new AdoptionSpec { Objects = [new AdoptedObject { Role = "app-policy", Id = settings }] };
        if (profile is not null)
        {
            spec.Adoption.Objects.Add(new AdoptedObject { Role = "profile/encryption", Id = profile });
        }
    }

    // What the spec says of absent keys is what Outlook takes them for: nothing has to be written.
    private static string AddPolicy(TenantWorld world, string name, string app) => world.Sim.Add(Policies, new JsonObject
    {
        ["@odata.type"] = "#microsoft.graph.iosMobileAppConfiguration",
        ["displayName"] = name,
        ["description"] = "made by hand",
        ["targetedMobileApps"] = new JsonArray(app),
        ["settings"] = new JsonArray(
            new JsonObject { ["appConfigKey"] = Smime, ["appConfigKeyType"] = "booleanType", ["appConfigKeyValue"] = "true" },
            new JsonObject { ["appConfigKey"] = "of.somebody.else", ["appConfigKeyType"] = "stringType", ["appConfigKeyValue"] = "1" }),
    });

    private static string AddProfile(TenantWorld world, string name) => world.Sim.Add(Profiles, new JsonObject
    {
        ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile",
        ["displayName"] = name,
        ["intendedPurpose"] = "smimeEncryption",
    });

    private static string Unmarked(TenantWorld world, string settings, string profile) => string.Join('\n', new[] { world.Sim.Find(Policies, settings)!, world.Sim.Find(Profiles, profile)! }.Select(o =>
    {
        foreach (var stamp in (string[])["version", "lastModifiedDateTime", "description"])
        {
            o.Remove(stamp);
        }

        return o.ToJsonString();
    }));
}
