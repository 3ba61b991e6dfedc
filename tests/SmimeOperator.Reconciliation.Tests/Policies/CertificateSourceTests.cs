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
        ("customSubjectAlternativeNames", _) => new JsonArray(new JsonObject { ["sanType"] = "userPrincipalName", ["name"] = "x" }),
        (_, FieldKind.Number) => (int)value! + 1,
        (_, FieldKind.Boolean) => !(bool)value!,
        (_, FieldKind.Set) => new JsonArray("https://other.contoso.com"),
        _ => $"{value} changed",
    };
}
