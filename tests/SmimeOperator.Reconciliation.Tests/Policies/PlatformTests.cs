using System.Text;
using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>Types and payload are those of the reference facts on the other platforms and of the official schema.</summary>
public sealed class PlatformTests(Pki pki)
{
    private const string Key = "com.microsoft.outlook.Mail.SMIMEEnabled";
    private const string Policies = "mobileAppConfigurations";
    private const string Profiles = "deviceConfigurations";
    private const string AndroidPolicy = "#microsoft.graph.androidManagedStoreAppConfiguration";

    [Fact]
    public async Task Every_platform_gets_its_root_and_the_profiles_for_imported_certificates()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var app = world.Sim.AddAndroidApp();
        var policy = world.AddPolicy(change: All);

        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Sim.List(Profiles).Select(p => $"{((string)p["@odata.type"]!).Split('.')[^1]} {(string?)p["intendedPurpose"]}".TrimEnd()).Order(StringComparer.Ordinal).ShouldBe(
        [
            "androidDeviceOwnerImportedPFXCertificateProfile smimeEncryption", "androidDeviceOwnerImportedPFXCertificateProfile smimeSigning",
            "androidDeviceOwnerTrustedRootCertificate",
            "androidForWorkImportedPFXCertificateProfile smimeEncryption", "androidForWorkImportedPFXCertificateProfile smimeSigning",
            "androidForWorkTrustedRootCertificate",
            "iosImportedPFXCertificateProfile smimeEncryption", "iosImportedPFXCertificateProfile smimeSigning", "iosTrustedRootCertificate",
            "macOSImportedPFXCertificateProfile smimeEncryption", "macOSImportedPFXCertificateProfile smimeSigning", "macOSTrustedRootCertificate",
            "windows10ImportedPFXCertificateProfile smimeEncryption", "windows10ImportedPFXCertificateProfile smimeSigning",
            "windows81TrustedRootCertificate",
        ]);
        foreach (var root in world.Sim.List(Profiles).Where(p => p.ContainsKey("trustedRootCertificate")))
        {
            Convert.FromBase64String((string)root["trustedRootCertificate"]!).ShouldBe(await pki.DerAsync("root"));
        }

        ((string?)Profile(world, "windows81TrustedRootCertificate")["destinationStore"]).ShouldBe("computerCertStoreRoot");
        ((string?)Profile(world, "windows10ImportedPFXCertificateProfile")["keyStorageProvider"]).ShouldBe("useSoftwareKsp");

