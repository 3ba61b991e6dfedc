using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Tenants;

public sealed class TenantTests(Pki pki)
{
    private static readonly string[] Needed =
        ["DeviceManagementApps.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All", "User.Read.All", "Group.Read.All"];

    [Fact]
    public async Task A_tenant_reports_its_connectors_counts_and_key()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.Add("deviceConfigurations", new() { ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile", ["displayName"] = "Foreign", ["intendedPurpose"] = "smimeEncryption" });
        var policy = world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });
        await world.ReconcileAsync(policy);

        await world.SweepAsync();

        world.Tenant.Status.ShouldBeInSync();
        var status = world.Tenant.Status!;
        status.Connectors!.ShouldHaveSingleItem().Healthy.ShouldBeTrue();
        (status.Counts!.AppConfigurations, status.Counts.Profiles, status.Counts.Unmanaged).ShouldBe((1, 2, 1));
        status.ConnectorKeyFingerprint.ShouldNotBeNull();
        status.Condition(ConditionTypes.ConnectorHealthy)!.Status.ShouldBe("True");
        status.Condition(ConditionTypes.CredentialsValid)!.Status.ShouldBe("True");
    }

    [Fact]
    public async Task Another_tenant_than_the_pinned_one_stalls_everything_after_one_question()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.TenantId = "99999999-0000-0000-0000-000000000000");
        var policy = world.AddPolicy();

        await world.ReconcileAsync(world.Tenant);
        await world.ReconcileAsync(world.Tenant);
        await world.ReconcileAsync(policy);

        world.Tenant.Status.ShouldBeStalled(Reasons.WrongTenant);
        world.Tenant.Status.Condition(ConditionTypes.CredentialsValid)!.Status.ShouldBe("False");
        policy.Status.ShouldBeStalled(Reasons.WrongTenant);
        world.Sim.Log.Entries.ShouldHaveSingleItem().Path.ShouldEndWith("/organization");
    }

    [Fact]
    public async Task A_token_of_another_tenant_is_sent_nowhere()
    {
        await using var other = await SimulatorHost.StartAsync(
            new SimulatorOptions { TenantId = "99999999-0000-0000-0000-000000000000" }, TestContext.Current.CancellationToken);
        await using var world = await TenantWorld.StartAsync(pki, credential: _ => new SimulatorCredential(() => other.Tenant.IssueToken("app")));
        var policy = world.AddPolicy();

        await world.ReconcileAsync(world.Tenant);
        await world.ReconcileAsync(policy);

        world.Tenant.Status.ShouldBeStalled(Reasons.WrongTenant);
        policy.Status.ShouldBeStalled(Reasons.WrongTenant);
        world.Sim.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Missing_permissions_are_listed_by_name()
    {
        string[] roles = ["DeviceManagementApps.ReadWrite.All", "Directory.Read.All"];
        await using var world = await TenantWorld.StartAsync(
            pki, new SimulatorOptions { RequireToken = true }, t => new SimulatorCredential(() => t.IssueToken("app", roles)));

        await world.ReconcileAsync(world.Tenant);

        world.Tenant.Status.ShouldBeStalled(Reasons.PermissionMissing).ShouldContain("DeviceManagementConfiguration.ReadWrite.All");
        world.Tenant.Status!.MissingPermissions.ShouldBe(["DeviceManagementConfiguration.ReadWrite.All"]);
        world.Tenant.Status.GrantedPermissions.ShouldBe(roles, ignoreOrder: true);
        world.Tenant.Status.Condition(ConditionTypes.PermissionsGranted)!.Status.ShouldBe("False");
    }

    [Fact]
    public async Task A_token_with_all_permissions_lets_everything_through()
    {
        await using var world = await TenantWorld.StartAsync(
            pki, new SimulatorOptions { RequireToken = true }, t => new SimulatorCredential(() => t.IssueToken("app", Needed)));
        var policy = world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);

        await world.ReconcileAsync(world.Tenant);
        await world.ReconcileAsync(policy);
        await world.ReconcileAsync(import);

        world.Tenant.Status.ShouldBeInSync();
        world.Tenant.Status.Condition(ConditionTypes.PermissionsGranted)!.Status.ShouldBe("True");
        policy.Status.ShouldBeInSync();
        import.Status.ShouldBeInSync();
    }

    [Fact]
    public void What_only_a_plan_makes_use_of_is_neither_missing_nor_too_much()
    {
        Permissions.Check(Granted(), TenantMode.Enforce).Missing.ShouldBeEmpty();
        Permissions.Excessive(Granted("Member.Read.Hidden", "Mail.Read"), TenantMode.Enforce).ShouldBe(["Mail.Read"]);

        static HashSet<string> Granted(params string[] more) =>
            ["DeviceManagementApps.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All", "User.Read.All", "Group.Read.All", .. more];
    }

    [Theory]
    [InlineData(TenantMode.Enforce, "DeviceManagementApps.ReadWrite.All DeviceManagementConfiguration.ReadWrite.All User.Read.All Group.Read.All", "")]
    [InlineData(TenantMode.Enforce, "DeviceManagementApps.ReadWrite.All DeviceManagementConfiguration.ReadWrite.All Directory.Read.All", "")]
    [InlineData(TenantMode.Enforce, "DeviceManagementApps.Read.All User.Read.All Group.Read.All", "DeviceManagementApps.ReadWrite.All DeviceManagementConfiguration.ReadWrite.All")]
    [InlineData(TenantMode.ReadOnly, "DeviceManagementApps.Read.All DeviceManagementConfiguration.Read.All User.ReadWrite.All Group.ReadWrite.All", "")]
    [InlineData(TenantMode.ReadOnly, "DeviceManagementApps.ReadWrite.All", "DeviceManagementConfiguration.Read.All User.Read.All Group.Read.All")]
    public void Permissions_are_held_against_what_the_mode_needs(TenantMode mode, string roles, string missing) =>
        Permissions.Check(roles.Split(' ').ToHashSet(), mode).Missing.ShouldBe(missing.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);

    [Theory]
    [InlineData("6.1911.10.0", "active", false)]
    [InlineData("6.1911.11.0", "active", true)]
    [InlineData("6.1911.9.99", "active", false)]
    [InlineData("6.2406.0.1001", "inactive", false)]
    [InlineData("10.0.0.0", "active", true)]
    public async Task A_connector_must_be_active_and_new_enough_by_number(string version, string state, bool healthy)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        foreach (var collection in (string[])["ndesConnectors", "certificateConnectorDetails"])
        {
            world.Sim.Delete(collection, (string)world.Sim.List(collection).Single()["id"]!);
        }

        world.Sim.AddConnector("other", version, state);
        var policy = world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });

        await world.ReconcileAsync(world.Tenant);
        await world.ReconcileAsync(policy);

        world.Tenant.Status.Condition(ConditionTypes.ConnectorHealthy)!.Status.ShouldBe(healthy ? "True" : "False");
        policy.Status!.Prerequisites!.Single(p => p.Name == "certificate-connector").State.ShouldBe(healthy ? PrerequisiteState.Met : PrerequisiteState.NotMet);
        // The connector is no part of the spec: policies are made all the same.
        policy.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task A_read_only_Tenant_is_asked_and_never_changed()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Mode = TenantMode.ReadOnly);
        var group = world.Sim.AddGroup("One");
        var policy = world.AddPolicy();
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);

        await world.ReconcileAsync(world.Tenant);
        var planned = await world.ReconcileAsync(policy);
        await world.ReconcileAsync(import);

        policy.Status.ShouldWait(Reasons.ReadOnly);
        import.Status.ShouldWait(Reasons.ReadOnly);
        planned.Plan.Changes.ShouldContain(c => c.Action == ChangeAction.Create && c.Type == "iosMobileAppConfiguration");
        world.Writes.ShouldBeEmpty();

        TenantWorld.Edit(world.Tenant, t => t.Mode = TenantMode.Enforce);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        TenantWorld.Edit(world.Tenant, t => t.Mode = TenantMode.ReadOnly);
        world.Sim.Log.Clear();
        var assignment = world.AddAssignment("all", s => s.Include = [new IncludeTarget { Group = new GroupReference { Id = group } }]);
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldWait(Reasons.ReadOnly);
        (await world.DeleteAsync(assignment)).Released.ShouldBeFalse();
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_changes_nothing_and_says_what_it_would_do()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy();

        var outcome = await world.ReconcileAsync(policy, planOnly: true);

        outcome.Plan.Changes.Select(c => (c.Action, c.Type)).ShouldBe([(ChangeAction.Create, "iosStoreApp"), (ChangeAction.Create, "iosMobileAppConfiguration")]);
        world.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nobody", false)]
    [InlineData("by-name", true)]
    [InlineData("by-label", true)]
    public async Task Only_allowed_namespaces_may_refer_to_a_Tenant(string @namespace, bool allowed)
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.AllowedNamespaces = new AllowedNamespaces
        {
            Names = ["by-name"],
            Selector = new LabelSelector { MatchLabels = new() { ["smime"] = "yes" } },
        });
        world.Catalog.Namespaces["nobody"] = [];
        world.Catalog.Namespaces["by-name"] = [];
        world.Catalog.Namespaces["by-label"] = new() { ["smime"] = "yes" };
        var policy = world.AddPolicy(change: s => s.TenantRef.Namespace = TenantWorld.Namespace);
        policy.Metadata.NamespaceProperty = @namespace;

        await world.ReconcileAsync(policy);

        if (allowed)
        {
            policy.Status.ShouldBeInSync();
        }
        else
        {
            policy.Status.ShouldBeStalled(Reasons.NamespaceNotAllowed);
            world.Sim.Log.Entries.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_Tenant_that_is_referred_to_cannot_go()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);

        (await world.DeleteAsync(world.Tenant)).Released.ShouldBeFalse();
        world.Tenant.Status.ShouldWait(Reasons.InUse).ShouldContain("outlook");

        (await world.DeleteAsync(policy)).Released.ShouldBeTrue();
        (await world.DeleteAsync(world.Tenant)).Released.ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_Tenant_is_gone_the_last_connection_still_clears_up()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);
        world.Catalog.Tenants.Clear();

        (await world.DeleteAsync(policy)).Released.ShouldBeTrue();

        world.Sim.Count("mobileAppConfigurations").ShouldBe(0);
    }

    [Fact]
    public async Task Without_any_connection_a_deletion_waits_its_grace_and_then_names_what_is_left_behind()
    {
        await using var before = await TenantWorld.StartAsync(pki);
        var policy = before.AddPolicy();
        await before.ReconcileAsync(policy);
        await using var world = await TenantWorld.StartAsync(pki);
        world.Catalog.Tenants.Clear();
        world.Catalog.Policies.Add(policy);

        (await world.DeleteAsync(policy)).Released.ShouldBeFalse();
        world.Clock.Forward(TimeSpan.FromMinutes(11));
        var outcome = await world.DeleteAsync(policy);

        outcome.Released.ShouldBeTrue();
        outcome.Events.Count(e => e.Reason == Reasons.Orphaned).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_credentials_Secret_is_gone_the_token_in_memory_serves_and_a_revoked_one_is_waited_for_and_let_go(bool revoked)
    {
        var valid = true;
        await using var world = await TenantWorld.StartAsync(
            pki,
            credential: sim => new SimulatorCredential(() => valid
                ? sim.IssueToken("22222222-0000-0000-0000-000000000000", lifetime: TimeSpan.FromHours(1))
                : throw new Azure.Identity.AuthenticationFailedException("the application was removed")),
            tenant: t => t.Credentials = new TenantCredentials
            {
                Type = CredentialType.ClientSecret,
                ClientId = "22222222-0000-0000-0000-000000000000",
                ClientSecretRef = new SecretKeyReference { Name = "app", Key = "secret" },
            });
        world.Catalog.Put(DataKind.Secret, "app", "secret", "s");
        var policy = world.AddPolicy();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Catalog.Remove(DataKind.Secret, "app");
        if (!revoked)
        {
            (await world.DeleteAsync(policy)).Released.ShouldBeTrue();
            world.Sim.Count("mobileAppConfigurations").ShouldBe(0);
            return;
        }

        valid = false;
        world.Clock.Forward(TimeSpan.FromHours(2));
        policy.Metadata.DeletionTimestamp = world.Clock.GetUtcNow().UtcDateTime;
        (await world.DeleteAsync(policy)).Released.ShouldBeFalse();
        policy.Status.ShouldWait(Reasons.ReferenceNotFound);

        world.Clock.Forward(TimeSpan.FromMinutes(11));
        var outcome = await world.DeleteAsync(policy);
        outcome.Released.ShouldBeTrue();
        outcome.Events.Count(e => e.Reason == Reasons.Orphaned).ShouldBe(2);
        world.Sim.Count("mobileAppConfigurations").ShouldBe(1);
    }

    [Fact]
    public async Task A_client_secret_that_is_not_there_yet_is_waited_for()
    {
        await using var world = await TenantWorld.StartAsync(pki, tenant: t => t.Credentials = new TenantCredentials
        {
            Type = CredentialType.ClientSecret,
            ClientId = "22222222-0000-0000-0000-000000000000",
            ClientSecretRef = new SecretKeyReference { Name = "app", Key = "secret" },
        });

        await world.ReconcileAsync(world.Tenant);

        world.Tenant.Status.ShouldWait(Reasons.ReferenceNotFound).ShouldContain("app");
        world.Sim.Log.Entries.ShouldBeEmpty();
    }
}
