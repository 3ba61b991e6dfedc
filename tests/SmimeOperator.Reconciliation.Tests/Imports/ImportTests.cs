using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>From a source to a record in the tenant.</summary>
public sealed class ImportTests(Pki pki)
{
    private const string Records = "userPfxCertificates";

    [Fact]
    public async Task Sources_of_both_forms_are_imported_and_open_with_the_connectors_key()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Pkcs12("2021", "old"), world.Tls("current", "current")]);

        var outcome = await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        world.Writes.Select(w => (w.Method, w.Template)).ShouldBe([("POST", "/deviceManagement/userPfxCertificates"), ("POST", "/deviceManagement/userPfxCertificates")]);
        foreach (var certificate in (string[])["old", "current"])
        {
            var id = await world.IdOfAsync(certificate);
            var record = world.Sim.Find(Records, id).ShouldNotBeNull();
            ((string?)record["intendedPurpose"], (string?)record["userPrincipalName"], (string?)record["paddingScheme"], (string?)record["keyName"])
                .ShouldBe(("smimeEncryption", TenantWorld.User, "oaepSha512", "PFXEncryptionKey"));
            var upload = world.Sim.StoredPfx(id)!;
            (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword)).ShouldBe(await pki.ThumbprintAsync(certificate));
        }

        import.Status!.Certificates!.Select(c => c.State).ShouldAllBe(s => s == CertificateState.Imported);
        (import.Status.Counts!.Desired, import.Status.Counts.Imported, import.Status.Counts.Failed).ShouldBe((2, 2, 0));
        import.Status.Condition(ConditionTypes.HistoryComplete)!.Status.ShouldBe("True");
        import.Status.Condition(ConditionTypes.ExpiringSoon)!.Status.ShouldBe("False");
        outcome.Events.Count(e => e.Reason == Reasons.Imported).ShouldBe(2);
    }

    [Fact]
    public async Task The_second_pass_writes_nothing_and_reads_no_Secret()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Pkcs12("2021", "old")]);
        await world.ReconcileAsync(import);
        world.Sim.Log.Clear();
        var reads = world.Catalog.SecretReads;

        await world.SweepAsync();
        await world.ReconcileAsync(import);

        world.Writes.ShouldBeEmpty();
        world.Catalog.SecretReads.ShouldBe(reads);
        import.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task Every_Secret_that_the_selector_finds_is_a_source_and_no_other()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var labels = new Dictionary<string, string> { ["smime-operator.io/user"] = "alice" };
        world.Pkcs12("first", "old", labels);
        world.Tls("second", "current", labels);
        world.Tls("unlabelled", "renewed");
        var import = world.AddImport(change: s => s.SourceSelector = new LabelSelector { MatchLabels = labels });

        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        import.Status!.Certificates!.Select(c => c.Source).Order().ShouldBe(["first", "second"]);
        world.Sim.Count(Records).ShouldBe(2);
    }

    [Fact]
    public async Task A_broken_source_is_named_and_the_others_are_imported()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var broken = world.Pkcs12("broken", "old");
        world.Catalog.Put(DataKind.Secret, "broken", "keystore.p12", "this is no PKCS#12 file");
        var import = world.AddImport(change: s => s.Sources = [broken, world.Tls("current", "current")]);

        await world.ReconcileAsync(import);

        import.Status.ShouldBeStalled(Reasons.SourceInvalid).ShouldContain("source broken");
        world.Sim.Find(Records, await world.IdOfAsync("current")).ShouldNotBeNull();
        import.Status!.Certificates!.Single(c => c.Source == "broken").State.ShouldBe(CertificateState.Invalid);
        import.Status.Condition(ConditionTypes.HistoryComplete)!.Status.ShouldBe("False");

        world.Pkcs12("broken", "old");
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_such()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var source = world.Pkcs12("2021", "old");
        world.Catalog.Put(DataKind.Secret, "other", "password", "not-it");
        source.Pkcs12!.PasswordKey = null;
        source.Pkcs12.PasswordSecretRef = new SecretKeyReference { Name = "other", Key = "password" };
        var import = world.AddImport(change: s => s.Sources = [source]);

        await world.ReconcileAsync(import);
        import.Status.ShouldBeStalled(Reasons.WrongPassword).ShouldContain("password");

        world.Catalog.Put(DataKind.Secret, "other", "password", Pki.Password + "\n");
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task A_certificate_that_cannot_serve_the_purpose_is_refused()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("signing", "signing"), world.Tls("current", "current")]);

        await world.ReconcileAsync(import);

        import.Status.ShouldBeStalled(Reasons.PurposeMismatch).ShouldContain("source signing");
        world.Sim.List(Records).ShouldHaveSingleItem()["id"]!.GetValue<string>().ShouldBe(await world.IdOfAsync("current"));
    }
}
