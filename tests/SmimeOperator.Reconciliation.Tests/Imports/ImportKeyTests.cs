using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>The key that passwords are encrypted to.</summary>
public sealed class ImportKeyTests(Pki pki)
{
    private const string Records = "userPfxCertificates";

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
        (await import.LineAsync(pki, "current", CertificateState.SourceGone)).Message.ShouldNotBeNull().ShouldContain("connector key");
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

    private static void Rotate(TenantWorld world) => world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", world.Pki.Pem("connector2.pub"));
}
