using Microsoft.Graph.Models;
using SmimeOperator.Api;
using EndUserNotification = SmimeOperator.Api.EndUserNotification;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// The choices of the portal whose place in an app policy nobody documents (intune.md §1.3): written where the Tenant names the setting and
/// a value for the choice, and nowhere else.
/// </summary>
internal static class UndocumentedSettings
{
    /// <summary>The settings for a policy's choices.</summary>
    /// <exception cref="VerdictException">Another field writes the same key.</exception>
    public static IReadOnlyList<AppConfigurationSettingItem> Compose(SmimePolicySpec spec, UndocumentedSpec? where)
    {
        List<AppConfigurationSettingItem> items =
        [
            .. Item(where?.SigningCertificateType?.Key, where?.SigningCertificateType?.Type, ValueOf(where?.SigningCertificateType, spec.Signing?.Source?.ToString())),
            .. Item(where?.EncryptionCertificateType?.Key, where?.EncryptionCertificateType?.Type, ValueOf(where?.EncryptionCertificateType, spec.Encryption?.Source?.ToString())),
            .. Item(where?.EndUserNotifications?.Key, where?.EndUserNotifications?.Type, NotificationValue(spec, where)),
        ];
        var twice = items.Select(i => i.AppConfigKey!)
            .Concat(OutlookSettingsComposer.OwnKeys)
            .Concat((spec.Outlook.ExtraSettings ?? []).Select(s => s.Key))
            .GroupBy(k => k, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? items
            : throw VerdictException.Stalled(Reasons.InvalidSpec,
                $"the app setting {twice.Key} is named twice among the Tenant's spec.undocumented, Outlook's own settings and spec.outlook.extraSettings; leave it in one place");
    }

    /// <summary>Whether the choice of end-user notifications finds its way into the app policy.</summary>
    public static bool WritesNotifications(SmimePolicySpec spec, UndocumentedSpec? where) => NotificationValue(spec, where) is not null;

    private static string? NotificationValue(SmimePolicySpec spec, UndocumentedSpec? where)
    {
        var chosen = spec.EndUserNotifications ?? [];
        return (chosen.Contains(EndUserNotification.CompanyPortal), chosen.Contains(EndUserNotification.Email)) switch
        {
            (true, true) => where?.EndUserNotifications?.Both,
            (true, false) => where?.EndUserNotifications?.CompanyPortal,
            (false, true) => where?.EndUserNotifications?.Email,
            _ => null,
        };
    }

    private static string? ValueOf(CertificateTypeSetting? setting, string? source) => source switch
    {
        nameof(SigningSource.Scep) => (setting as SigningCertificateTypeSetting)?.Scep,
        nameof(SigningSource.Pkcs) => (setting as SigningCertificateTypeSetting)?.Pkcs,
        nameof(SigningSource.ImportedPkcs) => setting?.ImportedPkcs,
        nameof(SigningSource.DerivedCredential) => setting?.DerivedCredential,
        _ => null,
    };

    private static IEnumerable<AppConfigurationSettingItem> Item(string? key, SettingType? type, string? value) =>
        key is null || value is null ? [] : [OutlookSettingsComposer.Item(key, OutlookSettingsComposer.TypeOf(type), value)];
}
