using System.Text.Json.Nodes;
using k8s;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>What cannot be changed in place is replaced: the new object is made, gets the people of the old one, and only then the old one goes.</summary>
public sealed class ReplacementTests(Pki pki)
{
    private const string Profiles = "deviceConfigurations";

    [Fact]
    public async Task Another_source_moves_the_people_to_the_new_profile_before_the_old_one_goes_and_says_what_that_does()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var (policy, group) = await ScepAsync(world);
        var old = Only(world, "iosScepCertificateProfile");
        world.Sim.Log.Clear();

        TenantWorld.Edit(policy, s => s.Signing = PolicySpecs.Pkcs());
        var outcome = await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        var profile = Only(world, "iosPkcsCertificateProfile");
        Groups(profile).ShouldBe([group]);
        world.Writes.Where(w => !w.Path.EndsWith("/$batch", StringComparison.Ordinal)).Select(w => w.Method + " " + w.Path.Split("/beta")[^1]).ShouldBe(
        [
            "POST /deviceManagement/deviceConfigurations", $"POST /deviceManagement/deviceConfigurations/{profile["id"]}/assign", $"DELETE /deviceManagement/deviceConfigurations/{old["id"]}",
        ]);
        world.Sim.Log.Entries.SkipWhile(e => !e.Path.EndsWith("/assign", StringComparison.Ordinal)).TakeWhile(e => e.Method != "DELETE")
            .ShouldContain(e => e.Method == "GET" && e.Path.EndsWith(Profiles, StringComparison.Ordinal), "the new one was seen before the old one went");
        outcome.Plan.Changes.Single(c => c.Action == ChangeAction.Delete).Disruption!.ShouldContain("revokes");
        outcome.Events.Single(e => e.Reason == Reasons.Deleted).Message.ShouldContain("revokes");
        world.Texts.ShouldContain(t => t.Contains("Progressing") && t.Contains("revokes"), "the status says it while work is in hand");
    }

    [Fact]
    public async Task Killed_after_any_request_the_next_run_ends_the_replacement_and_nobody_is_ever_without_a_profile()
    {
        for (var survived = 0; survived <= 3; survived++)
        {
            await using var world = await TenantWorld.StartAsync(pki);
            var (policy, group) = await ScepAsync(world);
            TenantWorld.Edit(policy, s => s.Signing = PolicySpecs.Pkcs());
            var before = KubernetesJson.Serialize(policy.Status);
            world.Sim.AddFault(new FaultRule { Method = "POST|PATCH|PUT|DELETE", Path = Profiles, Nth = survived + 1, Status = 400 });
            await world.ReconcileAsync(policy);
            world.Sim.ClearFaults();
            Signing(world).SelectMany(Groups).ShouldContain(group, $"after {survived}");

            // The process that got so far left no status behind.
            policy.Status = KubernetesJson.Deserialize<SmimePolicyStatus>(before);
            await world.SweepAsync();
            await world.ReconcileAsync(policy);

            policy.Status.ShouldBeInSync();
            Groups(Signing(world).ShouldHaveSingleItem($"after {survived}")).ShouldBe([group]);
            policy.Status!.Objects!.ShouldAllBe(o => !o.Role.EndsWith("/replaced"));
        }
    }

    [Fact]
    public async Task The_old_profile_stays_as_long_as_lists_do_not_show_the_new_one()
    {
        await using var world = await TenantWorld.StartAsync(pki, grace: TimeSpan.FromMinutes(1));
        var (policy, group) = await ScepAsync(world);
        world.Sim.AddFault(new FaultRule { Method = "GET", Path = Profiles + "\\?", StaleList = true });
        TenantWorld.Edit(policy, s => s.Signing = PolicySpecs.Pkcs());

        var outcome = await world.ReconcileAsync(policy);
        policy.Status.ShouldWait(Reasons.Progressing).ShouldContain("shows");
        outcome.RequeueAfter.ShouldNotBeNull();
        Signing(world).Count().ShouldBe(2);

        world.Sim.ClearFaults();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        Groups(Signing(world).ShouldHaveSingleItem()).ShouldBe([group]);
    }

    [Fact]
    public async Task A_purpose_that_somebody_changed_is_drift_that_is_held_until_a_replacement_is_allowed()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });
        await world.ReconcileAsync(policy);
        var assignment = world.AddAssignment("all", s => s.Include = [new IncludeTarget { AllUsers = true }]);
        await world.ReconcileAsync(assignment);
        var old = (string)Only(world, "iosImportedPFXCertificateProfile")["id"]!;
        world.Sim.Change(Profiles, old, new JsonObject { ["intendedPurpose"] = "vpn" }).ShouldBeTrue();
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.DisruptiveChangeHeld).ShouldContain("/intendedPurpose");
        policy.Status!.Drift!.Single().Path.ShouldBe("/intendedPurpose");
        world.Writes.ShouldBeEmpty();

        TenantWorld.Edit(policy, s => s.Drift = new DriftSpec { AllowDisruptive = true });
        for (var survived = 0; survived < 3; survived++)
        {
            var before = KubernetesJson.Serialize(policy.Status);
            world.Sim.AddFault(new FaultRule { Method = "POST|DELETE", Path = Profiles, Nth = 2, Status = 400 });
            await world.ReconcileAsync(policy);
            world.Sim.ClearFaults();
            policy.Status = KubernetesJson.Deserialize<SmimePolicyStatus>(before);
            await world.SweepAsync();
            world.Sim.List(Profiles).ShouldContain(p => p["assignments"]!.AsArray().Count > 0);
        }

        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        var profile = Only(world, "iosImportedPFXCertificateProfile");
        ((string?)profile["intendedPurpose"]).ShouldBe("smimeEncryption");
        profile["assignments"]!.AsArray().Count.ShouldBe(1);
        ((string)profile["id"]!).ShouldNotBe(old);
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task Two_profiles_that_become_one_bring_their_people_along()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.Add("derivedCredentials", new JsonObject { ["displayName"] = "Purebred", ["issuer"] = "purebred", ["notificationType"] = "email", ["renewalThresholdPercentage"] = 20 });
        var (policy, group) = await ScepAsync(world);
        TenantWorld.Edit(policy, s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });
        await world.ReconcileAsync(policy);
        await world.ReconcileAsync(world.Catalog.Assignments.Single());

        TenantWorld.Edit(policy, s =>
        {
            s.Signing = new SigningSpec { Source = SigningSource.DerivedCredential };
            s.Encryption = new EncryptionSpec { Source = EncryptionSource.DerivedCredential };
        });
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        Groups(Signing(world).ShouldHaveSingleItem()).ShouldBe([group]);
    }

    // A policy that signs by SCEP, assigned to a group.
    private static async Task<(SmimePolicy Policy, string Group)> ScepAsync(TenantWorld world)
    {
        var policy = world.AddPolicy(change: s =>
        {
            s.TrustedCertificates = [new TrustedCertificateSpec { Name = "contoso", CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } }];
            s.Signing = PolicySpecs.Scep("contoso");
        });
        await world.ReconcileAsync(policy);
        var group = world.Sim.AddGroup("People");
        var assignment = world.AddAssignment("all", s => s.Include = [new IncludeTarget { Group = new GroupReference { Id = group } }]);
        await world.ReconcileAsync(assignment);
        assignment.Status.ShouldBeInSync();
        return (policy, group);
    }

    private static JsonObject Only(TenantWorld world, string type) => world.Sim.List(Profiles).Single(p => (string?)p["@odata.type"] == "#microsoft.graph." + type);

    private static IEnumerable<JsonObject> Signing(TenantWorld world) =>
        world.Sim.List(Profiles).Where(p => (string?)p["@odata.type"] != "#microsoft.graph.iosTrustedRootCertificate");

    private static IEnumerable<string?> Groups(JsonObject profile) => profile["assignments"]!.AsArray().Select(a => (string?)a!["target"]!["groupId"]);
}
