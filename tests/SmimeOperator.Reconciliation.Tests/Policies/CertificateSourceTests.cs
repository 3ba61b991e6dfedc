using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.Testing.Graph;

namespace SmimeOperator.Reconciliation.Tests.Policies;

/// <summary>Where certificates come from, against the simulated tenant. Field names and values are those of the reference facts.</summary>
public sealed class CertificateSourceTests(Pki pki)
{
    private const string Profiles = "deviceConfigurations";

    [Fact]
    public async Task Issued_Pkcs_makes_its_profile_and_drifts_by_single_fields()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.Signing = PolicySpecs.Pkcs());
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();

        var profile = Single(world, "iosPkcsCertificateProfile");
        ((string?)profile["subjectNameFormat"]).ShouldBe("custom");
        ((string?)profile["subjectNameFormatString"]).ShouldBe("CN={{UserName}},E={{EmailAddress}}");
        ((string?)profile["certificationAuthority"]).ShouldBe("ca01.contoso.com");
        ((string?)profile["certificateValidityPeriodScale"]).ShouldBe("years");
        profile["customSubjectAlternativeNames"]!.AsArray().Single()!.ToJsonString().ShouldContain("emailAddress");
        Check(world);
        await EachFieldDriftsAloneAsync(world, policy, ObjectShapes.PkcsProfile);
    }

    [Fact]
    public async Task Another_source_takes_the_place_of_the_old_one()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s => s.Signing = new SigningSpec { Source = SigningSource.ImportedPkcs });
        await world.ReconcileAsync(policy);
        TenantWorld.Edit(policy, s => s.Signing = PolicySpecs.Pkcs());
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Sim.List(Profiles).Select(p => (string?)p["@odata.type"]).ShouldBe(["#microsoft.graph.iosPkcsCertificateProfile"]);
        await world.ReconcileAsync(policy);
        world.Writes.Count(w => w.Method == "DELETE").ShouldBe(1);
    }

    [Fact]
    public async Task Scep_is_bound_to_its_root_and_every_change_of_it_is_held_as_drift()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Scep);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();

        var profile = Single(world, "iosScepCertificateProfile");
        var id = (string)profile["id"]!;
        world.Sim.FindReference(Profiles, id, "rootCertificate").ShouldBe(Root(world, "contoso"));
        ((string?)profile["keySize"]).ShouldBe("size2048");
        profile["extendedKeyUsages"]!.AsArray().Single()!.ToJsonString().ShouldBe("""{"name":"Secure Email","objectIdentifier":"1.3.6.1.5.5.7.3.4"}""");
        Check(world);
        var writes = world.Writes.Count;
        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Writes.Skip(writes).Select(w => w.Path).ShouldAllBe(p => p.EndsWith("/$batch", StringComparison.Ordinal));
        await EachFieldDriftsAloneAsync(world, policy, ObjectShapes.ScepProfile);
    }

    [Fact]
    public async Task Another_root_in_the_tenant_is_drift_and_another_root_in_the_spec_is_bound_without_touching_the_rest()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Scep);
        await world.ReconcileAsync(policy);
        var id = (string)Single(world, "iosScepCertificateProfile")["id"]!;

        using var http = new HttpClient { BaseAddress = world.Host.BaseAddress };
        var link = new JsonObject { ["@odata.id"] = $"https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('{Root(world, "other")}')" };
        using var content = new StringContent(link.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync(
            new Uri($"beta/deviceManagement/deviceConfigurations('{id}')/microsoft.graph.iosScepCertificateProfile/rootCertificate/$ref", UriKind.Relative), content, TenantWorld.Stop);
        answer.EnsureSuccessStatusCode();
        await world.SweepAsync();
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.DisruptiveChangeHeld).ShouldContain("revokes");
        policy.Status!.Drift!.Single().Path.ShouldBe("/rootCertificate");

        TenantWorld.Edit(policy, s => s.Drift = new DriftSpec { AllowDisruptive = true });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Sim.FindReference(Profiles, id, "rootCertificate").ShouldBe(Root(world, "contoso"));

        TenantWorld.Edit(policy, s => s.Signing!.Scep!.RootCertificate = "other");
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Sim.FindReference(Profiles, id, "rootCertificate").ShouldBe(Root(world, "other"));
        world.Writes.ShouldNotContain(w => w.Method == "PATCH");

        TenantWorld.Edit(policy, s => s.Signing!.Scep!.RootCertificate = "absent");
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("spec.signing.scep.rootCertificate");
    }

    [Fact]
    public async Task A_re_created_resource_finds_its_Scep_profile_again_and_leaves_it_as_it_is()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: Scep);
        await world.ReconcileAsync(policy);
        policy.Status = null;
        policy.Metadata.Uid = "00000000-0000-0000-0000-00000000abcd";
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        var id = (string)Single(world, "iosScepCertificateProfile")["id"]!;
        world.Writes.ShouldNotContain(w => w.Method == "PATCH" && w.Path.Contains(id));
    }

    [Fact]
    public async Task The_native_mail_profile_is_bound_to_the_certificate_profiles_follows_them_and_drifts_by_single_fields()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = world.AddPolicy(change: s =>
        {
            s.Signing = new SigningSpec { Source = SigningSource.ImportedPkcs };
            s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs };
            s.NativeMail = new NativeMailSpec { AccountName = "Contoso", Signing = new NativeSmimeSwitch { Enabled = true }, Encryption = new NativeSmimeSwitch() };
        });
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        var mail = Single(world, "iosEasEmailProfileConfiguration");
        var id = (string)mail["id"]!;
        ((string?)mail["hostName"]).ShouldBe("outlook.office365.com");
        ((bool?)mail["smimeSigningEnabled"]).ShouldBe(true);
        ((string?)mail["signingCertificateType"]).ShouldBe("certificate");
        world.Sim.FindReference(Profiles, id, "smimeSigningCertificate").ShouldBe(Owned(policy, Roles.SigningProfile));
        world.Sim.FindReference(Profiles, id, "smimeEncryptionCertificate").ShouldBe(Owned(policy, Roles.EncryptionProfile));
        Check(world);
        await EachFieldDriftsAloneAsync(world, policy, ObjectShapes.NativeMail);

        TenantWorld.Edit(policy, s => s.Signing = PolicySpecs.Pkcs());
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Sim.FindReference(Profiles, id, "smimeSigningCertificate").ShouldBe(Owned(policy, Roles.SigningPkcsProfile));

        TenantWorld.Edit(policy, s => s.Signing = null);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeStalled(Reasons.InvalidSpec).ShouldContain("spec.nativeMail.signing");
    }

    private static string Owned(SmimePolicy policy, string role) => policy.Status!.Objects!.Single(o => o.Role == role).Id;

    private static void Scep(SmimePolicySpec spec)
    {
        var data = new DataReference { Kind = DataKind.ConfigMap, Name = "pki", Key = "root.pem" };
        spec.TrustedCertificates = [new TrustedCertificateSpec { Name = "contoso", CertificateRef = data }, new TrustedCertificateSpec { Name = "other", CertificateRef = data }];
        spec.Signing = PolicySpecs.Scep("contoso");
    }

    private static string Root(TenantWorld world, string name) => (string)world.Sim.List(Profiles).Single(p => (string?)p["certFileName"] == name + ".cer")["id"]!;

    private static JsonObject Single(TenantWorld world, string type) =>
        world.Sim.List(Profiles).Single(p => (string?)p["@odata.type"] == "#microsoft.graph." + type);

    private static void Check(TenantWorld world)
    {
        if (CsdlSchema.TryLoad() is { } schema)
        {
            world.SchemaViolations(schema).ShouldBeEmpty();
        }
    }

    // Somebody changes one field in the portal: just that path is reported and, where it hurts nobody, put right.
    private static async Task EachFieldDriftsAloneAsync(TenantWorld world, SmimePolicy policy, ObjectShape shape)
    {
        foreach (var (field, kind) in shape.Fields.Where(f => f.Key != "roleScopeTagIds" && !shape.CreateOnly.Contains(f.Key)))
        {
            var before = Single(world, shape.Type);
            var id = (string)before["id"]!;
            world.Sim.Change(Profiles, id, new JsonObject { [field] = Other(field, kind, before[field]) }).ShouldBeTrue();
            await world.SweepAsync();
            await world.ReconcileAsync(policy);
            policy.Status!.Drift!.Single(d => d.Id == id && d.Path == "/" + field).Corrected.ShouldBe(!shape.Disruptions.ContainsKey(field), field);
            policy.Status!.Drift!.Count(d => !d.Corrected).ShouldBe(shape.Disruptions.ContainsKey(field) ? 1 : 0, field);
            if (shape.Disruptions.ContainsKey(field))
            {
                policy.Status.ShouldBeStalled(Reasons.DisruptiveChangeHeld);
                world.Sim.Change(Profiles, id, new JsonObject { [field] = before[field]?.DeepClone() }).ShouldBeTrue();
                await world.SweepAsync();
                await world.ReconcileAsync(policy);
            }

            policy.Status.ShouldBeInSync();
            JsonNode.DeepEquals(Single(world, shape.Type)[field], before[field]).ShouldBeTrue(field);
        }
    }

    private static JsonNode Other(string field, FieldKind kind, JsonNode? value) => (field, kind) switch
    {
        ("certificateStore", _) => "machine",
        ("subjectNameFormat", _) => "commonName",
        ("certificateValidityPeriodScale", _) => "days",
        ("emailAddressSource", _) => "userPrincipalName",
        ("usernameSource", _) => "primarySmtpAddress",
        ("signingCertificateType" or "encryptionCertificateType", _) => "none",
        ("keySize", _) => "size4096",
        ("keyUsage", _) => "keyEncipherment",
        ("extendedKeyUsages", _) => new JsonArray(new JsonObject { ["name"] = "x", ["objectIdentifier"] = "1.2.3" }),
        ("customSubjectAlternativeNames", _) => new JsonArray(new JsonObject { ["sanType"] = "userPrincipalName", ["name"] = "x" }),
        (_, FieldKind.Number) => (int)value! + 1,
        (_, FieldKind.Boolean) => !(bool)value!,
        (_, FieldKind.Set) => new JsonArray("https://other.contoso.com"),
        _ => $"{value} changed",
    };
}
