using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>Files with one or several root and intermediate certificates, made by openssl.</summary>
public sealed class TrustedCertificateTests(Pki pki)
{
    private const string Profiles = "deviceConfigurations";

    [Fact]
    public async Task Each_certificate_of_a_file_is_a_profile_that_stays_when_others_come_go_and_change_places()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.TrustedCertificates = [Entry("contoso")]);
        await ReconcileAsync("root");
        var root = await IdOfAsync(world, "root");

        await ReconcileAsync("root", "issuing");
        var issuing = await IdOfAsync(world, "issuing");
        (await IdOfAsync(world, "root")).ShouldBe(root, "a second certificate leaves the first in its profile");
        world.Sim.List(Profiles).Select(p => (string?)p["displayName"]).ShouldBeUnique();

        await ReconcileAsync("second", "issuing", "root");
        (await IdOfAsync(world, "root"), await IdOfAsync(world, "issuing")).ShouldBe((root, issuing));
        world.Sim.Log.Clear();
        await ReconcileAsync("root", "second", "issuing");
        world.Writes.ShouldBeEmpty("the order means nothing");

        policy.Status = null;
        await ReconcileAsync("issuing", "root", "second");
        world.Writes.ShouldBeEmpty("what was made is found by its marks");

        await ReconcileAsync("issuing");
        world.Sim.Count(Profiles).ShouldBe(1);
        (await IdOfAsync(world, "issuing")).ShouldBe(issuing);
        policy.Status!.Objects!.Count(o => o.Kind == "iosTrustedRootCertificate").ShouldBe(1);

        async Task ReconcileAsync(params string[] certificates)
        {
            world.Catalog.Put(DataKind.ConfigMap, "pki", "root.pem", string.Concat(certificates.Select(c => pki.Pem(c + ".pem"))));
            await world.ReconcileAsync(policy);
            policy.Status.ShouldBeInSync();
            world.Sim.Count(Profiles).ShouldBe(certificates.Length);
        }
    }

    [Fact]
    public async Task What_devices_cannot_trust_is_refused_with_entry_place_and_way_out()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.TrustedCertificates = [Entry("contoso")]);

        await RefusedAsync(pki.Pem("root.pem") + pki.Pem("current.pem"), "block 2", "CN=Alice", "leave it out");
        await RefusedAsync(pki.Pem("root.pem") + pki.Pem("root.key"), "Block 2", "private key", "remove it");
        await RefusedAsync(pki.Pem("root.pem") + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "Block 2", "openssl");
        await RefusedAsync("garbage", "Block 1");
        world.Clock.Forward(TimeSpan.FromDays(301));
        await RefusedAsync(pki.Pem("root.pem"), "block 1", "expired on", "successor");
        world.Writes.ShouldBeEmpty();

        async Task RefusedAsync(string file, params string[] words)
        {
            world.Catalog.Put(DataKind.ConfigMap, "pki", "root.pem", file);
            await world.ReconcileAsync(policy);
            var message = policy.Status.ShouldBeStalled(Reasons.SourceInvalid);
            words.Prepend("spec.trustedCertificates[contoso].certificateRef").ShouldAllBe(w => message.Contains(w));
        }
    }

    [Fact]
    public async Task Scep_is_bound_to_the_only_root_by_itself_and_among_several_to_the_one_that_the_spec_names()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Catalog.Put(DataKind.ConfigMap, "pki", "root.pem", pki.Pem("issuing.pem") + pki.Pem("root.pem"));
        var policy = world.AddPolicy(change: s =>
        {
            s.TrustedCertificates = [Entry("contoso")];
            s.Signing = PolicySpecs.Scep(null);
        });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        Bound(world).ShouldBe(await IdOfAsync(world, "root"));

        world.Catalog.Put(DataKind.ConfigMap, "pki", "root.pem", pki.Pem("second.pem") + pki.Pem("issuing.pem") + pki.Pem("root.pem"));
        await world.ReconcileAsync(policy);
        var message = policy.Status.ShouldBeStalled(Reasons.InvalidSpec);
        message.ShouldContain(await pki.ThumbprintAsync("root"));
        message.ShouldContain(await pki.ThumbprintAsync("second"));
        message.ShouldContain("spec.signing.scep.rootThumbprint");

        var thumbprint = (await pki.ThumbprintAsync("second")).ToUpperInvariant();
        TenantWorld.Edit(policy, s => s.Signing!.Scep!.RootThumbprint = thumbprint);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        Bound(world).ShouldBe(await IdOfAsync(world, "second"));

        TenantWorld.Edit(policy, s => s.Signing!.Scep!.RootThumbprint = new string('0', 40));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("rootThumbprint");
    }

    private static string? Bound(TenantWorld world) => world.Sim.FindReference(
        Profiles, (string)world.Sim.List(Profiles).Single(p => (string?)p["@odata.type"] == "#microsoft.graph.iosScepCertificateProfile")["id"]!, "rootCertificate");

    private async Task<string> IdOfAsync(TenantWorld world, string certificate)
    {
        var der = Convert.ToBase64String(await pki.DerAsync(certificate));
        return (string)world.Sim.List(Profiles).Single(p => (string?)p["trustedRootCertificate"] == der)["id"]!;
    }

    private static TrustedCertificateSpec Entry(string name) =>
        new() { Name = name, CertificateRef = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" } };
}
