using System.Text.Json.Nodes;
using CsCheck;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation.Tests;

public sealed class PolicyPlanningTests
{
    private static readonly TrustedCertificate Root = new([1, 2, 3], "aa", "CN=Root", DateTimeOffset.MaxValue, true);

    private static readonly Gen<SmimePolicySpec> AnySpec =
        from name in Gen.String[Gen.Char["abcXYZ 0123'\"<&"], 1, 12]
        from description in Gen.OneOf(Gen.Const((string?)null), Gen.String[0, 40].Select(s => (string?)s.Replace("\0", "", StringComparison.Ordinal)))
        from tags in Gen.OneOf(Gen.Const((List<string>?)null), Gen.OneOf("1", "2", "7").HashSet[1, 3].Select(s => (List<string>?)[.. s]))
        from sign in Gen.OneOf(Gen.Const((SettingWithOverride?)null), Gen.Select(Gen.Bool, Gen.Bool, (e, u) => (SettingWithOverride?)new() { Enabled = e, UserChangeAllowed = u }))
        from ldap in Gen.OneOf<string?>(null, "ldaps://ldap.contoso.com", "ldap.contoso.com:636")
        from encryption in Gen.Bool
        from roots in Gen.OneOf("alpha", "beta", "gamma").HashSet[0, 3]
        from signing in PolicySpecs.Signing([.. roots])
        from mail in PolicySpecs.Mail(signing is not null, encryption)
        from extra in Gen.OneOf("com.contoso.one", "com.contoso.two").HashSet[0, 2]
        select new SmimePolicySpec
        {
            DisplayName = name,
            Description = description,
            RoleScopeTagIds = tags,
            Outlook = new OutlookSettings
            {
                SignAllMail = sign,
                LdapUrl = ldap,
                ExtraSettings = [.. extra.Select(k => new ExtraSetting { Key = k, Type = SettingType.String, Value = "v" })],
            },
            Encryption = encryption ? new EncryptionSpec { Source = EncryptionSource.ImportedPkcs } : null,
            Signing = signing,
            NativeMail = mail,
            TrustedCertificates = [.. roots.Select(r => new TrustedCertificateSpec { Name = r })],
        };

    [Fact]
    public void Applied_a_plan_leaves_nothing_to_do_from_an_empty_tenant_and_from_any_spec_to_any_other() =>
        Gen.Select(AnySpec, AnySpec).Sample((first, second) =>
        {
            var world = new World();
            world.Converge(first);
            world.Converge(second);
            world.Plan(second).Plan.IsEmpty.ShouldBeTrue();
            // What the second spec does not want is gone: the app, one profile a root, one a purpose, and the policy.
            world.Tenant.All.Count().ShouldBe(
                2 + second.TrustedCertificates!.Count + (second.Encryption is null ? 0 : 1) + (second.Signing is null ? 0 : 1)
                + (second.NativeMail is null ? 0 : 1));
        });

    [Fact]
    public void A_resource_whose_status_was_lost_finds_everything_again_by_its_marks() => AnySpec.Sample(spec =>
    {
        var world = new World();
        world.Converge(spec);
        var before = world.Tenant.All.Select(o => o.Id).Order(StringComparer.Ordinal).ToList();
        world.LoseStatus();
        world.Plan(spec).Plan.IsEmpty.ShouldBeTrue();
        world.Tenant.All.Select(o => o.Id).Order(StringComparer.Ordinal).ShouldBe(before);
    });

    [Theory]
    [InlineData("/displayName", "iosMobileAppConfiguration")]
    [InlineData("/description", "iosTrustedRootCertificate")]
    [InlineData("/displayName", "iosImportedPFXCertificateProfile")]
    [InlineData("/certFileName", "iosTrustedRootCertificate")]
    public void A_field_changed_in_the_tenant_drifts_as_just_that_path_and_is_corrected_once(string path, string type)
    {
        var world = new World();
        var spec = Full();
        world.Converge(spec);
        world.Tenant.Change(world.Tenant.All.First(o => o.Type == type), p => p[path[1..]] = "changed in the portal");

        var found = world.Plan(spec);
        found.Drift.Select(d => d.Path).ShouldBe([path]);
        found.Plan.Changes.Single().Cause.ShouldBe(ChangeCause.Drift);
        world.Converge(spec);
        world.Plan(spec).Drift.ShouldBeEmpty();
    }

