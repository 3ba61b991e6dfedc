using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Graph.Models;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>Outlook for Android: the app, found among those of managed Google Play, and its S/MIME settings (intune.md §1.2).</summary>
internal static class AndroidOutlook
{
    private const string AppType = "androidManagedStoreApp";
    private const string ProductPrefix = "app:";

    /// <summary>Finds the app; null, and why, where it cannot be told.</summary>
    public static (TenantObject? App, Verdict? Problem) Locate(AndroidApp spec, TenantSnapshot snapshot)
    {
        var apps = snapshot.All(TenantCollection.MobileApps).Where(a => a.Type == AppType).ToList();
        if (spec.Id is { } id)
        {
            return apps.Find(a => string.Equals(a.Id, id, StringComparison.OrdinalIgnoreCase)) is { } named
                ? (named, null)
                : (null, Verdict.Waiting(Reasons.NotFoundInTenant,
                    $"spec.platforms.android.app.id: there is no managed Google Play app {id} in the tenant; leave id out to find the app by its package id"));
        }

        var matches = apps.Where(a => string.Equals(PackageOf(a), spec.PackageId, StringComparison.OrdinalIgnoreCase)).ToList();
        return matches.Count switch
        {
            1 => (matches[0], null),
            0 => (null, Verdict.Waiting(Reasons.NotFoundInTenant,
                $"spec.platforms.android.app: no managed Google Play app has the package id {spec.PackageId}; approve it in managed Google Play and synchronise. The other platforms are served")),
            _ => (null, new Verdict(VerdictKind.Stalled, Reasons.AmbiguousMatch,
                $"spec.platforms.android.app: {matches.Count} apps have the package id {spec.PackageId}: {string.Join(", ", matches.Select(m => m.Id).Order(StringComparer.Ordinal))}; name one in id")),
        };
    }

    /// <summary>The settings of the app.</summary>
    /// <param name="context">The policy.</param>
    /// <param name="android">What it says of Android.</param>
    /// <param name="appId">The app; null where it is missing and the settings are there already: the target is then left alone.</param>
    public static DesiredObject AppPolicy(PolicyContext context, AndroidPlatform android, string? appId)
    {
        var spec = context.Spec;
        var name = $"{spec.DisplayName} (Android)";
        var product = ProductPrefix + android.App.PackageId;
        var settings = ManagedConfiguration.Of(product, Properties(spec.Outlook, android.ExtraSettings ?? []));
        var payload = settings.ToPayload();
        var desired = context.Object(Roles.AndroidAppPolicy, PlatformShapes.AndroidAppPolicy, name, (mark, current) => new AndroidManagedStoreAppConfiguration
        {
            DisplayName = name,
            Description = mark.AppendTo(spec.Description),
            TargetedMobileApps = appId is null ? null : [appId],
            PayloadJson = payload,
            PackageId = current is null ? product : null,
            // Both kinds of enrolment; who gets it is the Assignment's.
            ProfileApplicability = current is null ? "default" : null,
            AdditionalData = context.ScopeTags(),
        });
        return desired with
        {
            Keys = [.. settings.Properties.Keys],
            ReservedKeys = OutlookSettingsComposer.OwnKeys,
            KeepForeign = KeepForeign,
            Defaults = OutlookSettingsComposer.Defaults.ToDictionary(d => d.Key, d => "valueBool: " + d.Value),
        };
    }

    // The payload is replaced whole: what others added there is sent along, so that it is still there afterwards.
    private static void KeepForeign(Entity body, TenantObject current, IReadOnlySet<string> reservedKeys)
    {
        var policy = (AndroidManagedStoreAppConfiguration)body;
        var foreign = ManagedConfiguration.Parse(current.Text("payloadJson")).Properties.Where(p => !reservedKeys.Contains(p.Key));
        policy.PayloadJson = ManagedConfiguration.Parse(policy.PayloadJson).With(foreign).ToPayload();
    }

    private static IEnumerable<JsonObject> Properties(OutlookSettings outlook, IEnumerable<ExtraSetting> extra)
    {
        // The same keys as on iOS; extraSettings of spec.outlook are iOS's own.
        foreach (var item in OutlookSettingsComposer.OwnSettings(outlook))
        {
            yield return item.AppConfigKeyType == MdmAppConfigKeyType.BooleanType
                ? new JsonObject { ["key"] = item.AppConfigKey, ["valueBool"] = item.AppConfigKeyValue == "true" }
                : new JsonObject { ["key"] = item.AppConfigKey, ["valueString"] = item.AppConfigKeyValue };
        }

        foreach (var setting in extra)
        {
            yield return Property(setting);
        }
    }

    private static JsonObject Property(ExtraSetting setting)
    {
        if (OutlookSettingsComposer.OwnKeys.Contains(setting.Key))
        {
            throw Invalid(setting, "the key has a field of its own in spec.outlook: use that");
        }

        return setting.Type switch
        {
            SettingType.Boolean when bool.TryParse(setting.Value, out var value) => new JsonObject { ["key"] = setting.Key, ["valueBool"] = value },
            SettingType.Integer when int.TryParse(setting.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) =>
                new JsonObject { ["key"] = setting.Key, ["valueInteger"] = value },
            SettingType.String or SettingType.Token => new JsonObject { ["key"] = setting.Key, ["valueString"] = setting.Value },
            SettingType.Real => throw Invalid(setting, "Android has no settings of type Real: use String, Integer or Boolean"),
            _ => throw Invalid(setting, $"the value is no {setting.Type}"),
        };
    }

    private static VerdictException Invalid(ExtraSetting setting, string why) =>
        VerdictException.Stalled(Reasons.InvalidSpec, $"spec.platforms.android.extraSettings[{setting.Key}]: {why}");

    // The service shows the package id with and without its prefix, in either of two fields.
    private static string? PackageOf(TenantObject app)
    {
        var text = app.Text("packageId") is { Length: > 0 } package ? package : app.Text("appIdentifier");
        return text?.StartsWith(ProductPrefix, StringComparison.OrdinalIgnoreCase) == true ? text[ProductPrefix.Length..] : text;
    }
}
