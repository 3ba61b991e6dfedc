using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>How a field is compared. What is not told apart here is drift for ever.</summary>
internal enum FieldKind
{
    /// <summary>Text, compared as it is but for line ends; null and empty are equal.</summary>
    Text,

    /// <summary>An enum member; letter case means nothing.</summary>
    Enum,

    /// <summary>Members of a flags enum, comma-joined; order and letter case mean nothing.</summary>
    Flags,

    /// <summary>A list of ids or texts whose order and letter case mean nothing.</summary>
    Set,

    /// <summary>A list of small objects whose order means nothing; what the service adds to them is left aside.</summary>
    Records,

    /// <summary>Extended key usages by object identifier; what people call them means nothing.</summary>
    Usages,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Base64; shown by length and hash.</summary>
    Binary,

    /// <summary>The settings list of an app configuration, keyed by appConfigKey; other people's keys are left alone.</summary>
    Settings,

    /// <summary>The settings of an Android app in base64, keyed by property; other people's keys are left alone.</summary>
    ManagedConfiguration,
}

/// <summary>What is known of a Graph type: where it lives, how its fields are compared, which of them are fixed at creation or hurt people when changed.</summary>
/// <param name="Type">The type without namespace.</param>
/// <param name="Collection">Where it lives.</param>
/// <param name="Fields">The fields we write.</param>
internal sealed record ObjectShape(string Type, TenantCollection Collection, IReadOnlyDictionary<string, FieldKind> Fields)
{
    /// <summary>Fields that the service fixes at creation; they are neither compared nor sent again.</summary>
    public IReadOnlySet<string> CreateOnly { get; init; } = new HashSet<string>();

    /// <summary>Fields that the service fixes at creation and that matter: another value takes another object.</summary>
    public IReadOnlySet<string> Fixed { get; init; } = new HashSet<string>();

    /// <summary>What changing a field does to people.</summary>
    public IReadOnlyDictionary<string, string> Disruptions { get; init; } = new Dictionary<string, string>();

    /// <summary>What deleting the object does to people.</summary>
    public string? DeletionEffect { get; init; }

    /// <summary>What taking the object from somebody does beyond that it no longer comes.</summary>
    public string? UnassignmentEffect { get; init; }
}

/// <summary>The types that the operator writes. One place a type.</summary>
internal static class ObjectShapes
{
    /// <summary>What deleting a trusted certificate does.</summary>
    public const string DistrustEffect = "devices stop trusting the certificate";

    /// <summary>What changing a trusted certificate does.</summary>
    public const string RetrustEffect = "devices stop trusting the certificate that was there";

    /// <summary>What deleting a profile of imported certificates does.</summary>
    public const string ImportsEndEffect = "imported certificates are no longer delivered to devices";

    public static ObjectShape StoreApp { get; } = new("iosStoreApp", TenantCollection.MobileApps, new Dictionary<string, FieldKind>
    {
        // The spec states nothing of an app but which one it is: what else an app has is its owner's business.
        ["displayName"] = FieldKind.Text,
        ["publisher"] = FieldKind.Text,
        ["appStoreUrl"] = FieldKind.Text,
        ["applicableDeviceType"] = FieldKind.Text,
        ["minimumSupportedOperatingSystem"] = FieldKind.Text,
        ["notes"] = FieldKind.Text,
    })
    {
        CreateOnly = new HashSet<string> { "displayName", "publisher", "appStoreUrl", "applicableDeviceType", "minimumSupportedOperatingSystem", "notes" },
        DeletionEffect = "the app is no longer offered or installed",
    };

    public static ObjectShape TrustedRoot { get; } = new("iosTrustedRootCertificate", TenantCollection.DeviceConfigurations, new Dictionary<string, FieldKind>
    {
        ["displayName"] = FieldKind.Text,
        ["description"] = FieldKind.Text,
        ["roleScopeTagIds"] = FieldKind.Set,
        ["certFileName"] = FieldKind.Text,
        ["trustedRootCertificate"] = FieldKind.Binary,
    })
    {
        Disruptions = new Dictionary<string, string> { ["trustedRootCertificate"] = RetrustEffect },
        DeletionEffect = DistrustEffect,
    };

    public static ObjectShape ImportedPfxProfile { get; } = new("iosImportedPFXCertificateProfile", TenantCollection.DeviceConfigurations, new Dictionary<string, FieldKind>
    {
        ["displayName"] = FieldKind.Text,
        ["description"] = FieldKind.Text,
        ["roleScopeTagIds"] = FieldKind.Set,
        ["intendedPurpose"] = FieldKind.Enum,
    })
    {
        Fixed = new HashSet<string> { "intendedPurpose" },
        DeletionEffect = ImportsEndEffect,
    };

    public static ObjectShape DerivedCredentialProfile { get; } = new("iosDerivedCredentialAuthenticationConfiguration", TenantCollection.DeviceConfigurations, new Dictionary<string, FieldKind>
    {
        ["displayName"] = FieldKind.Text,
        ["description"] = FieldKind.Text,
        ["roleScopeTagIds"] = FieldKind.Set,
    })
    {
        DeletionEffect = "devices no longer use the derived credentials that people fetched",
    };

