using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Imports;

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
    public async Task A_renewal_is_imported_beside_the_certificate_that_was_there()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);

        world.Tls("current", "renewed");
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        world.Sim.Find(Records, await world.IdOfAsync("current")).ShouldNotBeNull();
        world.Sim.Find(Records, await world.IdOfAsync("renewed")).ShouldNotBeNull();
        await LineAsync(import, "current", CertificateState.SourceGone);
        await LineAsync(import, "renewed", CertificateState.Imported);
        import.Status!.Counts!.Imported.ShouldBe(2);
        import.Status.Condition(ConditionTypes.HistoryComplete)!.Status.ShouldBe("True");
    }

    [Fact]
    public async Task History_Prune_removes_what_no_source_holds_any_more()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.Sources = [world.Tls("current", "current")]; s.History = HistoryPolicy.Prune; });
        await world.ReconcileAsync(import);

        world.Tls("current", "renewed");
        await world.ReconcileAsync(import);

        world.Sim.List(Records).ShouldHaveSingleItem()["id"]!.GetValue<string>().ShouldBe(await world.IdOfAsync("renewed"));
        import.Status!.Certificates!.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task History_Prune_removes_nothing_while_a_source_cannot_be_read()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.Sources = [world.Pkcs12("2021", "old"), world.Tls("current", "current")]; s.History = HistoryPolicy.Prune; });
        await world.ReconcileAsync(import);

        world.Catalog.Remove(DataKind.Secret, "2021");
        await world.ReconcileAsync(import);

        import.Status.ShouldWait(Reasons.ReferenceNotFound).ShouldContain("2021");
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

    [Theory]
    [InlineData(IdentityCheck.Enforce, 0)]
    [InlineData(IdentityCheck.Warn, 1)]
    [InlineData(IdentityCheck.Off, 1)]
    public async Task A_certificate_of_somebody_else_is_judged_as_the_spec_says(IdentityCheck check, int imported)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.Sources = [world.Tls("current", "bob")]; s.IdentityCheck = check; });

        await world.ReconcileAsync(import);

        world.Sim.Count(Records).ShouldBe(imported);
        var line = import.Status!.Certificates!.ShouldHaveSingleItem();
        switch (check)
        {
            case IdentityCheck.Enforce:
                import.Status.ShouldBeStalled(Reasons.IdentityMismatch).ShouldContain("source current");
                line.State.ShouldBe(CertificateState.Refused);
                break;
            case IdentityCheck.Warn:
                import.Status.ShouldBeInSync();
                line.Message.ShouldNotBeNull().ShouldStartWith("warning");
                break;
            default:
                import.Status.ShouldBeInSync();
                line.Message.ShouldBeNull();
                break;
        }
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

    [Fact]
    public async Task A_user_who_is_not_there_yet_is_waited_for()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.UserPrincipalName = "bob@contoso.com"; s.Sources = [world.Tls("current", "bob")]; });

        await world.ReconcileAsync(import);
        import.Status.ShouldWait(Reasons.UserNotFound).ShouldContain("bob@contoso.com");

        world.Sim.AddUser("Bob@Contoso.com");
        world.Clock.Forward(TimeSpan.FromMinutes(1));
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
        world.Sim.Count(Records).ShouldBe(1);
    }

    [Fact]
    public async Task After_a_rotation_of_the_connector_key_everything_with_a_source_is_encrypted_anew()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current"), world.Pkcs12("2021", "old")]);
        await world.ReconcileAsync(import);
        world.Tls("current", "renewed");
        await world.ReconcileAsync(import);

        Rotate(world);
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        foreach (var (certificate, connector) in ((string, string)[])[("old", "connector2"), ("renewed", "connector2"), ("current", "connector")])
        {
            var upload = world.Sim.StoredPfx(await world.IdOfAsync(certificate))!;
            (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword, connector)).ShouldBe(await pki.ThumbprintAsync(certificate));
        }

        // What cannot be encrypted anew is listed.
        (await LineAsync(import, "current", CertificateState.SourceGone)).Message.ShouldNotBeNull().ShouldContain("connector key");
    }

    [Fact]
    public async Task A_rotation_whose_first_upload_failed_is_not_forgotten()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        Rotate(world);
        world.Sim.AddFault(new FaultRule { Method = "PATCH|POST", Path = Records, Status = 503 });

        await world.ReconcileAsync(import);
        import.Status.ShouldWait(Reasons.ServiceUnavailable);
        world.Sim.ClearFaults();
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        var upload = world.Sim.StoredPfx(await world.IdOfAsync("current"))!;
        (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword, "connector2")).ShouldBe(await pki.ThumbprintAsync("current"));
    }

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

    [Theory]
    [InlineData(DeletionPolicy.Orphan, 1)]
    [InlineData(DeletionPolicy.Delete, 0)]
    public async Task A_deleted_import_leaves_or_takes_its_records_as_the_spec_says(DeletionPolicy policy, int left)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.Add(Records, Foreign());
        var import = world.AddImport(change: s => { s.Sources = [world.Tls("current", "current")]; s.DeletionPolicy = policy; });
        await world.ReconcileAsync(import);

        var outcome = await world.DeleteAsync(import);

        outcome.Released.ShouldBeTrue();
        // The record that somebody else imported stays in any case.
        world.Sim.Count(Records).ShouldBe(left + 1);
        outcome.Events.ShouldContain(e => e.Reason == (policy == DeletionPolicy.Orphan ? Reasons.Orphaned : Reasons.Deleted));
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

    [Fact]
    public async Task A_record_that_another_import_still_wants_is_not_deleted()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var source = world.Tls("current", "current");
        var first = world.AddImport("first", s => { s.Sources = [source]; s.DeletionPolicy = DeletionPolicy.Delete; });
        var second = world.AddImport("second", s => s.Sources = [source]);
        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);

        (await world.DeleteAsync(first)).Released.ShouldBeTrue();

        world.Sim.Count(Records).ShouldBe(1);
    }

    [Fact]
    public async Task A_certificate_near_its_end_is_announced()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "ending")]);

        await world.ReconcileAsync(import);

        var expiring = import.Status.Condition(ConditionTypes.ExpiringSoon)!;
        (expiring.Status, expiring.Reason).ShouldBe(("True", Reasons.Expiring));
    }

    [Theory]
    [InlineData(null, Reasons.ReferenceNotFound)]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", Reasons.ConnectorKeyInvalid)]
    public async Task Without_a_usable_connector_key_nothing_is_imported(string? key, string reason)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Catalog.Remove(DataKind.ConfigMap, "connector-key");
        if (key is not null)
        {
            world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", key);
        }

        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);

        await world.ReconcileAsync(import);

        import.Status.Condition(ConditionTypes.Ready)!.Reason.ShouldBe(reason);
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_Secret_that_is_renewed_in_place_ten_times_leaves_ten_certificates_and_a_line_for_each()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [new CertificateSourceSpec { Name = "current", Tls = new TlsSource { SecretName = "current" } }]);

        var thumbprints = new List<string>();
        for (var year = 0; year < 10; year++)
        {
            thumbprints.Add(Escrow.PutTls(world, "current", TenantWorld.User, year));
            await world.ReconcileAsync(import);
            import.Status.ShouldBeInSync();
        }

        world.Sim.List(Records).Select(r => (string)r["thumbprint"]!).ShouldBe(thumbprints, ignoreOrder: true);
        import.Status!.Certificates!.Select(c => c.Thumbprint).ShouldBe(thumbprints, ignoreOrder: true);
        import.Status.Certificates!.Count(c => c.State == CertificateState.Imported).ShouldBe(1);
        import.Status.Certificates!.Count(c => c.State == CertificateState.SourceGone).ShouldBe(9);
        (import.Status.Counts!.SourceGone, import.Status.History!.Unsourced, import.Status.History.Newest).ShouldBe((9, 9, thumbprints[^1]));
    }

    [Fact]
    public async Task Gaps_twins_and_what_no_source_holds_are_told_in_status()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Sim.Add(Records, Foreign());
        var sources = ((string[])["a", "b", "c"]).Select(n => new CertificateSourceSpec { Name = n, Tls = new TlsSource { SecretName = n } }).ToList();
        var first = Escrow.PutTls(world, "a", TenantWorld.User, 0);
        world.Catalog.Put(DataKind.Secret, "b", (await world.Catalog.ReadDataAsync(DataKind.Secret, new ResourceName(TenantWorld.Namespace, "a"), TestContext.Current.CancellationToken))!.ToDictionary());
        Escrow.PutTls(world, "c", TenantWorld.User, 2);
        var import = world.AddImport(change: s => s.Sources = sources);

        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        var history = import.Status!.History!;
        (history.Gaps, history.Overlaps, history.Unsourced, import.Status.Counts!.Duplicates).ShouldBe((1, 0, 1, 1));
        history.Notes!.ShouldContain("source b holds the same certificate as source a");
        history.Notes!.ShouldContain(n => n.StartsWith("no certificate from ", StringComparison.Ordinal));
        history.Notes!.ShouldContain(n => n.StartsWith("00000000000000000000000000000000000000ff", StringComparison.Ordinal));
        import.Status.Certificates!.Count(c => c.Thumbprint == first).ShouldBe(1);
        import.Status.Condition(ConditionTypes.HistoryComplete)!.Message.ShouldContain("1 of this user that no source holds");
        var summary = ImportSummary.Of(import.Status);
        (summary.Users, summary.Imported, summary.Gaps, summary.Duplicates, summary.Unsourced).ShouldBe((1, 2, 1, 1, 1));
    }

    [Fact]
    public async Task A_user_who_is_renamed_is_followed_by_object_id()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);

        world.Sim.Change("users", import.Status!.UserId!, new JsonObject { ["userPrincipalName"] = "alice.miller@contoso.com" });
        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        import.Status!.History!.Notes!.ShouldContain(n => n.Contains("is called alice.miller@contoso.com now", StringComparison.Ordinal));
        var record = world.Sim.List(Records).ShouldHaveSingleItem();
        ((string?)record["id"], (string?)record["userPrincipalName"]).ShouldBe((await world.IdOfAsync("current"), "alice.miller@contoso.com"));
    }

    [Fact]
    public async Task A_name_that_another_person_bears_by_now_gets_nobody_elses_key()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        world.Sim.Change("users", import.Status!.UserId!, new JsonObject { ["userPrincipalName"] = "alice.miller@contoso.com" });
        world.Sim.AddUser(TenantWorld.User);

        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldBeStalled(Reasons.AmbiguousMatch).ShouldContain("alice.miller@contoso.com");
        world.Sim.Count(Records).ShouldBe(1);
    }

    [Fact]
    public async Task A_user_who_was_deleted_is_told_from_one_who_never_was()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        world.Sim.Delete("users", import.Status!.UserId!);

        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldWait(Reasons.UserDeleted).ShouldContain(TenantWorld.User);
        world.Sim.Count(Records).ShouldBe(1);
    }

    private static void Rotate(TenantWorld world) => world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", world.Pki.Pem("connector2.pub"));

    private static JsonObject Foreign() => new()
    {
        ["userPrincipalName"] = TenantWorld.User,
        ["thumbprint"] = "00000000000000000000000000000000000000ff",
        ["intendedPurpose"] = "smimeEncryption",
        ["startDateTime"] = "2024-01-01T00:00:00Z",
        ["expirationDateTime"] = "2027-01-01T00:00:00Z",
        ["providerName"] = "Microsoft Software Key Storage Provider",
        ["keyName"] = "PFXEncryptionKey",
        ["paddingScheme"] = "oaepSha512",
    };

    private async Task<ImportedCertificateStatus> LineAsync(CertificateImport import, string certificate, CertificateState state)
    {
        var thumbprint = await pki.ThumbprintAsync(certificate);
        var line = import.Status!.Certificates!.Single(c => c.Thumbprint == thumbprint);
        line.State.ShouldBe(state);
        return line;
    }
}
