using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>What becomes of a certificate history: renewals, pruning, gaps, deletion.</summary>
public sealed class ImportHistoryTests(Pki pki)
{
    private const string Records = "userPfxCertificates";

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
        await import.LineAsync(pki, "current", CertificateState.SourceGone);
        await import.LineAsync(pki, "renewed", CertificateState.Imported);
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
}