    [Fact]
    public void A_setting_changed_in_the_portal_drifts_by_its_key_and_what_others_added_stays()
    {
        const string Key = "com.microsoft.outlook.Mail.SMIMEEnabled";
        var world = new World();
        var spec = Full();
        world.Converge(spec);
        world.Tenant.Change(world.AppPolicy, p =>
        {
            var settings = p["settings"]!.AsArray();
            settings.Single(s => (string)s!["appConfigKey"]! == Key)!["appConfigKeyValue"] = "false";
            settings.Add(new JsonObject { ["appConfigKey"] = "portal.key", ["appConfigKeyType"] = "stringType", ["appConfigKeyValue"] = "kept" });
        });

        world.Plan(spec).Drift.Select(d => (d.Path, d.Expected, d.Observed)).ShouldBe([("/settings/" + Key, "true", "false")]);
        world.Converge(spec);
        var after = FieldComparison.Settings(world.AppPolicy.Properties.GetProperty("settings"));
        after[Key].GetProperty("appConfigKeyValue").GetString().ShouldBe("true");
        after["portal.key"].GetProperty("appConfigKeyValue").GetString().ShouldBe("kept");
    }

    [Fact]
    public void A_setting_taken_out_of_the_spec_is_taken_out_of_the_tenant()
    {
        var world = new World();
        var spec = Full();
        world.Converge(spec);
        spec.Outlook.LdapUrl = null;
        spec.Outlook.ExtraSettings = null;
        world.Converge(spec);
        var keys = FieldComparison.Settings(world.AppPolicy.Properties.GetProperty("settings")).Keys;
        keys.ShouldNotContain("com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName");
        keys.ShouldNotContain("com.contoso.extra");
    }

    [Fact]
    public void Detect_reports_and_holds_and_Off_does_not_look_and_ignore_passes_over()
    {
        var world = new World();
        var spec = Full();
        world.Converge(spec);
        world.Tenant.Change(world.AppPolicy, p => p["displayName"] = "changed in the portal");

        spec.Drift = new DriftSpec { Mode = DriftMode.Detect };
        var detected = world.Plan(spec);
        detected.Plan.IsEmpty.ShouldBeTrue();
        detected.Plan.Held.Single().Reason.ShouldBe(Reasons.DriftDetected);
        detected.Drift.Single().Path.ShouldBe("/displayName");

        spec.Drift = new DriftSpec { Mode = DriftMode.Off };
        world.Plan(spec).Drift.ShouldBeEmpty();

        spec.Drift = new DriftSpec { Ignore = ["/displayName"] };
        world.Plan(spec).Plan.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Drift_whose_correction_takes_something_from_people_is_held_until_it_is_allowed()
    {
        var world = new World();
        var spec = Full();
        world.Converge(spec);
        world.Tenant.Change(world.Tenant.All.First(o => o.Type == "iosTrustedRootCertificate"), p => p["trustedRootCertificate"] = "BAUG");

        world.Plan(spec).Plan.Held.Single().Reason.ShouldBe(Reasons.DisruptiveChangeHeld);
        spec.Drift = new DriftSpec { AllowDisruptive = true };
        world.Plan(spec).Plan.Changes.Single().Action.ShouldBe(ChangeAction.Update);
    }

    [Fact]
    public void Server_defaults_order_letter_case_and_line_ends_are_no_drift()
    {
        var world = new World();
        var spec = Full();
        spec.RoleScopeTagIds = ["1", "2"];
        world.Converge(spec);
        world.Tenant.Change(world.AppPolicy, p =>
        {
            p["roleScopeTagIds"] = new JsonArray("2", "1");
            p["description"] = ((string)p["description"]!).Replace("\n", "\r\n", StringComparison.Ordinal);
            p["targetedMobileApps"] = new JsonArray(((string)p["targetedMobileApps"]![0]!).ToUpperInvariant());
            p["settings"] = new JsonArray([.. p["settings"]!.AsArray().Reverse().Select(s => s!.DeepClone())]);
            p["version"] = 7;
            p["lastModifiedDateTime"] = "2026-02-02T00:00:00Z";
        });
        world.Plan(spec).Drift.ShouldBeEmpty();
    }

    [Fact]
    public void Two_objects_with_our_mark_stop_the_resource_and_are_named()
    {
        var world = new World();
        var spec = Full();
        world.Converge(spec);
        var twin = world.Tenant.Add(TenantCollection.AppConfigurations, "iosMobileAppConfiguration", world.AppPolicy.Properties);
        world.LoseStatus();
        var ended = Should.Throw<VerdictException>(() => world.Plan(spec));
        ended.Verdict.Reason.ShouldBe(Reasons.AmbiguousMatch);
        ended.Message.ShouldContain(twin.Id);
    }

    [Fact]
    public void An_object_of_the_same_name_that_is_not_ours_is_left_alone_unless_the_spec_adopts_it()
    {
        var spec = Full();
        var world = new World();
        world.Converge(spec);
        var stranger = new World();
        stranger.Tenant.Add(TenantCollection.AppConfigurations, "iosMobileAppConfiguration", world.AppPolicy.Properties);
        stranger.Tenant.Change(stranger.Tenant.All.Single(), p => p["description"] = "made by hand");

        stranger.Plan(spec).Plan.Changes.Count(c => c is { Action: ChangeAction.Create, Role: "app-policy" }).ShouldBe(1);
        spec.Adoption = new AdoptionSpec { Mode = AdoptionMode.IfUnique };
        stranger.Plan(spec).Plan.Changes.Count(c => c is { Action: ChangeAction.Adopt, Role: "app-policy" }).ShouldBe(1);
        stranger.Converge(spec);
        stranger.Owned.Single(o => o.Role == "app-policy").Created.ShouldBeFalse();
        stranger.LoseStatus();
        stranger.Converge(spec);
        stranger.Owned.Single(o => o.Role == "app-policy").Created.ShouldBeFalse("an adopted object stays somebody else's work when status is lost");
    }

    private static SmimePolicySpec Full() => new()
    {
        DisplayName = "Outlook",
        Description = "two\nlines",
        Outlook = new OutlookSettings
        {
            LdapUrl = "ldaps://ldap.contoso.com",
            ExtraSettings = [new ExtraSetting { Key = "com.contoso.extra", Type = SettingType.String, Value = "v" }],
        },
        Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs },
        Signing = new SigningSpec { Source = SigningSource.ImportedPkcs },
        TrustedCertificates = [new TrustedCertificateSpec { Name = "root" }],
    };

