using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>What others do to records, and what this process forgot.</summary>
public sealed class ImportDriftTests(Pki pki)
{
    private const string Records = "userPfxCertificates";

    [Fact]
    public async Task A_record_that_somebody_deleted_is_imported_again_as_drift()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        var id = await world.IdOfAsync("current");
        world.Sim.Delete(Records, id);

        await world.SweepAsync();
        var outcome = await world.ReconcileAsync(import);

        world.Sim.Find(Records, id).ShouldNotBeNull();
        import.Status!.Drift!.ShouldContain(d => d.Id == id && d.Corrected && d.Observed == "absent");
        outcome.Events.ShouldContain(e => e.Reason == Reasons.DriftCorrected);
        import.Status.ShouldBeInSync();
    }

    [Theory]
    [InlineData("renewed", "leaf")]
    [InlineData("renewed", "connector")]
    public async Task A_Secret_that_changed_ahead_of_its_watch_is_waited_for(string certificate, string key)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        world.Sim.Delete(Records, await world.IdOfAsync("current"));
        await world.SweepAsync();

        world.Catalog.PutUnnoticed("current", new() { ["tls.crt"] = pki.Bytes(certificate + ".pem"), ["tls.key"] = pki.Bytes(key + ".key") });
        await world.ReconcileAsync(import);

        import.Status.ShouldWait(Reasons.Progressing).ShouldContain("source current");
        world.Sim.Count(Records).ShouldBe(0);

        world.Tls("current", "renewed");
        await world.ReconcileAsync(import);
        world.Sim.Find(Records, await world.IdOfAsync("renewed")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_field_that_somebody_changed_is_drift_and_Detect_leaves_it()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.Sources = [world.Tls("current", "current")]; s.Drift.Mode = DriftMode.Detect; });
        await world.ReconcileAsync(import);
        var id = await world.IdOfAsync("current");
        world.Sim.Change(Records, id, new JsonObject { ["keyName"] = "Other" });
        world.Sim.Log.Clear();

        await world.SweepAsync();
        await world.ReconcileAsync(import);
        world.Writes.ShouldBeEmpty();
        import.Status.Condition(ConditionTypes.Drifted)!.Status.ShouldBe("True");

        TenantWorld.Edit(import, s => s.Drift.Mode = DriftMode.Correct);
        await world.ReconcileAsync(import);
        ((string?)world.Sim.Find(Records, id)!["keyName"]).ShouldBe("PFXEncryptionKey");
    }

    [Fact]
    public async Task Lost_status_is_found_again_without_an_upload()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        world.Sim.Log.Clear();

        import.Status = null;
        await world.ReconcileAsync(import);

        world.Writes.ShouldBeEmpty();
        import.Status.ShouldBeInSync();
        import.Status!.Objects!.ShouldHaveSingleItem().Id.ShouldBe(await world.IdOfAsync("current"));
    }

    [Fact]
    public async Task Of_two_imports_that_want_a_certificate_for_different_purposes_the_older_keeps_it()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var source = world.Tls("both", "both");
        var older = world.AddImport("older", s => s.Sources = [source]);
        var younger = world.AddImport("younger", s => { s.Sources = [source]; s.Purpose = ImportPurpose.SmimeSigning; });
        await world.ReconcileAsync(older);

        await world.ReconcileAsync(younger);

        younger.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain("older");
        ((string?)world.Sim.List(Records).ShouldHaveSingleItem()["intendedPurpose"]).ShouldBe("smimeEncryption");
        await world.SweepAsync();
        await world.ReconcileAsync(older);
        older.Status.ShouldBeInSync();
        older.Status!.Drift.ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_new_imports_for_different_purposes_the_older_gets_it_whoever_comes_first()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var source = world.Tls("both", "both");
        var older = world.AddImport("older", s => s.Sources = [source]);
        var younger = world.AddImport("younger", s => { s.Sources = [source]; s.Purpose = ImportPurpose.SmimeSigning; });

        await world.ReconcileAsync(younger);
        await world.ReconcileAsync(older);
        await world.ReconcileAsync(younger);

        older.Status.ShouldBeInSync();
        younger.Status.ShouldBeStalled(Reasons.Conflict);
        ((string?)world.Sim.List(Records).ShouldHaveSingleItem()["intendedPurpose"]).ShouldBe("smimeEncryption");
    }
}
