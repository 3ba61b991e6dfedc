using SmimeOperator.Api;

namespace Smimectl;

/// <summary>
/// The CEL rules of the custom resource definitions, for where no API server checks them. Keyed by the rule's text, so that a changed
/// rule is noticed; a test holds that none is missing.
/// </summary>
internal static class SpecRules
{
    private const string OutlookKeys = "com.microsoft.outlook.Mail.SMIMEEnabled";

    private static readonly HashSet<string> ReservedKeys = new(
    [
        OutlookKeys, OutlookKeys + ".UserChangeAllowed", OutlookKeys + ".EncryptAllMail", OutlookKeys + ".EncryptAllMail.UserChangeAllowed",
        OutlookKeys + ".SignAllMail", OutlookKeys + ".SignAllMail.UserChangeAllowed", OutlookKeys + ".LDAPHostName", OutlookKeys + ".CertsFromIntune",
    ], StringComparer.Ordinal);

    private static readonly Dictionary<string, Func<object, bool>> Rules = new(StringComparer.Ordinal)
    {
        ["self.credentials.type != 'None' || has(self.endpoint)"] =
            Of<TenantSpec>(s => s.Credentials.Type != CredentialType.None || s.Endpoint is not null),
        ["!has(self.endpoint) || self.endpoint.startsWith('https://') || self.credentials.type == 'None'"] =
            Of<TenantSpec>(s => s.Endpoint is null || s.Endpoint.StartsWith("https://", StringComparison.Ordinal) || s.Credentials.Type == CredentialType.None),
        // A transition rule: the folder that knows the resource's past checks it.
        ["self == oldSelf"] = _ => true,
        ["duration(self) >= duration('1s')"] = Of<string>(s => GoDuration.TryParse(s, out var duration) && duration >= TimeSpan.FromSeconds(1)),
        ["duration(self) >= duration('1m')"] = Of<string>(s => GoDuration.TryParse(s, out var duration) && duration >= TimeSpan.FromMinutes(1)),
        ["self.type == 'None' || has(self.clientId)"] = Of<TenantCredentials>(c => c.Type == CredentialType.None || c.ClientId is not null),
        ["(self.type == 'ClientSecret') == has(self.clientSecretRef)"] =
            Of<TenantCredentials>(c => c.Type == CredentialType.ClientSecret == c.ClientSecretRef is not null),
        ["(self.type == 'ClientCertificate') == has(self.clientCertificateRef)"] =
            Of<TenantCredentials>(c => c.Type == CredentialType.ClientCertificate == c.ClientCertificateRef is not null),
        ["(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)"] =
            Of<LabelRequirement>(r => r.Operator is LabelOperator.In or LabelOperator.NotIn == r.Values is { Count: > 0 }),
        ["has(self.userPrincipalName) != has(self.users)"] =
            Of<CertificateImportSpec>(s => s.UserPrincipalName is not null != s.Users is not null),
        ["has(self.users) || has(self.sourceSelector) || (has(self.sources) && self.sources.size() > 0)"] =
            Of<CertificateImportSpec>(s => s.Users is not null || s.SourceSelector is not null || s.Sources is { Count: > 0 }),
        ["!has(self.users) || (!has(self.sources) && !has(self.sourceSelector))"] =
            Of<CertificateImportSpec>(s => s.Users is null || (s.Sources is null && s.SourceSelector is null)),
        ["[has(self.pkcs12), has(self.tls), has(self.pem)].filter(given, given).size() == 1"] =
            Of<CertificateSourceSpec>(s => new object?[] { s.Pkcs12, s.Tls, s.Pem }.Count(given => given is not null) == 1),
        // One rule text on two types.
        ["!has(self.passwordKey) || !has(self.passwordSecretRef)"] = value => value switch
        {
            Pkcs12Source p => p.PasswordKey is null || p.PasswordSecretRef is null,
            PemSource p => p.PasswordKey is null || p.PasswordSecretRef is null,
            _ => true,
        },
        ["(has(self.group) ? 1 : 0) + (has(self.allUsers) && self.allUsers ? 1 : 0) + (has(self.allDevices) && self.allDevices ? 1 : 0) == 1"] =
            Of<IncludeTarget>(t => (t.Group is not null ? 1 : 0) + (t.AllUsers == true ? 1 : 0) + (t.AllDevices == true ? 1 : 0) == 1),
        // One rule text on two types: groups and filters.
        ["has(self.id) != has(self.displayName)"] = value => value switch
        {
            GroupReference g => g.Id is not null != g.DisplayName is not null,
            FilterReference f => f.Id is not null != f.DisplayName is not null,
            _ => true,
        },
        ["(self.source == 'Scep') == has(self.scep)"] = Of<SigningSpec>(s => s.Source == SigningSource.Scep == s.Scep is not null),
        ["(self.source == 'Pkcs') == has(self.pkcs)"] = Of<SigningSpec>(s => s.Source == SigningSource.Pkcs == s.Pkcs is not null),
        ["self.source == 'DerivedCredential' || !has(self.derivedCredential)"] = value => value switch
        {
            SigningSpec s => s.Source == SigningSource.DerivedCredential || s.DerivedCredential is null,
            EncryptionSpec e => e.Source == EncryptionSource.DerivedCredential || e.DerivedCredential is null,
            _ => true,
        },
        ["self.source in ['ImportedPkcs', 'DerivedCredential']"] =
            Of<EncryptionSpec>(e => e.Source is EncryptionSource.ImportedPkcs or EncryptionSource.DerivedCredential),
        ["self in [1024, 2048, 4096]"] = Of<int>(bits => bits is 1024 or 2048 or 4096),
        ["!has(self.displayName) || !has(self.id)"] = Of<DerivedCredentialSpec>(c => c.Id is null || c.DisplayName is null),
        ["'DigitalSignature' in self"] = Of<List<ScepKeyUsage>>(usages => usages.Contains(ScepKeyUsage.DigitalSignature)),
        ["!has(self.value) || self.value <= (!has(self.scale) || self.scale == 'Years' ? 2 : self.scale == 'Months' ? 24 : 730)"] = Of<ValidityPeriod>(v => v.Value <= v.Scale switch
        {
            ValidityScale.Days => 730,
            ValidityScale.Months => 24,
            _ => 2,
        }),
        ["!has(self.endUserNotifications) || self.outlook.deployCertificatesFromIntune"] =
            Of<SmimePolicySpec>(s => s.EndUserNotifications is null || s.Outlook.DeployCertificatesFromIntune),
        ["!has(self.id) || self.mode == 'Never'"] = Of<AdoptionSpec>(a => a.Id is null || a.Mode == AdoptionMode.Never),
        ["!has(self.id) || !has(self.objects) || self.objects.all(o, o.role != 'app-policy')"] =
            Of<AdoptionSpec>(a => a.Id is null || a.Objects is null || a.Objects.TrueForAll(o => o.Role != "app-policy")),
        ["!has(self.extraSettings) || self.extraSettings.all(s, !(s.key in ['com.microsoft.outlook.Mail.SMIMEEnabled', " +
            "'com.microsoft.outlook.Mail.SMIMEEnabled.UserChangeAllowed', 'com.microsoft.outlook.Mail.SMIMEEnabled.EncryptAllMail', " +
            "'com.microsoft.outlook.Mail.SMIMEEnabled.EncryptAllMail.UserChangeAllowed', 'com.microsoft.outlook.Mail.SMIMEEnabled.SignAllMail', " +
            "'com.microsoft.outlook.Mail.SMIMEEnabled.SignAllMail.UserChangeAllowed', 'com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName', " +
            "'com.microsoft.outlook.Mail.SMIMEEnabled.CertsFromIntune']))"] =
            Of<OutlookSettings>(o => (o.ExtraSettings ?? []).TrueForAll(s => !ReservedKeys.Contains(s.Key))),
    };

    /// <summary>Whether a rule is known here.</summary>
    public static bool Knows(string rule) => Rules.ContainsKey(rule);

    /// <summary>Whether the value obeys the rule.</summary>
    public static bool Holds(string rule, object value) => !Rules.TryGetValue(rule, out var holds) || holds(value);

    private static Func<object, bool> Of<T>(Func<T, bool> holds) => value => holds((T)value);
}