        var android = Android(world)!;
        ((string?)android["packageId"]).ShouldBe("app:com.microsoft.office.outlook");
        android["targetedMobileApps"]!.AsArray().Select(a => (string?)a).ShouldBe([app]);
        var payload = Payload(android);
        ((string?)payload["kind"]).ShouldBe("androidenterprise#managedConfiguration");
        ((string?)payload["productId"]).ShouldBe("app:com.microsoft.office.outlook");
        payload["managedProperty"]!.AsArray().Select(p => p!.ToJsonString()).ShouldBe(
        [
            $$"""{"key":"{{Key}}","valueBool":true}""",
            $$"""{"key":"{{Key}}.UserChangeAllowed","valueBool":false}""",
            $$"""{"key":"{{Key}}.SignAllMail","valueBool":true}""",
            $$"""{"key":"{{Key}}.SignAllMail.UserChangeAllowed","valueBool":true}""",
            $$"""{"key":"{{Key}}.LDAPHostName","valueString":"ldaps://ldap.contoso.com"}""",
            $$"""{"key":"{{Key}}.CertsFromIntune","valueBool":true}""",
            """{"key":"com.example.level","valueInteger":3}""",
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task The_second_pass_and_a_pass_after_a_sweep_write_nothing()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddAndroidApp();
        var policy = world.AddPolicy(change: All);
        await world.ReconcileAsync(policy);
        var android = Android(world)!;

        // The same meaning in another order and with other white space.
        var payload = Payload(android);
        payload["managedProperty"] = new JsonArray([.. payload["managedProperty"]!.AsArray().Reverse().Select(p => p!.DeepClone())]);
        SetPayload(world, android, payload.ToJsonString(new() { WriteIndented = true }));
        world.Sim.Log.Clear();

        await world.ReconcileAsync(policy);
        await world.SweepAsync();
        var outcome = await world.ReconcileAsync(policy);

        world.Writes.ShouldBeEmpty();
        outcome.Events.ShouldBeEmpty();
        policy.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task Drift_of_the_payload_is_corrected_once_and_what_others_added_there_stays()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddAndroidApp();
        var policy = world.AddPolicy(change: All);
        await world.ReconcileAsync(policy);
        var android = Android(world)!;
        var payload = Payload(android);
        var properties = payload["managedProperty"]!.AsArray();
        properties.Single(p => (string?)p!["key"] == Key)!["valueBool"] = false;
        properties.Add(new JsonObject { ["key"] = "com.example.foreign", ["valueStringArray"] = new JsonArray("a", "b") });
        properties.Add(new JsonObject { ["key"] = Key + ".EncryptAllMail", ["valueBool"] = true });
        SetPayload(world, android, payload.ToJsonString());
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Writes.ShouldHaveSingleItem().Method.ShouldBe("PATCH");
        policy.Status!.Drift!.Select(d => d.Path).ShouldBe(["/payloadJson/" + Key, $"/payloadJson/{Key}.EncryptAllMail"], ignoreOrder: true);
        var after = Payload(Android(world)!)["managedProperty"]!.AsArray().ToDictionary(p => (string)p!["key"]!, p => p!.ToJsonString());
        after[Key].ShouldContain("true");
        after["com.example.foreign"].ShouldContain("""["a","b"]""");
        after.ShouldNotContainKey(Key + ".EncryptAllMail");
    }

    [Theory]
    [InlineData("windows10ImportedPFXCertificateProfile", "keyStorageProvider", "useTpmKspOtherwiseFail", true)]
    [InlineData("windows81TrustedRootCertificate", "destinationStore", "computerCertStoreIntermediate", true)]
    [InlineData("macOSTrustedRootCertificate", "certFileName", "other.cer", true)]
    [InlineData("androidForWorkImportedPFXCertificateProfile", "displayName", "renamed", true)]
    [InlineData("androidDeviceOwnerImportedPFXCertificateProfile", "renewalThresholdPercentage", 33, false)]
    public async Task A_changed_field_is_put_back_once_if_the_spec_states_it(string type, string field, object value, bool isStated)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddAndroidApp();
        var policy = world.AddPolicy(change: All);
        await world.ReconcileAsync(policy);
        var profile = Profile(world, type);
        var before = profile[field]!.ToJsonString();
        world.Sim.Change(Profiles, (string)profile["id"]!, new JsonObject { [field] = value is int number ? number : (string)value });
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Writes.Count.ShouldBe(isStated ? 1 : 0);
        (world.Sim.Find(Profiles, (string)profile["id"]!)![field]!.ToJsonString() == before).ShouldBe(isStated);
    }

    [Fact]
    public async Task A_platform_taken_out_of_the_spec_loses_its_objects_and_no_others()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddAndroidApp();
        var policy = world.AddPolicy(change: All);
        await world.ReconcileAsync(policy);

        TenantWorld.Edit(policy, s => s.Platforms!.Android = null);
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Sim.List(Profiles).Count(p => ((string)p["@odata.type"]!).Contains("android", StringComparison.Ordinal)).ShouldBe(0);
        world.Sim.Count(Profiles).ShouldBe(9);
        Android(world).ShouldBeNull();
        world.Sim.Count(Policies).ShouldBe(1);
        policy.Status!.Objects!.ShouldNotContain(o => o.Role.StartsWith("android", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_platform_is_not_taken_out_while_the_guard_forbids_so_many_deletions()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Guard = new GuardSpec { MaxDeletions = 3, MaxDeletionPercent = 1 });
        world.Sim.AddAndroidApp();
        var policy = world.AddPolicy(change: All);
        await world.ReconcileAsync(policy);

        TenantWorld.Edit(policy, s => s.Platforms = null);
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(Reasons.GuardTripped);
        world.Sim.Count(Profiles).ShouldBe(15);
    }

