using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Policies;

public sealed class PrerequisiteTests(Pki pki)
{
    [Fact]
    public async Task Every_point_has_a_line_and_the_condition_names_what_is_missing()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);

        States(policy).ShouldBe(new Dictionary<string, PrerequisiteState>
        {
            ["certificate-connector"] = PrerequisiteState.Met,
            ["encryption-certificates"] = PrerequisiteState.NotMet,
            ["mail-addresses"] = PrerequisiteState.Met,
            ["outlook-app"] = PrerequisiteState.Met,
            ["trusted-roots"] = PrerequisiteState.Met,
        }, ignoreOrder: true);
        var condition = policy.Status.Condition(ConditionTypes.PrerequisitesMet)!;
        (condition.Status, condition.Reason).ShouldBe(("False", Reasons.NotMet));
        condition.Message.ShouldContain("smimeEncryption");
        policy.Status.ShouldBeInSync();

        await world.ReconcileAsync(world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]));
        await world.ReconcileAsync(policy);

        policy.Status.Condition(ConditionTypes.PrerequisitesMet)!.Status.ShouldBe("True");
    }

    [Fact]
    public async Task A_root_that_reaches_other_people_than_the_profiles_and_a_group_that_is_not_there_are_named()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var group = world.Sim.AddGroup("Everybody");
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        var assignment = world.AddAssignment("everybody", s => s.Include = [new IncludeTarget { Group = new GroupReference { Id = group } }]);
        await world.ReconcileAsync(assignment);
        await world.ReconcileAsync(policy);
        var states = States(policy);
        (states["trusted-roots"], states["assignment-targets"]).ShouldBe((PrerequisiteState.Met, PrerequisiteState.Met));

        var root = policy.Status!.Objects!.Single(o => o.Role == "root/contoso").Id;
        world.Sim.Change("deviceConfigurations", root, new() { ["assignments"] = new System.Text.Json.Nodes.JsonArray() });
        var lost = world.AddAssignment("lost", s => s.Include = [new IncludeTarget { Group = new GroupReference { DisplayName = "Nobody" } }]);
        await world.ReconcileAsync(lost);
        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        Line(policy, "trusted-roots").ShouldContain("root contoso");
        Line(policy, "assignment-targets").ShouldContain("lost");
    }

    [Fact]
    public async Task A_certificate_that_names_another_address_is_told_at_the_policy()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        world.Sim.AddUser("bob@contoso.com");
        var import = world.AddImport("bob", s =>
        {
            s.UserPrincipalName = "bob@contoso.com";
            s.Sources = [world.Tls("current", "current")];
        });
        await world.ReconcileAsync(import);
        import.Status.ShouldBeStalled(Reasons.IdentityMismatch);

        await world.ReconcileAsync(policy);

        Line(policy, "mail-addresses").ShouldContain("team-a/bob");
    }

    [Fact]
    public async Task What_could_not_be_read_is_unknown_and_no_request_is_made_for_any_point()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Full);
        await world.ReconcileAsync(policy);
        world.Sim.Log.Clear();
        await world.ReconcileAsync(policy);
        world.Sim.Log.Entries.ShouldBeEmpty();

        world.Sim.AddFault(new FaultRule { Path = "userPfxCertificates", Status = 403 });
        world.Sim.AddFault(new FaultRule { Path = "ndesConnectors", Status = 403 });
        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        var states = States(policy);
        (states["certificate-connector"], states["encryption-certificates"]).ShouldBe((PrerequisiteState.Unknown, PrerequisiteState.Unknown));
        policy.Status.Condition(ConditionTypes.PrerequisitesMet)!.Status.ShouldBe("Unknown");
    }

    private static void Full(SmimePolicySpec spec)
    {
        spec.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
        spec.TrustedCertificates =
        [
            new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } },
        ];
    }

    private static Dictionary<string, PrerequisiteState> States(SmimePolicy policy) => policy.Status!.Prerequisites!.ToDictionary(p => p.Name, p => p.State!.Value);

    private static string Line(SmimePolicy policy, string name)
    {
        var line = policy.Status!.Prerequisites!.Single(p => p.Name == name);
        line.State.ShouldBe(PrerequisiteState.NotMet);
        return line.Message;
    }
}
