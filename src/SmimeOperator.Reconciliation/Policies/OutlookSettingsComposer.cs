using Microsoft.Graph.Models;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>Turns the S/MIME settings of a spec into Outlook's app configuration keys (intune.md §1.1).</summary>
internal static class OutlookSettingsComposer
{
    private const string Root = "com.microsoft.outlook.Mail.SMIMEEnabled";
    private const string Override = ".UserChangeAllowed";

    /// <summary>The keys that have a field of their own: a spec without the field means the key is not there.</summary>
    public static IReadOnlySet<string> OwnKeys { get; } = new HashSet<string>
    {
        Root, Root + Override,
        Root + ".EncryptAllMail", Root + ".EncryptAllMail" + Override,
        Root + ".SignAllMail", Root + ".SignAllMail" + Override,
        Root + ".LDAPHostName", Root + ".CertsFromIntune",
    };

    /// <summary>What Outlook takes an absent key for (intune.md §1.1).</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        [Root] = "false",
        [Root + Override] = "true",
        [Root + ".EncryptAllMail"] = "false",
        [Root + ".EncryptAllMail" + Override] = "true",
        [Root + ".SignAllMail"] = "false",
        [Root + ".SignAllMail" + Override] = "true",
        [Root + ".CertsFromIntune"] = "false",
    };

    public static List<AppConfigurationSettingItem> Compose(OutlookSettings outlook) =>
        [.. OwnSettings(outlook), .. (outlook.ExtraSettings ?? []).Select(s => Item(s.Key, TypeOf(s.Type), s.Value))];

    /// <summary>The settings that have a field of their own.</summary>
    public static List<AppConfigurationSettingItem> OwnSettings(OutlookSettings outlook)
    {
        List<AppConfigurationSettingItem> items = [.. Switch(Root, outlook.Smime)];
        if (outlook.EncryptAllMail is { } encrypt)
        {
            items.AddRange(Switch(Root + ".EncryptAllMail", encrypt));
        }

        if (outlook.SignAllMail is { } sign)
        {
            items.AddRange(Switch(Root + ".SignAllMail", sign));
        }

        if (outlook.LdapUrl is { Length: > 0 } ldap)
        {
            items.Add(Item(Root + ".LDAPHostName", MdmAppConfigKeyType.StringType, ldap));
        }

        items.Add(Item(Root + ".CertsFromIntune", MdmAppConfigKeyType.BooleanType, Text(outlook.DeployCertificatesFromIntune)));
        return items;
    }

    private static IEnumerable<AppConfigurationSettingItem> Switch(string key, SettingWithOverride setting) =>
    [
        Item(key, MdmAppConfigKeyType.BooleanType, Text(setting.Enabled)),
        Item(key + Override, MdmAppConfigKeyType.BooleanType, Text(setting.UserChangeAllowed)),
    ];

    public static AppConfigurationSettingItem Item(string key, MdmAppConfigKeyType type, string value) =>
        new() { AppConfigKey = key, AppConfigKeyType = type, AppConfigKeyValue = value };

    // Values are text on the wire, booleans in lower case (intune.md §1.1).
    private static string Text(bool value) => value ? "true" : "false";

    public static MdmAppConfigKeyType TypeOf(SettingType? type) => type switch
    {
        SettingType.Integer => MdmAppConfigKeyType.IntegerType,
        SettingType.Real => MdmAppConfigKeyType.RealType,
        SettingType.Boolean => MdmAppConfigKeyType.BooleanType,
        SettingType.Token => MdmAppConfigKeyType.TokenType,
        _ => MdmAppConfigKeyType.StringType,
    };
}
