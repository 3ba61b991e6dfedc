using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Reads objects of the tenant as the parts of a spec that would make them. What a part cannot say shows when the spec is planned.</summary>
internal static class SpecReaders
{
    // A manifest cannot say more than the schema takes.
    private const int MostKey = 256;
    private const int MostValue = 4096;
    private const int MostExtra = 128;

    private static readonly Dictionary<string, SettingType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["stringType"] = SettingType.String,
        ["integerType"] = SettingType.Integer,
        ["realType"] = SettingType.Real,
        ["booleanType"] = SettingType.Boolean,
        ["tokenType"] = SettingType.Token,
    };

    /// <summary>Outlook's settings, and the keys that a spec cannot state: these stay in the tenant as they are.</summary>
    public static (OutlookSettings Outlook, IReadOnlyList<string> Left) Outlook(TenantObject policy, UndocumentedSpec? undocumented)
    {
        var settings = SmimeObjects.Settings(policy);
        string?[] elsewhere = [undocumented?.SigningCertificateType?.Key, undocumented?.EncryptionCertificateType?.Key, undocumented?.EndUserNotifications?.Key];
        var own = new HashSet<string>(OwnKeys, StringComparer.Ordinal);
        var others = settings.Where(s => !own.Contains(s.Key) && !elsewhere.Contains(s.Key)).ToList();
        var stated = others.Where(s => s.Key.Length is > 0 and <= MostKey && s.Value.Value.Length <= MostValue && Types.ContainsKey(s.Value.Type)).Take(MostExtra).ToList();
        return (
            new OutlookSettings
            {
                Smime = Switch(settings, "") ?? new SettingWithOverride { Enabled = false, UserChangeAllowed = true },
                SignAllMail = Switch(settings, ".SignAllMail"),
                EncryptAllMail = Switch(settings, ".EncryptAllMail"),
                LdapUrl = settings.TryGetValue(SmimeObjects.SettingsKey + ".LDAPHostName", out var ldap) ? ldap.Value : null,
                DeployCertificatesFromIntune = IsTrue(settings, ".CertsFromIntune", absent: false),
                ExtraSettings = stated.Count == 0 ? null : [.. stated.Select(s => new ExtraSetting { Key = s.Key, Type = Types[s.Value.Type], Value = s.Value.Value })],
            },
            [.. others.Except(stated).Select(s => s.Key)]);
    }

    /// <summary>How users are told of certificates, where the Tenant says how the service keeps it.</summary>
    public static List<EndUserNotification>? Notifications(TenantObject policy, UndocumentedSpec? undocumented)
    {
        if (undocumented?.EndUserNotifications is not { Key: { } key } where || !SmimeObjects.Settings(policy).TryGetValue(key, out var setting))
        {
            return null;
        }

        return setting.Value == where.Both ? [EndUserNotification.CompanyPortal, EndUserNotification.Email]
            : setting.Value == where.CompanyPortal ? [EndUserNotification.CompanyPortal]
            : setting.Value == where.Email ? [EndUserNotification.Email]
            : null;
    }

    public static ScepSpec Scep(TenantObject profile, string rootCertificate) => Issued(profile, new ScepSpec
    {
        ServerUrls = [.. SmimeObjects.Texts(profile, "scepServerUrls").Distinct(StringComparer.OrdinalIgnoreCase)],
        RootCertificate = rootCertificate,
        KeySize = int.TryParse((profile.Text("keySize") ?? "").Replace("size", "", StringComparison.OrdinalIgnoreCase), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? bits : 0,
        KeyUsage = [.. Members<ScepKeyUsage>(profile.Text("keyUsage"))],
        ExtendedKeyUsages = [.. SmimeObjects.Items(profile, "extendedKeyUsages").Select(u => SmimeObjects.Text(u, "objectIdentifier") ?? "").Distinct(StringComparer.Ordinal)],
    });

    public static PkcsSpec Pkcs(TenantObject profile) => Issued(profile, new PkcsSpec
    {
        CertificationAuthority = profile.Text("certificationAuthority") ?? "",
        CertificationAuthorityName = profile.Text("certificationAuthorityName") ?? "",
        CertificateTemplateName = profile.Text("certificateTemplateName") ?? "",
    });

    public static NativeMailSpec NativeMail(TenantObject profile) => new()
    {
        AccountName = profile.Text("accountName") ?? "",
        HostName = profile.Text("hostName") ?? "",
        EmailAddressSource = Member<UserEmailSource>(profile.Text("emailAddressSource")),
        UsernameSource = Member<UserEmailSource>(profile.Text("usernameSource")),
        UseOAuth = SmimeObjects.Flag(profile, "useOAuth"),
        RequireSsl = SmimeObjects.Flag(profile, "requireSsl"),
        RequireSmime = SmimeObjects.Flag(profile, "requireSmime"),
        PerMessageSwitch = SmimeObjects.Flag(profile, "smimeEnablePerMessageSwitch"),
        Signing = MailSwitch(profile, "signingCertificateType", "smimeSigningEnabled", "smimeSigningUserOverrideEnabled", "smimeSigningCertificateUserOverrideEnabled"),
        Encryption = MailSwitch(profile, "encryptionCertificateType", "smimeEncryptByDefaultEnabled", "smimeEncryptByDefaultUserOverrideEnabled", "smimeEncryptionCertificateUserOverrideEnabled"),
    };

    /// <summary>A member of an enum that bears Graph's name; the first where the tenant says something else.</summary>
    public static T Member<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var member) && Enum.IsDefined(member) ? member : default;

    /// <summary>The name that new objects of a policy would begin with: what the tenant calls it, as far as a manifest takes it.</summary>
    public static string DisplayName(TenantObject policy)
    {
        const int Most = 200;
        var name = ManifestText.OneLine(policy.DisplayName ?? "");
        name = name.Length <= Most ? name : name[..(char.IsHighSurrogate(name[Most - 1]) ? Most - 1 : Most)].TrimEnd();
        return name.Length == 0 ? "Outlook S/MIME" : name;
    }

    /// <summary>A scope tag's id as a manifest takes it.</summary>
    public static bool IsScopeTag(string tag) => tag.Length is > 0 and <= 64 && tag.All(char.IsAsciiDigit);

    private static IReadOnlyList<string> OwnKeys { get; } =
    [
        .. new[] { "", ".EncryptAllMail", ".SignAllMail" }.SelectMany<string, string>(k => [SmimeObjects.SettingsKey + k, SmimeObjects.SettingsKey + k + ".UserChangeAllowed"]),
        SmimeObjects.SettingsKey + ".LDAPHostName", SmimeObjects.SettingsKey + ".CertsFromIntune",
    ];

    private static SettingWithOverride? Switch(IReadOnlyDictionary<string, (string Type, string Value)> settings, string key)
    {
        var change = key + ".UserChangeAllowed";
        return settings.ContainsKey(SmimeObjects.SettingsKey + key) || settings.ContainsKey(SmimeObjects.SettingsKey + change)
            ? new SettingWithOverride { Enabled = IsTrue(settings, key, absent: false), UserChangeAllowed = IsTrue(settings, change, absent: true) }
            : null;
    }

    private static bool IsTrue(IReadOnlyDictionary<string, (string Type, string Value)> settings, string key, bool absent) =>
        settings.TryGetValue(SmimeObjects.SettingsKey + key, out var setting) ? setting.Value == "true" : absent;

    private static NativeSmimeSwitch? MailSwitch(TenantObject profile, string type, string enabled, string change, string certificate)
    {
        var isSet = profile.Text(type) is { } text && !string.Equals(text, "none", StringComparison.OrdinalIgnoreCase);
        return isSet || SmimeObjects.Flag(profile, enabled) || SmimeObjects.Flag(profile, change) || SmimeObjects.Flag(profile, certificate)
            ? new NativeSmimeSwitch
            {
                Enabled = SmimeObjects.Flag(profile, enabled),
                UserOverride = SmimeObjects.Flag(profile, change),
                CertificateUserOverride = SmimeObjects.Flag(profile, certificate),
            }
            : null;
    }

    private static T Issued<T>(TenantObject profile, T spec)
        where T : IssuedProfileSpec
    {
        var names = SmimeObjects.Items(profile, "customSubjectAlternativeNames").Select(n => new SubjectAlternativeNameSpec
        {
            Type = Member<SubjectAlternativeNameKind>(SmimeObjects.Text(n, "sanType")),
            Value = SmimeObjects.Text(n, "name") ?? "",
        }).ToList();
        spec.SubjectName = profile.Text("subjectNameFormatString") ?? "";
        spec.SubjectAlternativeNames = names.Count == 0 ? null : names;
        spec.ValidityPeriod = new ValidityPeriod
        {
            Value = SmimeObjects.Number(profile, "certificateValidityPeriodValue") ?? 0,
            Scale = Member<ValidityScale>(profile.Text("certificateValidityPeriodScale")),
        };
        spec.RenewalThresholdPercentage = SmimeObjects.Number(profile, "renewalThresholdPercentage") ?? 0;
        return spec;
    }

    private static IEnumerable<T> Members<T>(string? flags)
        where T : struct, Enum =>
        (flags ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(m => Enum.TryParse<T>(m, ignoreCase: true, out _)).Select(Member<T>).Distinct();
}
