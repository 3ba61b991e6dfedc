using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>The choices whose place in an app policy nobody documents. The keys here are made up, as any real ones would be to the operator.</summary>
public sealed class UndocumentedSettingTests(Pki pki)
{
    private const string Policies = "mobileAppConfigurations";
    private const string Signing = "com.example.signing";
    private const string Encryption = "com.example.encryption";
    private const string Notify = "com.example.notify";

    [Fact]
    public async Task Without_a_mapping_nothing_is_guessed_and_the_status_says_that_notifications_are_not_written()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Choices);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        var told = policy.Status.Condition(ConditionTypes.PrerequisitesMet)!;
        (told.Status, told.Reason).ShouldBe(("False", Reasons.NotMet));
        told.Message.ShouldContain("spec.undocumented.endUserNotifications");
        Settings(world).Keys.ShouldAllBe(k => k.StartsWith("com.microsoft.outlook.Mail.SMIMEEnabled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_mapping_the_choices_are_settings_that_follow_the_spec_and_leave_with_it()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: Mapped);
        var policy = world.AddPolicy(change: Choices);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        policy.Status!.Prerequisites!.Single(p => p.Name == "end-user-notifications").State.ShouldBe(PrerequisiteState.Met);
        Settings(world)[Signing].ShouldBe(("integerType", "2"));
        Settings(world)[Encryption].ShouldBe(("stringType", "imported"));
        Settings(world)[Notify].ShouldBe(("stringType", "CompanyPortal,Email"));

        TenantWorld.Edit(policy, s => { s.EndUserNotifications = [EndUserNotification.Email]; s.Encryption = null; });
        await world.ReconcileAsync(policy);
        Settings(world)[Notify].ShouldBe(("stringType", "Email"));
        Settings(world).ShouldNotContainKey(Encryption);

        // The owner names no value for the Company Portal alone: that is told, and nothing is made up.
        TenantWorld.Edit(policy, s => s.EndUserNotifications = [EndUserNotification.CompanyPortal]);
        await world.ReconcileAsync(policy);
        Settings(world).ShouldNotContainKey(Notify);
        policy.Status.Condition(ConditionTypes.PrerequisitesMet)!.Message.ShouldContain("CompanyPortal");

        TenantWorld.Edit(policy, s => s.Outlook.ExtraSettings = [new ExtraSetting { Key = Signing, Type = SettingType.String, Value = "x" }]);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain(Signing);
    }

    [Fact]
    public async Task A_key_that_the_portal_wrote_survives_our_changes_and_is_not_taken_for_ours()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: Mapped);
        var policy = world.AddPolicy(change: s => s.Outlook.LdapUrl = "ldaps://one.contoso.com");
        await world.ReconcileAsync(policy);
        var configuration = world.Sim.List(Policies).Single();
        var settings = configuration["settings"]!.DeepClone().AsArray();
        settings.Add(Item(Notify, "Email"));
        settings.Add(Item("com.example.portal", "kept"));
        world.Sim.Change(Policies, (string)configuration["id"]!, new JsonObject { ["settings"] = settings }).ShouldBeTrue();
        await world.SweepAsync();

        TenantWorld.Edit(policy, s => s.Outlook.LdapUrl = "ldaps://two.contoso.com");
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        Settings(world)["com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName"].ShouldBe(("stringType", "ldaps://two.contoso.com"));
        Settings(world)["com.example.portal"].ShouldBe(("stringType", "kept"));
        Settings(world)[Notify].ShouldBe(("stringType", "Email"));
        policy.Status!.Objects!.Single(o => o.Role == Roles.AppPolicy).Keys!.ShouldNotContain("com.example.portal");
    }

    private static void Choices(SmimePolicySpec spec)
    {
        spec.Signing = new SigningSpec { Source = SigningSource.ImportedPkcs };
        spec.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        spec.EndUserNotifications = [EndUserNotification.Email, EndUserNotification.CompanyPortal];
    }

    private static void Mapped(TenantSpec tenant) => tenant.Undocumented = new UndocumentedSpec
    {
        SigningCertificateType = new SigningCertificateTypeSetting { Key = Signing, Type = SettingType.Integer, ImportedPkcs = "2" },
        EncryptionCertificateType = new CertificateTypeSetting { Key = Encryption, ImportedPkcs = "imported" },
        EndUserNotifications = new NotificationSetting { Key = Notify, Email = "Email", Both = "CompanyPortal,Email" },
    };

    private static JsonObject Item(string key, string value) =>
        new() { ["appConfigKey"] = key, ["appConfigKeyType"] = "stringType", ["appConfigKeyValue"] = value };

    private static Dictionary<string, (string, string)> Settings(TenantWorld world) => world.Sim.List(Policies).Single()["settings"]!.AsArray()
        .ToDictionary(s => (string)s!["appConfigKey"]!, s => ((string)s!["appConfigKeyType"]!, (string)s!["appConfigKeyValue"]!));
}
