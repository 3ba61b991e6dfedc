using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>Derived credentials refer to the tenant's issuer and never touch it. Types and names are those of the official schema.</summary>
public sealed class DerivedCredentialTests(Pki pki)
{
    private const string Profiles = "deviceConfigurations";
    private const string Type = "iosDerivedCredentialAuthenticationConfiguration";
    private const string Navigation = "derivedCredentialSettings";

    [Fact]
    public async Task One_profile_for_signing_and_encryption_is_bound_to_the_only_issuer_and_the_issuer_is_left_as_it_is()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var issuer = Issuer(world, "Purebred");
        var policy = world.AddPolicy(change: Both);

        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        var profile = world.Sim.List(Profiles).ShouldHaveSingleItem();
        ((string?)profile["@odata.type"]).ShouldBe("#microsoft.graph." + Type);
        world.Sim.FindReference(Profiles, (string)profile["id"]!, Navigation).ShouldBe(issuer);
        world.Writes.ShouldAllBe(w => !w.Path.Contains("derivedCredentials", StringComparison.Ordinal));
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        Changes(world).ShouldBeEmpty();
        world.Sim.Log.Entries.ShouldContain(e => e.Path.EndsWith("/$batch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_issuer_is_waited_for_and_two_of_a_name_stop_the_policy_with_both_ids()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s =>
        {
            Both(s);
            s.Signing!.DerivedCredential = s.Encryption!.DerivedCredential = new DerivedCredentialSpec { DisplayName = "Purebred" };
        });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldWait(Reasons.NotFoundInTenant).ShouldContain("spec.signing.derivedCredential");
        world.Writes.ShouldBeEmpty();

        var first = Issuer(world, "Purebred");
        (await world.SweepAsync()).Change!.SharedChanged.ShouldBeTrue("policies that wait for the issuer are woken");
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();

        var second = Issuer(world, "Purebred");
        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        var message = policy.Status.ShouldBeStalled(Reasons.AmbiguousMatch);
        message.ShouldContain(first);
        message.ShouldContain(second);

        TenantWorld.Edit(policy, s => s.Signing!.DerivedCredential = s.Encryption!.DerivedCredential = new DerivedCredentialSpec { Id = second });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        Reference(world).ShouldBe(second);

        TenantWorld.Edit(policy, s => s.Signing!.DerivedCredential = new DerivedCredentialSpec { Id = first });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("name the same");
    }

    [Fact]
    public async Task An_issuer_that_was_made_anew_is_drift_that_is_bound_again_by_ref()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var old = Issuer(world, "Purebred");
        var policy = world.AddPolicy(change: Both);
        await world.ReconcileAsync(policy);
        world.Sim.Delete("derivedCredentials", old);
        var issuer = Issuer(world, "Purebred");
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        Reference(world).ShouldBe(issuer);
        Changes(world).ShouldHaveSingleItem().Path.ShouldEndWith($"microsoft.graph.{Type}/{Navigation}/$ref");
        policy.Status!.Drift!.Single().Path.ShouldBe("/" + Navigation);
    }

    [Fact]
    public async Task The_bind_path_is_the_tenants_where_its_owner_knows_better()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Undocumented = new UndocumentedSpec { DerivedCredentialPath = "/deviceManagement/derivedCredentials/{id}" });
        var issuer = Issuer(world, "Purebred");
        await world.ReconcileAsync(world.AddPolicy(change: Both));
        Reference(world).ShouldBe(issuer);
        world.Sent.ShouldContain(s => s.Method == "POST" && s.Body.Contains($"/beta/deviceManagement/derivedCredentials/{issuer}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tenant_that_does_not_let_the_reference_or_the_issuers_be_read_troubles_only_those_who_need_it()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        Issuer(world, "Purebred");
        var derived = world.AddPolicy("derived", Both);
        var imported = world.AddPolicy("imported", s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });
        await world.ReconcileAsync(derived);

        world.Sim.AddFault(new FaultRule { Method = "GET", Path = Navigation, Status = 400 });
        await world.SweepAsync();
        await world.ReconcileAsync(derived);
        derived.Status.ShouldBeInSync();

        world.Sim.AddFault(new FaultRule { Method = "GET", Path = "derivedCredentials", Status = 403 });
        await world.SweepAsync();
        world.Tenant.Status.ShouldBeInSync();
        await world.ReconcileAsync(imported);
        imported.Status.ShouldBeInSync();
        await world.ReconcileAsync(derived);
        derived.Status.ShouldBeStalled(Reasons.PermissionMissing);
        world.Sim.Count(Profiles).ShouldBe(2);
    }

    [Fact]
    public async Task Notifications_that_differ_from_the_issuers_are_told_and_not_changed()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        Issuer(world, "Purebred");
        var policy = world.AddPolicy(change: s => { Both(s); s.EndUserNotifications = [EndUserNotification.Email]; });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        var told = policy.Status.Condition(ConditionTypes.PrerequisitesMet)!;
        told.Status.ShouldBe("False");
        told.Message.ShouldContain("'Purebred' notifies by CompanyPortal");

        TenantWorld.Edit(policy, s => s.EndUserNotifications = [EndUserNotification.CompanyPortal]);
        await world.ReconcileAsync(policy);
        policy.Status.Condition(ConditionTypes.PrerequisitesMet)!.Status.ShouldBe("True");
        world.Writes.ShouldAllBe(w => !w.Path.Contains("derivedCredentials", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_native_mail_profile_uses_the_issuer_too()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var issuer = Issuer(world, "Purebred");
        var policy = world.AddPolicy(change: s =>
        {
            Both(s);
            s.NativeMail = new NativeMailSpec { AccountName = "Contoso", Signing = new NativeSmimeSwitch { Enabled = true } };
        });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        var mail = world.Sim.List(Profiles).Single(p => (string?)p["@odata.type"] == "#microsoft.graph.iosEasEmailProfileConfiguration");
        ((string?)mail["signingCertificateType"]).ShouldBe("derivedCredential");
        ((string?)mail["encryptionCertificateType"]).ShouldBe("none");
        world.Sim.FindReference(Profiles, (string)mail["id"]!, Navigation).ShouldBe(issuer);
    }

    private static IEnumerable<RequestLogEntry> Changes(TenantWorld world) => world.Writes.Where(w => !w.Path.EndsWith("/$batch", StringComparison.Ordinal));

    private static string? Reference(TenantWorld world) =>
        world.Sim.FindReference(Profiles, (string)world.Sim.List(Profiles).Single(p => (string?)p["@odata.type"] == "#microsoft.graph." + Type)["id"]!, Navigation);

    private static void Both(SmimePolicySpec spec)
    {
        spec.Signing = new SigningSpec { Source = SigningSource.DerivedCredential };
        spec.Encryption = new EncryptionSpec { Source = EncryptionSource.DerivedCredential };
    }

    private static string Issuer(TenantWorld world, string name) => world.Sim.Add("derivedCredentials", new JsonObject
    {
        ["displayName"] = name,
        ["issuer"] = "purebred",
        ["notificationType"] = "companyPortal",
        ["helpUrl"] = "https://help.contoso.com",
        ["renewalThresholdPercentage"] = 20,
    });
}