    public static ObjectShape ScepProfile { get; } = Scep(Issued(new()
    {
        ["scepServerUrls"] = FieldKind.Set,
        ["keySize"] = FieldKind.Enum,
        ["keyUsage"] = FieldKind.Flags,
        ["extendedKeyUsages"] = FieldKind.Usages,
    }));

    public static ObjectShape PkcsProfile { get; } = new("iosPkcsCertificateProfile", TenantCollection.DeviceConfigurations, Issued(new()
    {
        ["certificationAuthority"] = FieldKind.Text,
        ["certificationAuthorityName"] = FieldKind.Text,
        ["certificateTemplateName"] = FieldKind.Text,
    }))
    {
        // Changing the profile leaves the certificates that are there alone (intune.md §11).
        DeletionEffect = "devices lose the signing certificates that the profile brought",
    };

    public static ObjectShape NativeMail { get; } = new("iosEasEmailProfileConfiguration", TenantCollection.DeviceConfigurations, new Dictionary<string, FieldKind>
    {
        ["displayName"] = FieldKind.Text,
        ["description"] = FieldKind.Text,
        ["roleScopeTagIds"] = FieldKind.Set,
        ["accountName"] = FieldKind.Text,
        ["hostName"] = FieldKind.Text,
        ["emailAddressSource"] = FieldKind.Enum,
        ["usernameSource"] = FieldKind.Enum,
        ["signingCertificateType"] = FieldKind.Enum,
        ["encryptionCertificateType"] = FieldKind.Enum,
        ["authenticationMethod"] = FieldKind.Enum,
        ["durationOfEmailToSync"] = FieldKind.Enum,
        ["easServices"] = FieldKind.Flags,
        ["requireSsl"] = FieldKind.Boolean,
        ["useOAuth"] = FieldKind.Boolean,
        ["requireSmime"] = FieldKind.Boolean,
        ["smimeEnablePerMessageSwitch"] = FieldKind.Boolean,
        ["smimeSigningEnabled"] = FieldKind.Boolean,
        ["smimeSigningUserOverrideEnabled"] = FieldKind.Boolean,
        ["smimeSigningCertificateUserOverrideEnabled"] = FieldKind.Boolean,
        ["smimeEncryptByDefaultEnabled"] = FieldKind.Boolean,
        ["smimeEncryptByDefaultUserOverrideEnabled"] = FieldKind.Boolean,
        ["smimeEncryptionCertificateUserOverrideEnabled"] = FieldKind.Boolean,
    })
    {
        CreateOnly = new HashSet<string> { "authenticationMethod", "durationOfEmailToSync", "easServices" },
        DeletionEffect = "devices lose the mail account that the profile set up",
    };

    public static ObjectShape AppPolicy { get; } = new("iosMobileAppConfiguration", TenantCollection.AppConfigurations, new Dictionary<string, FieldKind>
    {
        ["displayName"] = FieldKind.Text,
        ["description"] = FieldKind.Text,
        ["roleScopeTagIds"] = FieldKind.Set,
        ["targetedMobileApps"] = FieldKind.Set,
        ["settings"] = FieldKind.Settings,
    })
    {
        DeletionEffect = "Outlook loses its S/MIME settings",
    };

    public static IReadOnlyList<ObjectShape> All { get; } = [StoreApp, TrustedRoot, ImportedPfxProfile, DerivedCredentialProfile, PkcsProfile, ScepProfile, NativeMail, AppPolicy, .. PlatformShapes.All];

    public static ObjectShape? Of(string type) => All.FirstOrDefault(s => s.Type == type);

    // iOS revokes what a SCEP profile brought whenever the profile is changed, whatever the field (intune.md §11).
    private static ObjectShape Scep(Dictionary<string, FieldKind> fields)
    {
        const string Effect = "iOS revokes the signing certificates that the profile brought";
        return new ObjectShape("iosScepCertificateProfile", TenantCollection.DeviceConfigurations, fields)
        {
            Disruptions = fields.Keys.Append("rootCertificate").ToDictionary(f => f, _ => Effect),
            DeletionEffect = Effect,
            UnassignmentEffect = Effect,
        };
    }

    private static Dictionary<string, FieldKind> Issued(Dictionary<string, FieldKind> own) => new(own)
    {
        ["displayName"] = FieldKind.Text,
        ["description"] = FieldKind.Text,
        ["roleScopeTagIds"] = FieldKind.Set,
        ["certificateStore"] = FieldKind.Enum,
        ["subjectNameFormat"] = FieldKind.Enum,
        ["subjectNameFormatString"] = FieldKind.Text,
        ["customSubjectAlternativeNames"] = FieldKind.Records,
        ["certificateValidityPeriodValue"] = FieldKind.Number,
        ["certificateValidityPeriodScale"] = FieldKind.Enum,
        ["renewalThresholdPercentage"] = FieldKind.Number,
    };
}