    [Fact]
    public async Task A_missing_android_app_is_waited_for_and_keeps_nothing_from_the_other_platforms()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: All);

        await world.ReconcileAsync(policy);

        policy.Status.ShouldWait(Reasons.NotFoundInTenant).ShouldContain("com.microsoft.office.outlook");
        world.Sim.Count(Profiles).ShouldBe(15);
        Android(world).ShouldBeNull();

        var app = world.Sim.AddAndroidApp();
        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();

        // An app that goes takes no settings with it.
        world.Sim.Delete("mobileApps", app);
        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldWait(Reasons.NotFoundInTenant);
        Android(world).ShouldNotBeNull();
    }

    [Fact]
    public async Task Two_android_apps_of_one_package_are_told_apart_by_id_only()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var (one, two) = (world.Sim.AddAndroidApp(), world.Sim.AddAndroidApp());
        var policy = world.AddPolicy(change: All);

        await world.ReconcileAsync(policy);
        var message = policy.Status.ShouldBeStalled(Reasons.AmbiguousMatch);
        message.ShouldContain(one);
        message.ShouldContain(two);

        TenantWorld.Edit(policy, s => s.Platforms!.Android!.App.Id = two);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        Android(world)!["targetedMobileApps"]!.AsArray().Select(a => (string?)a).ShouldBe([two]);
    }

    [Theory]
    [InlineData(SettingType.Real, "1.5")]
    [InlineData(SettingType.Integer, "many")]
    [InlineData(SettingType.Boolean, "yes")]
    public async Task A_setting_that_android_cannot_hold_is_refused_by_name(SettingType type, string value)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddAndroidApp();
        var policy = world.AddPolicy(change: s =>
        {
            All(s);
            s.Platforms!.Android!.ExtraSettings = [new ExtraSetting { Key = "com.example.x", Type = type, Value = value }];
        });

        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("spec.platforms.android.extraSettings[com.example.x]");
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Policies_that_miss_the_same_app_at_the_same_time_make_one()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policies = Enumerable.Range(1, 5).Select(i => world.AddPolicy($"outlook-{i}")).ToList();

        await Task.WhenAll(policies.Select(p => world.ReconcileAsync(p)));

        world.Sim.Count("mobileApps").ShouldBe(1);
        policies.ForEach(p => p.Status.ShouldBeInSync());
    }

    internal static void All(SmimePolicySpec spec)
    {
        spec.Outlook = new OutlookSettings
        {
            Smime = new SettingWithOverride { Enabled = true, UserChangeAllowed = false },
            SignAllMail = new SettingWithOverride { Enabled = true },
            LdapUrl = "ldaps://ldap.contoso.com",
        };
        spec.Signing = new SigningSpec { Source = SigningSource.ImportedPkcs };
        spec.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        spec.TrustedCertificates =
        [
            new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } },
        ];
        spec.Platforms = new PlatformsSpec
        {
            Android = new AndroidPlatform { ExtraSettings = [new ExtraSetting { Key = "com.example.level", Type = SettingType.Integer, Value = "3" }] },
            MacOS = new MacOSPlatform(),
            Windows = new WindowsPlatform { KeyStorageProvider = KeyStorageProvider.UseSoftwareKsp },
        };
    }

    private static JsonObject Profile(TenantWorld world, string type) =>
        world.Sim.List(Profiles).First(p => (string?)p["@odata.type"] == "#microsoft.graph." + type);

    private static JsonObject? Android(TenantWorld world) => world.Sim.List(Policies).SingleOrDefault(p => (string?)p["@odata.type"] == AndroidPolicy);

    private static JsonObject Payload(JsonObject policy) =>
        JsonNode.Parse(Convert.FromBase64String((string)policy["payloadJson"]!))!.AsObject();

    private static void SetPayload(TenantWorld world, JsonObject policy, string json) =>
        world.Sim.Change(Policies, (string)policy["id"]!, new JsonObject { ["payloadJson"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(json)) });
}
