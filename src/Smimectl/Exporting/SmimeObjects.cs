using System.Text;
using System.Text.Json;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What an object of the tenant has to do with S/MIME.</summary>
internal enum SmimePart
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Settings of Outlook for iOS.</summary>
    AppPolicy,

    /// <summary>Settings of Outlook for Android.</summary>
    AndroidAppPolicy,

    /// <summary>A profile that issues certificates per device, by SCEP or through the connector.</summary>
    Issuing,

    /// <summary>A profile that delivers imported certificates.</summary>
    Imported,

    /// <summary>A profile of derived credentials.</summary>
    DerivedCredential,

    /// <summary>The native mail app with S/MIME.</summary>
    NativeMail,

    /// <summary>A trusted certificate; whether it is S/MIME's shows only in who refers to it.</summary>
    Root,
}

/// <summary>Tells which objects of a tenant are about S/MIME, from what they say themselves.</summary>
internal static class SmimeObjects
{
    /// <summary>Outlook's S/MIME settings: this key and those below it.</summary>
    public const string SettingsKey = "com.microsoft.outlook.Mail.SMIMEEnabled";

    public const string ScepType = "iosScepCertificateProfile";
    public const string PkcsType = "iosPkcsCertificateProfile";
    public const string RootType = "iosTrustedRootCertificate";
    public const string ImportedType = "iosImportedPFXCertificateProfile";

    private static readonly HashSet<string> SmimeUsages = new(["1.3.6.1.5.5.7.3.4", "2.5.29.37.0"], StringComparer.Ordinal);

    private static readonly string[] MailSwitches =
    [
        "requireSmime", "smimeEnablePerMessageSwitch", "smimeSigningEnabled", "smimeSigningUserOverrideEnabled", "smimeSigningCertificateUserOverrideEnabled",
        "smimeEncryptByDefaultEnabled", "smimeEncryptByDefaultUserOverrideEnabled", "smimeEncryptionCertificateUserOverrideEnabled",
    ];

    /// <summary>The objects that are about S/MIME, and the trusted certificates that these refer to.</summary>
    public static IReadOnlyList<TenantObject> Of(TenantSnapshot snapshot)
    {
        var own = snapshot.All(TenantCollection.AppConfigurations).Concat(snapshot.All(TenantCollection.DeviceConfigurations))
            .Where(o => PartOf(o) is not (SmimePart.None or SmimePart.Root)).ToList();
        var known = own.Select(o => o.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var referred = own.SelectMany(o => o.References.Values).OfType<string>().Where(id => known.Add(id))
            .Select(id => snapshot.Find(TenantCollection.DeviceConfigurations, id)).OfType<TenantObject>();
        return [.. own.Concat(referred.ToList()).OrderBy(o => o.Type, StringComparer.Ordinal).ThenBy(o => o.DisplayName, StringComparer.Ordinal).ThenBy(o => o.Id, StringComparer.Ordinal)];
    }

    public static SmimePart PartOf(TenantObject value) => value.Type switch
    {
        "iosMobileAppConfiguration" => Keys(value).Any(IsSmimeKey) || XmlOf(value).Contains(SettingsKey, StringComparison.Ordinal) ? SmimePart.AppPolicy : SmimePart.None,
        "androidManagedStoreAppConfiguration" => PayloadOf(value).Contains(SettingsKey, StringComparison.Ordinal) ? SmimePart.AndroidAppPolicy : SmimePart.None,
        ScepType => Records(value, "extendedKeyUsages", "objectIdentifier").Any(SmimeUsages.Contains) ? SmimePart.Issuing : SmimePart.None,
        PkcsType => NamesAnAddress(value) ? SmimePart.Issuing : SmimePart.None,
        "iosDerivedCredentialAuthenticationConfiguration" => SmimePart.DerivedCredential,
        "iosEasEmailProfileConfiguration" => MailSwitches.Any(s => Flag(value, s)) || IsSet(value, "signingCertificateType") || IsSet(value, "encryptionCertificateType")
            ? SmimePart.NativeMail : SmimePart.None,
        _ when value.Type.EndsWith("ImportedPFXCertificateProfile", StringComparison.Ordinal) =>
            PurposeOf(value) is "smimeencryption" or "smimesigning" ? SmimePart.Imported : SmimePart.None,
        _ when value.Type.EndsWith("TrustedRootCertificate", StringComparison.Ordinal) => SmimePart.Root,
        _ => SmimePart.None,
    };

    /// <summary>The purpose of imported certificates, in lower case.</summary>
    public static string? PurposeOf(TenantObject value) => value.Text("intendedPurpose")?.ToLowerInvariant();

    public static bool IsSmimeKey(string key) => key == SettingsKey || key.StartsWith(SettingsKey + ".", StringComparison.Ordinal);

    /// <summary>The settings by key; of a key that is there twice the last one counts, as on the device.</summary>
    public static IReadOnlyDictionary<string, (string Type, string Value)> Settings(TenantObject value)
    {
        var settings = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var item in Items(value, "settings"))
        {
            if (Text(item, "appConfigKey") is { } key)
            {
                settings[key] = (Text(item, "appConfigKeyType") ?? "", Text(item, "appConfigKeyValue") ?? "");
            }
        }

        return settings;
    }

    /// <summary>A list of objects.</summary>
    public static IEnumerable<JsonElement> Items(TenantObject value, string list) =>
        value.Properties.TryGetProperty(list, out var found) && found.ValueKind == JsonValueKind.Array
            ? found.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object)
            : [];

    /// <summary>A list of texts.</summary>
    public static IReadOnlyList<string> Texts(TenantObject value, string list) =>
        value.Properties.TryGetProperty(list, out var found) && found.ValueKind == JsonValueKind.Array
            ? [.. found.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!)]
            : [];

    public static bool Flag(TenantObject value, string name) => value.Properties.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.True;

    public static int? Number(TenantObject value, string name) =>
        value.Properties.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number) ? number : null;

    public static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    /// <summary>A type, a name and an id, for people.</summary>
    public static string Describe(TenantObject value) => $"{value.Type} '{value.DisplayName}' ({value.Id})";

    /// <summary>Whose mark an object bears.</summary>
    public static OwnershipMark? MarkOf(TenantObject value) => OwnershipMark.Find(value.MarkedText);

    private static IEnumerable<string> Keys(TenantObject value) => Settings(value).Keys;

    private static IEnumerable<string> Records(TenantObject value, string list, string field) => Items(value, list).Select(i => Text(i, field)).OfType<string>();

    private static bool IsSet(TenantObject value, string name) => value.Text(name) is { } text && !string.Equals(text, "none", StringComparison.OrdinalIgnoreCase);

    // A profile through the connector does not say what its certificates are for; one for mail names the person's address.
    private static bool NamesAnAddress(TenantObject value) =>
        value.Text("subjectNameFormatString")?.Contains("{{EmailAddress}}", StringComparison.OrdinalIgnoreCase) == true
        || Records(value, "customSubjectAlternativeNames", "sanType").Contains("emailAddress", StringComparer.OrdinalIgnoreCase);

    private static string XmlOf(TenantObject value) => Decoded(value.Text("encodedSettingXml"));

    private static string PayloadOf(TenantObject value) => Decoded(value.Text("payloadJson"));

    private static string Decoded(string? base64)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64 ?? ""));
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
