using System.Text;
using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Imports;

public sealed class BulkImportTests(Pki pki)
{
    private const string Records = "userPfxCertificates";
    private const string Alice = TenantWorld.User;
    private const string Bob = "bob@contoso.com";
    private const string Carol = "carol@contoso.com";

    [Fact]
    public async Task Everybodys_labelled_Secrets_are_imported_by_one_resource_and_again_nothing_happens()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world);

        var outcome = await ReconcileAsync(world, import);

        import.Status.ShouldBeInSync();
        world.Sim.Count(Records).ShouldBe(4);
        (import.Status!.Counts!.Desired, import.Status.Counts.Imported, import.Status.Users!.Total, import.Status.Users.Complete).ShouldBe((4, 4, 3, 3));
        (import.Status.Objects, import.Status.Certificates).ShouldBe((null, null));
        outcome.Events.ShouldHaveSingleItem().Message.ShouldContain("imported 4 certificates");

        var (reads, version) = (world.Catalog.SecretReads, StatusText(import));
        world.Sim.Log.Clear();
        await world.SweepAsync();
        await ReconcileAsync(world, import);
        (world.Catalog.SecretReads, StatusText(import)).ShouldBe((reads, version));
        world.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_renewed_Secret_is_the_only_one_that_is_read_and_its_old_certificate_stays()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world);
        await ReconcileAsync(world, import);
        var reads = world.Catalog.SecretReads;

        Escrow.PutTls(world, "bob-1", Bob, 2);
        await ReconcileAsync(world, import);

        world.Catalog.SecretReads.ShouldBe(reads + 1);
        world.Sim.Count(Records).ShouldBe(5);
        (import.Status!.Counts!.Imported, import.Status.Counts.SourceGone, import.Status.History!.Unsourced).ShouldBe((4, 1, 1));
    }

    [Fact]
    public async Task What_is_broken_is_named_and_stops_nobody_else()
    {
        await using var world = await StartAsync();
        Escrow.Put(world, "broken", Bob, new() { ["keystore.p12"] = Encoding.ASCII.GetBytes("this is no PKCS#12 file") });
        Escrow.PutTls(world, "nobody", Bob, 5, annotated: false);
        Escrow.PutTls(world, "stranger", "stranger@contoso.com", 1);
        Escrow.Put(world, "odd", "not a name", []);
        var import = Escrow.AddImport(world);

        await ReconcileAsync(world, import);

        import.Status.ShouldBeStalled(Reasons.SourceInvalid).ShouldStartWith("4 of 8 are not imported: source broken");
        world.Sim.Count(Records).ShouldBe(4);
        import.Status!.Failures!.Select(f => (f.Secret, f.Reason)).ShouldBe(
            [("broken", Reasons.SourceInvalid), ("nobody", Reasons.SourceInvalid), ("odd", Reasons.SourceInvalid), ("stranger", Reasons.UserNotFound)]);
        import.Status.Failures![1].Message.ShouldContain("no annotation " + Annotations.UserPrincipalName);
        (import.Status.Counts!.Imported, import.Status.Counts.Failed, import.Status.Counts.Pending, import.Status.Users!.NotFound).ShouldBe((4, 3, 1, 1));

        // Told once.
        (await ReconcileAsync(world, import)).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_that_the_service_refuses_stops_nobody_else()
    {
        await using var world = await StartAsync();
        world.Sim.AddFault(new FaultRule { Method = "POST", Path = Records, Status = 400, Nth = 1 });
        var import = Escrow.AddImport(world);

        await ReconcileAsync(world, import);

        world.Sim.Count(Records).ShouldBe(3);
        import.Status.ShouldBeStalled(Reasons.Rejected);
        world.Sim.ClearFaults();
        await ReconcileAsync(world, import);
        import.Status.ShouldBeInSync();
        world.Sim.Count(Records).ShouldBe(4);
    }

    [Fact]
    public async Task Twins_of_one_user_are_uploaded_once_and_named()
    {
        await using var world = await StartAsync();
        world.Catalog.Put(
            DataKind.Secret, "twin", (await world.Catalog.ReadDataAsync(DataKind.Secret, new ResourceName(TenantWorld.Namespace, "bob-1"), TenantWorld.Stop))!.ToDictionary(),
            new() { [Escrow.Label] = "true" }, annotations: new() { [Annotations.UserPrincipalName] = Bob });
        var import = Escrow.AddImport(world);

        await ReconcileAsync(world, import);

        import.Status.ShouldBeInSync();
        world.Sim.Log.Entries.Count(e => e.Method == "POST" && e.Path.EndsWith(Records, StringComparison.OrdinalIgnoreCase)).ShouldBe(4);
        import.Status!.Counts!.Duplicates.ShouldBe(1);
        import.Status.History!.Notes!.ShouldContain($"Secret twin holds the same certificate of {Bob} as Secret bob-1");
    }

    [Fact]
    public async Task A_resource_that_is_made_anew_and_a_restart_upload_nothing_again()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world);
        await ReconcileAsync(world, import);
        world.Sim.Log.Clear();

        (import.Status, import.Metadata.Uid) = (null, "made-anew");
        await ReconcileAsync(world, import);

        world.Writes.ShouldBeEmpty();
        import.Status.ShouldBeInSync();
        import.Status!.Keys!.ShouldHaveSingleItem().Certificates.ShouldBe(4);
    }

    [Fact]
    public async Task After_a_rotation_what_has_a_source_is_encrypted_anew_and_the_rest_is_listed()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world);
        await ReconcileAsync(world, import);
        world.Catalog.Remove(DataKind.Secret, "carol-1");
        await ReconcileAsync(world, import);
        var old = import.Status!.Keys!.ShouldHaveSingleItem().KeyFingerprint;

        // Half of the way the service fails; what was done stands in status and is not done again.
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector2.pub"));
        world.Sim.Log.Clear();
        world.Sim.AddFault(new FaultRule { Method = "PATCH", Path = world.UserKey, Status = 503 });
        await ReconcileAsync(world, import);
        world.Sim.ClearFaults();
        var done = import.Status!.Keys!.Where(k => k.KeyFingerprint != old && k.KeyFingerprint != "unknown").Sum(k => k.Certificates);
        import.Status.Keys!.Where(k => k.KeyFingerprint == "unknown").Sum(k => k.Certificates).ShouldBe(3 - done);
        done.ShouldBe(world.Writes.Count(w => w.Status is >= 200 and < 300));
        var writes = world.Writes.Count(w => w.Status is >= 200 and < 300);

        (import.Metadata.Uid, var uid) = ("restarted", import.Metadata.Uid);
        await ReconcileAsync(world, import);

        uid.ShouldNotBe("restarted");
        import.Status.ShouldBeInSync();
        world.Writes.Count(w => w.Status is >= 200 and < 300).ShouldBe(writes + (3 - done));
        foreach (var record in world.Sim.List(Records))
        {
            var upload = world.Sim.StoredPfx((string)record["id"]!)!;
            var key = (string)record["userPrincipalName"]! == Carol ? "connector" : "connector2";
            (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword, key)).ShouldBe((string)record["thumbprint"]!);
        }

        (import.Status!.Counts!.OtherKey, import.Status.Keys!.Single(k => k.KeyFingerprint == old).Certificates).ShouldBe((1, 1));
        import.Status.History!.Notes!.ShouldContain(n => n.Contains(Carol, StringComparison.Ordinal) && n.Contains("another connector key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rotation_that_the_service_refuses_leaves_no_doubt_about_the_key()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world);
        await ReconcileAsync(world, import);
        var old = import.Status!.Keys!.ShouldHaveSingleItem().KeyFingerprint;
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector2.pub"));
        world.Sim.AddFault(new FaultRule { Method = "PATCH", Path = world.UserKey, Status = 400 });

        await ReconcileAsync(world, import);

        import.Status.ShouldBeStalled(Reasons.Rejected);
        import.Status!.Keys!.Select(k => k.KeyFingerprint).ShouldBe([old, await FingerprintOfAsync(world)], ignoreOrder: true);
    }

    private static async Task<string?> FingerprintOfAsync(TenantWorld world)
    {
        await world.ReconcileAsync(world.Tenant);
        return world.Tenant.Status!.ConnectorKeyFingerprint;
    }

    [Fact]
    public async Task A_record_that_somebody_deleted_is_drift_also_after_a_restart()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world, change: s => s.Drift.Mode = DriftMode.Detect);
        await ReconcileAsync(world, import);
        world.Sim.Delete(Records, (string)world.Sim.List(Records)[0]["id"]!);
        await world.SweepAsync();
        import.Metadata.Uid = "restarted";

        await ReconcileAsync(world, import);
        world.Sim.Count(Records).ShouldBe(3);
        import.Status.Condition(ConditionTypes.Drifted)!.Status.ShouldBe("True");

        TenantWorld.Edit(import, s => s.Drift.Mode = DriftMode.Correct);
        await ReconcileAsync(world, import);
        world.Sim.Count(Records).ShouldBe(4);
        import.Status.Condition(ConditionTypes.Drifted)!.Reason.ShouldBe(Reasons.DriftCorrected);
    }

    [Fact]
    public async Task Suspended_or_read_only_nothing_is_changed()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world, change: s => s.Suspend = true);
        await ReconcileAsync(world, import);
        import.Status.Condition(ConditionTypes.Ready)!.Reason.ShouldBe(Reasons.Suspended);

        TenantWorld.Edit(import, s => s.Suspend = false);
        world.Tenant.Spec.Mode = TenantMode.ReadOnly;
        var outcome = await ReconcileAsync(world, import);
        import.Status.Condition(ConditionTypes.Ready)!.Reason.ShouldBe(Reasons.ReadOnly);
        outcome.Plan.Changes.Count.ShouldBe(4);
        world.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(0, 4)]
    public async Task History_Prune_removes_what_no_Secret_holds_as_far_as_the_guard_allows(int allowed, int left)
    {
        await using var world = await StartAsync();
        (world.Tenant.Spec.Guard.MaxDeletions, world.Tenant.Spec.Guard.MaxDeletionPercent) = (allowed, 0);
        var import = Escrow.AddImport(world, change: s => s.History = HistoryPolicy.Prune);
        await ReconcileAsync(world, import);
        world.Catalog.Remove(DataKind.Secret, "carol-1");
        world.Catalog.Remove(DataKind.Secret, "alice-1");
        import.Metadata.Uid = "restarted";

        await ReconcileAsync(world, import);

        world.Sim.Count(Records).ShouldBe(left);
        if (allowed == 0)
        {
            import.Status.ShouldBeStalled(Reasons.GuardTripped);
        }
        else
        {
            import.Status.ShouldBeInSync();
        }
    }

    [Theory]
    [InlineData(DeletionPolicy.Orphan, 5)]
    [InlineData(DeletionPolicy.Delete, 2)]
    public async Task A_deleted_resource_takes_what_it_made_and_not_what_another_or_somebody_else_imported(DeletionPolicy policy, int left)
    {
        await using var world = await StartAsync();
        world.Sim.Add(Records, new JsonObject
        {
            ["userPrincipalName"] = Bob,
            ["thumbprint"] = "00000000000000000000000000000000000000ff",
            ["intendedPurpose"] = "smimeEncryption",
            ["startDateTime"] = "2024-01-01T00:00:00Z",
            ["expirationDateTime"] = "2027-01-01T00:00:00Z",
            ["providerName"] = "Microsoft Software Key Storage Provider",
            ["keyName"] = "PFXEncryptionKey",
            ["paddingScheme"] = "oaepSha512",
        });
        var import = Escrow.AddImport(world, change: s => s.DeletionPolicy = policy);
        await ReconcileAsync(world, import);
        var other = world.AddImport("carol", s =>
        {
            s.UserPrincipalName = Carol;
            s.Sources = [new CertificateSourceSpec { Name = "carol-1", Tls = new TlsSource { SecretName = "carol-1" } }];
        });
        world.Sim.Log.Clear();
        await world.ReconcileAsync(other);
        world.Writes.ShouldBeEmpty();
        other.Status!.History!.Notes!.ShouldContain(n => n.StartsWith("CertificateImport escrow imports", StringComparison.Ordinal));

        (await world.DeleteAsync(import)).Released.ShouldBeTrue();

        world.Sim.Count(Records).ShouldBe(left);
    }

    [Fact]
    public async Task Of_an_escrow_and_an_import_for_another_purpose_the_older_keeps_the_certificate()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world);
        await ReconcileAsync(world, import);
        var younger = world.AddImport("signing", s =>
        {
            s.Purpose = ImportPurpose.SmimeSigning;
            s.IdentityCheck = IdentityCheck.Off;
            s.Sources = [world.Tls("both", "both")];
        });
        Escrow.Put(world, "both-escrow", Alice, new() { ["tls.crt"] = pki.Bytes("both.pem"), ["tls.key"] = pki.Bytes("leaf.key") });
        await ReconcileAsync(world, import);

        await world.ReconcileAsync(younger);

        younger.Status.ShouldBeStalled(Reasons.Conflict).ShouldContain("escrow");
    }

    [Fact]
    public async Task Renamed_disabled_and_guest_users_are_followed_and_reported()
    {
        await using var world = await StartAsync();
        var import = Escrow.AddImport(world);
        await ReconcileAsync(world, import);
        var users = world.Sim.List("users").ToDictionary(u => (string)u["userPrincipalName"]!, u => (string)u["id"]!);
        world.Sim.Change("users", users[Alice], new JsonObject { ["userPrincipalName"] = "alice.miller@contoso.com" });
        world.Sim.Change("users", users[Bob], new JsonObject { ["accountEnabled"] = false });
        world.Sim.Change("users", users[Carol], new JsonObject { ["userType"] = "Guest" });
        await world.SweepAsync();
        import.Metadata.Uid = "restarted";

        await ReconcileAsync(world, import);

        import.Status.ShouldBeInSync();
        import.Status!.Drift.ShouldBeNull();
        (import.Status.Users!.Disabled, import.Status.Users.Guests, import.Status.Users.NotFound).ShouldBe((1, 1, 0));
        world.Sim.List(Records).Count(r => (string)r["userPrincipalName"]! == "alice.miller@contoso.com").ShouldBe(1);
        world.Sim.Count(Records).ShouldBe(4);
    }

    [Fact]
    public async Task Five_thousand_Secrets_of_two_thousand_users_converge_in_a_status_of_less_than_64_KiB()
    {
        const int Users = 2000;
        const int Secrets = 5000;
        await using var world = await TenantWorld.StartAsync(pki);
        for (var i = 0; i < Secrets; i++)
        {
            var user = $"user-{i % Users:D4}@contoso.com";
            if (i < Users)
            {
                world.Sim.AddUser(user);
            }

            Escrow.PutTls(world, $"escrow-{i:D4}", user, i / Users);
        }

        Escrow.Put(world, "escrow-0042", "user-0042@contoso.com", new() { ["keystore.p12"] = Encoding.ASCII.GetBytes("broken") });
        var import = Escrow.AddImport(world);
        do
        {
            await ReconcileAsync(world, import);
        }
        while (import.Status.Condition(ConditionTypes.Ready)!.Reason == Reasons.Progressing);

        world.Sim.Count(Records).ShouldBe(Secrets - 1);
        import.Status!.Failures!.ShouldHaveSingleItem().Secret.ShouldBe("escrow-0042");
        (import.Status.Counts!.Imported, import.Status.Counts.Failed, import.Status.Users!.Total, import.Status.Users.Complete).ShouldBe((Secrets - 1, 1, Users, Users - 1));
        Encoding.UTF8.GetByteCount(StatusText(import)).ShouldBeLessThan(64 * 1024);
        world.Catalog.SecretReads.ShouldBe(Secrets);
        world.Writes.Count.ShouldBe(Secrets - 1);
    }

    [Fact]
    public async Task Nothing_secret_is_told_of_a_run_over_many()
    {
        await using var world = await StartAsync();
        Escrow.Put(world, "p12", Alice, new() { ["keystore.p12"] = pki.Bytes("old.p12"), ["password"] = Encoding.ASCII.GetBytes(Pki.Password) });
        Escrow.Put(world, "broken", Alice, new() { ["keystore.p12"] = pki.Bytes("old.p12")[..^50], ["password"] = Encoding.ASCII.GetBytes(Pki.Password) });
        var import = Escrow.AddImport(world, change: s => s.IdentityCheck = IdentityCheck.Off);
        foreach (var status in (int[])[400, 429, 500, 0])
        {
            world.Sim.AddFault(new FaultRule { Method = "POST", Path = Records, Status = status == 0 ? 503 : status, Nth = 1 });
            await ReconcileAsync(world, import);
            world.Sim.ClearFaults();
        }

        import.Status!.Counts!.Imported.ShouldBe(5);
        List<string> secrets = [Pki.Password, Escrow.KeyText, Convert.ToBase64String(pki.Bytes("old.p12"))[200..260], pki.Pem("leaf.key").Split('\n')[3]];
        foreach (var record in world.Sim.List(Records))
        {
            var upload = world.Sim.StoredPfx((string)record["id"]!)!;
            secrets.AddRange([Convert.ToBase64String(upload.Blob)[200..260], Convert.ToBase64String(upload.EncryptedPassword)[..40], upload.DecryptPassword()]);
        }

        foreach (var text in world.Texts)
        {
            secrets.ShouldAllBe(s => !text.Contains(s, StringComparison.OrdinalIgnoreCase));
        }

        world.Log.Lines.ShouldContain(l => l.Contains("source broken", StringComparison.Ordinal));
    }

    private static string StatusText(CertificateImport import) => k8s.KubernetesJson.Serialize(import.Status!);

    // A resource for many users rests for a moment after a pass that did something.
    private static Task<Outcome<CertificateImportStatus>> ReconcileAsync(TenantWorld world, CertificateImport import)
    {
        world.Clock.Forward(TimeSpan.FromSeconds(15));
        return world.ReconcileAsync(import);
    }

    private async Task<TenantWorld> StartAsync()
    {
        var world = await TenantWorld.StartAsync(pki);
        world.Sim.AddUser(Bob);
        world.Sim.AddUser(Carol);
        Escrow.PutTls(world, "alice-1", Alice, 0);
        Escrow.PutTls(world, "bob-1", Bob, 0);
        Escrow.PutTls(world, "bob-2", Bob, 1);
        Escrow.PutTls(world, "carol-1", Carol, 7);
        return world;
    }
}
