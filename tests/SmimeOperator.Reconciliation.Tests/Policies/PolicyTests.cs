using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>Keys, values and types are those of the reference facts on Outlook's app configuration.</summary>
public sealed class PolicyTests(Pki pki)
{
    private const string Key = "com.microsoft.outlook.Mail.SMIMEEnabled";
    private const string Policies = "mobileAppConfigurations";
    private const string Profiles = "deviceConfigurations";
    private const string Apps = "mobileApps";

    [Fact]
    public async Task An_empty_tenant_gets_the_app_the_root_the_profiles_and_the_app_policy_in_that_order()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);

        var outcome = await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Writes.Select(w => w.Template).ShouldBe(
        [
            "/deviceAppManagement/mobileApps", "/deviceManagement/deviceConfigurations", "/deviceManagement/deviceConfigurations",
            "/deviceManagement/deviceConfigurations", "/deviceAppManagement/mobileAppConfigurations",
        ]);
        outcome.Events.Count(e => e.Reason == Reasons.Created).ShouldBe(5);

        var app = world.Sim.List(Apps).ShouldHaveSingleItem();
        ((string?)app["bundleId"]).ShouldBe("com.microsoft.Office.Outlook");
        ((string?)app["@odata.type"]).ShouldBe("#microsoft.graph.iosStoreApp");

        var root = world.Sim.List(Profiles).Single(p => (string?)p["@odata.type"] == "#microsoft.graph.iosTrustedRootCertificate");
        Convert.FromBase64String((string)root["trustedRootCertificate"]!).ShouldBe(await pki.DerAsync("root"));
        ((string?)root["certFileName"]).ShouldBe("contoso.cer");
        ((string?)root["displayName"])!.ShouldContain("contoso");

        world.Sim.List(Profiles).Where(p => (string?)p["@odata.type"] == "#microsoft.graph.iosImportedPFXCertificateProfile")
            .Select(p => (string?)p["intendedPurpose"]).Order().ShouldBe(["smimeEncryption", "smimeSigning"]);

        var configuration = world.Sim.List(Policies).ShouldHaveSingleItem();
        ((string?)configuration["displayName"]).ShouldBe("outlook");
        ((string?)configuration["description"])!.ShouldStartWith("For phones");
        configuration["targetedMobileApps"]!.AsArray().Select(a => (string?)a).ShouldBe([(string?)app["id"]]);
        Settings(configuration).ShouldBe(
            new Dictionary<string, (string, string)>
            {
                [Key] = ("booleanType", "true"),
                [Key + ".UserChangeAllowed"] = ("booleanType", "false"),
                [Key + ".EncryptAllMail"] = ("booleanType", "false"),
                [Key + ".EncryptAllMail.UserChangeAllowed"] = ("booleanType", "true"),
                [Key + ".SignAllMail"] = ("booleanType", "true"),
                [Key + ".SignAllMail.UserChangeAllowed"] = ("booleanType", "false"),
                [Key + ".LDAPHostName"] = ("stringType", "ldaps://ldap.contoso.com"),
                [Key + ".CertsFromIntune"] = ("booleanType", "true"),
                ["com.example.level"] = ("integerType", "3"),
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task The_second_pass_and_a_pass_after_a_sweep_write_nothing()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        world.Sim.Log.Clear();

        await world.ReconcileAsync(policy);
        await world.SweepAsync();
        var outcome = await world.ReconcileAsync(policy);

        world.Writes.ShouldBeEmpty();
        outcome.Events.ShouldBeEmpty();
        policy.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task A_change_of_the_spec_is_one_PATCH()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        world.Sim.Log.Clear();

        TenantWorld.Edit(policy, s => s.Outlook.LdapUrl = null);
        await world.ReconcileAsync(policy);

        world.Writes.ShouldHaveSingleItem().Method.ShouldBe("PATCH");
        Settings(world.Sim.List(Policies).Single()).ShouldNotContainKey(Key + ".LDAPHostName");
        policy.Status!.ObservedGeneration.ShouldBe(2);
        policy.Status.Drift.ShouldBeNull();
    }

    [Fact]
    public async Task Drift_is_corrected_and_reported_and_keys_of_other_people_stay()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        Tamper(world);

        await world.SweepAsync();
        var outcome = await world.ReconcileAsync(policy);

        Settings(world.Sim.List(Policies).Single())[Key].ShouldBe(("booleanType", "true"));
        Settings(world.Sim.List(Policies).Single())["com.example.foreign"].ShouldBe(("stringType", "x"));
        policy.Status.ShouldBeInSync();
        var drifted = policy.Status.Condition(ConditionTypes.Drifted)!;
        (drifted.Status, drifted.Reason).ShouldBe(("False", Reasons.DriftCorrected));
        policy.Status!.Drift!.ShouldContain(d => d.Corrected && d.Path == "/settings/" + Key && d.Observed == "false");
        outcome.Events.ShouldContain(e => e.Reason == Reasons.DriftCorrected && e.IsWarning);
    }

    [Fact]
    public async Task Drift_mode_Detect_reports_and_changes_nothing()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => { Full(s); s.Drift.Mode = DriftMode.Detect; });
        await world.ReconcileAsync(policy);
        Tamper(world);
        world.Sim.Log.Clear();

        await world.SweepAsync();
        var first = await world.ReconcileAsync(policy);
        var second = await world.ReconcileAsync(policy);

        world.Writes.ShouldBeEmpty();
        policy.Status.ShouldBeInSync();
        policy.Status.Condition(ConditionTypes.Drifted)!.Status.ShouldBe("True");
        first.Events.ShouldContain(e => e.Reason == Reasons.DriftDetected);
        second.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Drift_mode_Off_looks_at_nothing()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => { Full(s); s.Drift.Mode = DriftMode.Off; });
        await world.ReconcileAsync(policy);
        Tamper(world);
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        world.Writes.ShouldBeEmpty();
        policy.Status!.Drift.ShouldBeNull();
        policy.Status.Condition(ConditionTypes.Drifted)!.Status.ShouldBe("False");
    }

    [Fact]
    public async Task An_ignored_field_may_differ()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => { Full(s); s.Drift.Ignore = ["/settings/" + Key]; });
        await world.ReconcileAsync(policy);
        Tamper(world);
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        world.Writes.ShouldBeEmpty();
        policy.Status!.Drift.ShouldBeNull();
    }

    [Fact]
    public async Task What_somebody_deleted_is_made_again_and_told_as_drift()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        var root = policy.Status!.Objects!.Single(o => o.Role == "root/contoso").Id;
        world.Sim.Delete(Profiles, root);
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        world.Writes.ShouldHaveSingleItem().Method.ShouldBe("POST");
        policy.Status.ShouldBeInSync();
        policy.Status!.Objects!.Single(o => o.Role == "root/contoso").Id.ShouldNotBe(root);
        policy.Status.Drift!.ShouldContain(d => d.Id == root && d.Observed == "absent" && d.Corrected);
    }

    [Fact]
    public async Task A_trusted_certificate_taken_out_of_the_spec_is_deleted()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);

        TenantWorld.Edit(policy, s => s.TrustedCertificates = null);
        await world.ReconcileAsync(policy);

        world.Sim.List(Profiles).ShouldNotContain(p => (string?)p["@odata.type"] == "#microsoft.graph.iosTrustedRootCertificate");
        policy.Status!.Objects!.ShouldNotContain(o => o.Role == "root/contoso");
    }

    [Fact]
    public async Task A_suspended_policy_asks_for_nothing()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => { Full(s); s.Suspend = true; });

        await world.ReconcileAsync(policy);

        world.Sim.Log.Entries.ShouldBeEmpty();
        policy.Status.Condition(ConditionTypes.Ready)!.Reason.ShouldBe(Reasons.Suspended);
    }

    [Theory]
    [InlineData(EncryptionSource.Scep)]
    [InlineData(EncryptionSource.Pkcs)]
    public async Task An_encryption_certificate_for_each_device_is_an_invalid_spec_and_the_message_says_why(EncryptionSource source)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = source });

        await world.ReconcileAsync(policy);

        var message = policy.Status.ShouldBeStalled(Reasons.InvalidSpec);
        message.ShouldContain($"spec.encryption.source: {source}");
        message.ShouldContain("could not be read on the user's others");
        message.ShouldContain("use ImportedPkcs or DerivedCredential");
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_ConfigMap_is_waited_for_and_a_leaf_is_no_root()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        world.Catalog.Remove(DataKind.ConfigMap, "pki");

        await world.ReconcileAsync(policy);
        policy.Status.ShouldWait(Reasons.ReferenceNotFound).ShouldContain("trustedCertificates[contoso]");

        world.Catalog.Put(DataKind.ConfigMap, "pki", "root.pem", pki.Pem("current.pem"));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.SourceInvalid);

        world.Catalog.Put(DataKind.ConfigMap, "pki", "root.pem", pki.Pem("root.pem"));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task A_deleted_policy_takes_its_objects_along_in_reverse_order()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        world.Sim.Log.Clear();

        var outcome = await world.DeleteAsync(policy);

        outcome.Released.ShouldBeTrue();
        (world.Sim.Count(Policies), world.Sim.Count(Profiles), world.Sim.Count(Apps)).ShouldBe((0, 0, 0));
        world.Writes[0].Path.ShouldContain(Policies);
        world.Writes[^1].Path.ShouldContain(Apps);
        world.Writes.ShouldAllBe(w => w.Method == "DELETE");
    }

    [Fact]
    public async Task An_orphaned_policy_leaves_everything_and_names_it()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => { Full(s); s.DeletionPolicy = DeletionPolicy.Orphan; });
        await world.ReconcileAsync(policy);
        world.Sim.Log.Clear();

        var outcome = await world.DeleteAsync(policy);

        outcome.Released.ShouldBeTrue();
        world.Writes.ShouldBeEmpty();
        outcome.Events.Count(e => e.Reason == Reasons.Orphaned).ShouldBe(5);
    }

    [Fact]
    public async Task A_policy_waits_with_its_deletion_while_an_Assignment_refers_to_it()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        var assignment = world.AddAssignment("everyone", s => s.Include = [new IncludeTarget { AllUsers = true }]);
        await world.ReconcileAsync(assignment);

        var first = await world.DeleteAsync(policy);
        first.Released.ShouldBeFalse();
        policy.Status.ShouldWait(Reasons.InUse).ShouldContain("everyone");
        world.Sim.Count(Policies).ShouldBe(1);

        (await world.DeleteAsync(assignment)).Released.ShouldBeTrue();
        (await world.DeleteAsync(policy)).Released.ShouldBeTrue();
        world.Sim.Count(Policies).ShouldBe(0);
    }

    [Fact]
    public async Task The_app_is_shared_and_stays_as_long_as_another_policy_is_there()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var first = world.AddPolicy("first");
        var second = world.AddPolicy("second");
        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);
        world.Sim.Count(Apps).ShouldBe(1);

        (await world.DeleteAsync(first)).Released.ShouldBeTrue();

        world.Sim.Count(Apps).ShouldBe(1);
        world.Sim.List(Policies).ShouldHaveSingleItem()["displayName"]!.GetValue<string>().ShouldBe("second");
        await world.SweepAsync();
        await world.ReconcileAsync(second);
        second.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task An_app_that_was_there_is_used_and_never_changed_or_deleted()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var app = world.Sim.AddStoreApp();
        var policy = world.AddPolicy();

        await world.ReconcileAsync(policy);
        (await world.DeleteAsync(policy)).Released.ShouldBeTrue();

        world.Sim.List(Apps).ShouldHaveSingleItem()["id"]!.GetValue<string>().ShouldBe(app);
        world.Writes.ShouldAllBe(w => !w.Path.Contains(Apps + "/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lost_status_is_found_again_by_the_marks_and_nothing_is_made_twice()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        var ids = policy.Status!.Objects!.Select(o => o.Id).Order().ToList();
        world.Sim.Log.Clear();

        policy.Status = null;
        await world.ReconcileAsync(policy);

        world.Writes.ShouldBeEmpty();
        policy.Status!.Objects!.Select(o => o.Id).Order().ShouldBe(ids);
        policy.Status.Objects!.ShouldAllBe(o => o.Created);
    }

    private static void Full(SmimePolicySpec spec)
    {
        spec.Description = "For phones";
        spec.Outlook = new OutlookSettings
        {
            Smime = new SettingWithOverride { Enabled = true, UserChangeAllowed = false },
            EncryptAllMail = new SettingWithOverride { Enabled = false, UserChangeAllowed = true },
            SignAllMail = new SettingWithOverride { Enabled = true, UserChangeAllowed = false },
            LdapUrl = "ldaps://ldap.contoso.com",
            DeployCertificatesFromIntune = true,
            ExtraSettings = [new ExtraSetting { Key = "com.example.level", Type = SettingType.Integer, Value = "3" }],
        };
        spec.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        spec.Signing = new SigningSpec { Source = SigningSource.ImportedPkcs };
        spec.TrustedCertificates =
        [
            new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } },
        ];
    }

    // Somebody turns S/MIME off in the portal, and adds a key of their own.
    private static void Tamper(TenantWorld world)
    {
        var policy = world.Sim.List(Policies).Single();
        var settings = policy["settings"]!.DeepClone().AsArray();
        settings.Single(s => (string?)s!["appConfigKey"] == Key)!["appConfigKeyValue"] = "false";
        settings.Add(new JsonObject { ["appConfigKey"] = "com.example.foreign", ["appConfigKeyType"] = "stringType", ["appConfigKeyValue"] = "x" });
        world.Sim.Change(Policies, (string)policy["id"]!, new JsonObject { ["settings"] = settings }).ShouldBeTrue();
    }

    private static Dictionary<string, (string, string)> Settings(JsonObject policy) => policy["settings"]!.AsArray()
        .ToDictionary(s => (string)s!["appConfigKey"]!, s => ((string)s!["appConfigKeyType"]!, (string)s!["appConfigKeyValue"]!));
}
