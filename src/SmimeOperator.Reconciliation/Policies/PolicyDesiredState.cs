using Microsoft.Graph.Models;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// What a policy wants in the tenant: a pure function of its spec, the trusted certificates it refers to, and the app that was found.
/// This is where a field of the YAML becomes a field of a request body.
/// </summary>
internal static class PolicyDesiredState
{
    public static IReadOnlyList<DesiredObject> Compose(
        SmimePolicy policy, string clusterId, PolicyFacts facts)
    {
        var spec = policy.Spec;
        var context = new PolicyContext(policy, clusterId);
        var desired = new List<DesiredObject>();
        if (facts.App is null || facts.AppIsOurs)
        {
            desired.Add(App(context));
        }

        desired.AddRange(facts.Roots.Select(r => Root(context, r)));
        if (facts.Issuer is not null)
        {
            desired.Add(DerivedCredentials.Profile(context, facts));
        }

        if (spec.Encryption?.Source == EncryptionSource.ImportedPkcs)
        {
            desired.Add(ImportedPfxProfile(context, Roles.EncryptionProfile, "encryption", "smimeEncryption"));
        }

        switch (spec.Signing)
        {
            case { Source: SigningSource.Scep, Scep: { } scep }:
                desired.Add(IssuedProfiles.Scep(context, scep, facts.Roots));
                break;
            case { Source: SigningSource.ImportedPkcs }:
                desired.Add(ImportedPfxProfile(context, Roles.SigningProfile, "signing", "smimeSigning"));
                break;
            case { Source: SigningSource.Pkcs, Pkcs: { } pkcs }:
                desired.Add(IssuedProfiles.Pkcs(context, pkcs));
                break;
        }

        if (spec.NativeMail is { } mail)
        {
            desired.Add(NativeMailProfile.Compose(context, mail, facts, RoleOf(Roles.SigningProfile), RoleOf(Roles.EncryptionProfile)));
        }

        desired.AddRange(PlatformProfiles.Compose(context, facts.Roots));
        desired.Add(AppPolicy(context, facts));
        return desired;

        // Each source has a role of its own, below that of the purpose.
        string? RoleOf(string purpose) => desired.FirstOrDefault(d => d.Role.StartsWith(purpose, StringComparison.Ordinal))?.Role;
    }

    private static DesiredObject App(PolicyContext context) => context.Object(
        Roles.App, ObjectShapes.StoreApp, StoreApp.DisplayName,
        (mark, current) => new IosStoreApp
        {
            OdataType = "#microsoft.graph.iosStoreApp",
            DisplayName = StoreApp.DisplayName,
            Publisher = StoreApp.Publisher,
            AppStoreUrl = StoreApp.Url,
            Notes = mark.ToString(),
            ApplicableDeviceType = new IosDeviceType { IPad = true, IPhoneAndIPod = true },
            MinimumSupportedOperatingSystem = new IosMinimumOperatingSystem { V140 = true },
        });

    private static DesiredObject Root(PolicyContext context, TrustedRoot root)
    {
        var displayName = $"{context.Spec.DisplayName} - root {root.Label}";
        var desired = context.Object(root.Role, ObjectShapes.TrustedRoot, displayName, (mark, current) => context.Common(mark, displayName, new IosTrustedRootCertificate
        {
            CertFileName = context.TextOf(root.Role, root.Label + ".cer"),
            TrustedRootCertificate = root.Certificate.Der,
        }));
        var entry = Roles.Root(root.Entry);
        return desired with { TakesPlaceOf = role => role == entry || role.StartsWith(entry + "/", StringComparison.Ordinal) };
    }

    private static DesiredObject ImportedPfxProfile(PolicyContext context, string role, string label, string purpose)
    {
        var displayName = context.ProfileName(label);
        var desired = context.Object(role, ObjectShapes.ImportedPfxProfile, displayName, (mark, current) => context.Common(mark, displayName, new IosImportedPfxCertificateProfile
        {
            // Fixed at creation (intune.md §4.2); sending it again would be refused.
            IntendedPurpose = current is null ? purpose : null,
        }));
        return desired with { TakesPlaceOf = (role == Roles.SigningProfile ? Roles.SigningProfiles : Roles.EncryptionProfiles).Contains };
    }

    private static DesiredObject AppPolicy(PolicyContext context, PolicyFacts facts)
    {
        var spec = context.Spec;
        List<AppConfigurationSettingItem> settings = [.. OutlookSettingsComposer.Compose(spec.Outlook), .. UndocumentedSettings.Compose(spec, facts.Undocumented)];
        var desired = context.Object(Roles.AppPolicy, ObjectShapes.AppPolicy, spec.DisplayName, (mark, current) => new IosMobileAppConfiguration
        {
            OdataType = "#microsoft.graph.iosMobileAppConfiguration",
            DisplayName = spec.DisplayName,
            Description = mark.AppendTo(spec.Description),
            TargetedMobileApps = facts.App is null ? null : [facts.App.Id],
            Settings = [.. settings],
            AdditionalData = context.ScopeTags(),
        });
        return desired with
        {
            Keys = [.. settings.Select(s => s.AppConfigKey!)],
            ReservedKeys = OutlookSettingsComposer.OwnKeys,
            AdoptId = spec.Adoption.Id ?? desired.AdoptId,
            Defaults = OutlookSettingsComposer.Defaults,
            KeepForeign = KeepForeignSettings,
        };
    }

    // A PATCH replaces the whole list (intune.md §2.3): what others added there is sent along, so that it is still there afterwards.
    private static void KeepForeignSettings(Entity body, TenantObject current, IReadOnlySet<string> reservedKeys)
    {
        var settings = ((IosMobileAppConfiguration)body).Settings!;
        var ours = settings.Select(s => s.AppConfigKey!).ToHashSet(StringComparer.Ordinal);
        var list = current.Properties.TryGetProperty("settings", out var found) ? found : default;
        settings.AddRange(FieldComparison.Settings(list)
            .Where(s => !ours.Contains(s.Key) && !reservedKeys.Contains(s.Key))
            .Select(s => new AppConfigurationSettingItem
            {
                AppConfigKey = s.Key,
                AppConfigKeyType = Enum.TryParse<MdmAppConfigKeyType>(s.Value.GetProperty("appConfigKeyType").GetString(), true, out var type) ? type : null,
                AppConfigKeyValue = s.Value.GetProperty("appConfigKeyValue").GetString(),
            }));
    }
}