    /// <summary>A policy and a tenant on paper.</summary>
    private sealed class World
    {
        private const string Cluster = "cluster-1";
        private OwnedObjects _owned = new(null);

        public PaperTenant Tenant { get; } = new();

        public IReadOnlyList<OwnedObject> Owned => _owned.All;

        public TenantObject AppPolicy => Tenant.All.First(o => o.Type == "iosMobileAppConfiguration");

        public void LoseStatus() => _owned = new OwnedObjects(null);

        public PlanningResult Plan(SmimePolicySpec spec) => Plan(spec, out _);

        public void Converge(SmimePolicySpec spec)
        {
            var result = Plan(spec, out var desired);
            for (var round = 0; !result.Plan.IsEmpty; round++)
            {
                round.ShouldBeLessThan(12, "planning and applying must come to an end");
                foreach (var change in result.Plan.NextStage())
                {
                    _owned.Record(new AppliedChange(change, Tenant.Apply(change), "r", null));
                }

                result = Plan(spec, out desired);
            }

            _owned.Settle(result, desired);
        }

        private PlanningResult Plan(SmimePolicySpec spec, out IReadOnlyList<DesiredObject> desired)
        {
            var policy = new SmimePolicy { Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "ns", Uid = "uid" }, Spec = spec };
            // The store app's bundle id is derived by the service from its URL.
            foreach (var made in Tenant.All.Where(o => o.Type == "iosStoreApp").ToList())
            {
                Tenant.Change(made, p => p["bundleId"] = "com.microsoft.Office.Outlook");
            }

            var app = OutlookAppLocator.Locate(spec.App, Tenant.Snapshot, null);
            desired = PolicyDesiredState.Compose(policy, Cluster, new PolicyFacts
            {
                Roots = [.. (spec.TrustedCertificates ?? []).SelectMany(c => TrustedRoots.Place(c.Name, [Root], _ => null))],
                App = app,
                AppIsOurs = app is not null,
                Issuer = DerivedCredentials.Locate(spec, Tenant.Issuers),
            });
            return ObjectPlanner.Plan(new PlanningInput { Desired = desired, Owned = _owned.All, Snapshot = Tenant.Snapshot, Drift = spec.Drift });
        }
    }
}
