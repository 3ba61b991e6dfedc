using k8s;
using k8s.Models;
using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>Everything in the tenant that makes S/MIME work in Outlook for iOS.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "smimepolicies")]
[ResourceNames("smimepolicies", "smp")]
[SelectableField(".spec.tenantRef.name")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Drift", ".status.conditions[?(@.type==\"Drifted\")].status")]
[PrinterColumn("Age", ".metadata.creationTimestamp", "date")]
[PrinterColumn("Tenant", ".spec.tenantRef.name", Priority = 1)]
[PrinterColumn("Message", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
public sealed class SmimePolicy : IKubernetesObject<V1ObjectMeta>, ISpec<SmimePolicySpec>, IStatus<SmimePolicyStatus?>
{
    /// <summary>The kind as manifests write it.</summary>
    public const string KubeKind = "SmimePolicy";

    /// <summary>The version of the API that the manifest is written for.</summary>
    public string ApiVersion { get; set; } = ApiGroup.ApiVersion;

    /// <summary>The kind of resource.</summary>
    public string Kind { get; set; } = KubeKind;

    /// <summary>Name, namespace, labels and annotations.</summary>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the tenant is to hold.</summary>
    [Mandatory]
    public SmimePolicySpec Spec { get; set; } = new();

    /// <summary>What the tenant holds.</summary>
    public SmimePolicyStatus? Status { get; set; }
}

/// <summary>What the tenant is to hold.</summary>
[CelRule("!has(self.endUserNotifications) || self.outlook.deployCertificatesFromIntune",
    "endUserNotifications tells users of certificates that come from Intune: set outlook.deployCertificatesFromIntune, or leave it out", FieldPath = ".endUserNotifications")]
public sealed class SmimePolicySpec
{
    /// <summary>The Tenant in which the policy lives.</summary>
    [Mandatory]
    public TenantReference TenantRef { get; set; } = new();

    /// <summary>Name of the app configuration policy, and first part of the profiles' names.</summary>
    [Mandatory, Length(200, Min = 1)]
    public string DisplayName { get; set; } = "";

    /// <summary>Description of the policy and its profiles, before the operator's own mark.</summary>
    [Length(512)]
    public string? Description { get; set; }

    /// <summary>Ids of the scope tags of everything that is made: numbers, as the portal's address shows them. Without it the tenant's default.</summary>
    [SetList, Items(32), Length(64, Min = 1), Matches("^[0-9]+$", "1")]
    public List<string>? RoleScopeTagIds { get; set; }

    /// <summary>The Outlook app that the policy configures.</summary>
    public OutlookApp App { get; set; } = new();

    /// <summary>The S/MIME settings of Outlook.</summary>
    public OutlookSettings Outlook { get; set; } = new();

    /// <summary>Where signing certificates come from. Without it signing is not set up.</summary>
    public SigningSpec? Signing { get; set; }

    /// <summary>Where encryption certificates come from. Without it encryption is not set up.</summary>
    public EncryptionSpec? Encryption { get; set; }

    /// <summary>
    /// How users are told to fetch their certificates. Where the service stores it is not documented: it is written where the Tenant's
    /// spec.undocumented names the setting, and otherwise PrerequisitesMet says that it is not.
    /// </summary>
    [SetList, Items(2, Min = 1)]
    public List<EndUserNotification>? EndUserNotifications { get; set; }

    /// <summary>Root and intermediate certificates that devices are to trust.</summary>
    [MapList("name"), Items(32)]
    public List<TrustedCertificateSpec>? TrustedCertificates { get; set; }

    /// <summary>The native iOS mail profile with S/MIME.</summary>
    public NativeMailSpec? NativeMail { get; set; }

    /// <summary>A user's other devices. Without it the policy serves iOS alone.</summary>
    public PlatformsSpec? Platforms { get; set; }

    /// <summary>Whether status tells what has reached devices. Without it nothing is asked.</summary>
    public DeliverySpec? Delivery { get; set; }

    /// <summary>How drift is dealt with.</summary>
    public DriftSpec Drift { get; set; } = new();

    /// <summary>An object that somebody deleted in the tenant: Recreate (the default, where drift.mode is Correct) or Report, and leave it gone.</summary>
    public ExternalDeletion OnExternalDelete { get; set; } = ExternalDeletion.Recreate;

    /// <summary>Whether objects that exist already are taken over.</summary>
    public AdoptionSpec Adoption { get; set; } = new();

    /// <summary>Delete (the default): what the operator made goes with the resource. Orphan: it stays.</summary>
    public DeletionPolicy DeletionPolicy { get; set; } = DeletionPolicy.Delete;

    /// <summary>Look at nothing and change nothing until this is false again.</summary>
    public bool Suspend { get; set; }
}

/// <summary>The Outlook app that the policy configures.</summary>
public sealed class OutlookApp
{
    /// <summary>The app's bundle id; letter case does not matter.</summary>
    [Length(155, Min = 1)]
    public string BundleId { get; set; } = "com.microsoft.Office.Outlook";

    /// <summary>Store (found, or created from the App Store; the default) or Vpp (found among volume-purchased apps).</summary>
    public AppSource Source { get; set; } = AppSource.Store;

    /// <summary>The app's id in the tenant; it wins over bundleId and source.</summary>
    [GuidText]
    public string? Id { get; set; }
}

/// <summary>Where the app comes from.</summary>
public enum AppSource
{
    /// <summary>The App Store: found, or created.</summary>
    Store,

    /// <summary>Apple's volume purchase program: found; a token sync brings it, nobody can create it.</summary>
    Vpp,
}

/// <summary>The S/MIME settings of Outlook for iOS (app configuration keys com.microsoft.outlook.Mail.SMIMEEnabled and below).</summary>
[CelRule("!has(self.extraSettings) || self.extraSettings.all(s, !(s.key in ['com.microsoft.outlook.Mail.SMIMEEnabled', " +
    "'com.microsoft.outlook.Mail.SMIMEEnabled.UserChangeAllowed', 'com.microsoft.outlook.Mail.SMIMEEnabled.EncryptAllMail', " +
    "'com.microsoft.outlook.Mail.SMIMEEnabled.EncryptAllMail.UserChangeAllowed', 'com.microsoft.outlook.Mail.SMIMEEnabled.SignAllMail', " +
    "'com.microsoft.outlook.Mail.SMIMEEnabled.SignAllMail.UserChangeAllowed', 'com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName', " +
    "'com.microsoft.outlook.Mail.SMIMEEnabled.CertsFromIntune']))",
    "extraSettings names a key that has a field of its own here: use smime, signAllMail, encryptAllMail, ldapUrl or deployCertificatesFromIntune")]
public sealed class OutlookSettings
{
    /// <summary>Whether S/MIME is on.</summary>
    public SettingWithOverride Smime { get; set; } = new() { Enabled = true, UserChangeAllowed = true };

    /// <summary>Whether all mail is signed.</summary>
    public SettingWithOverride? SignAllMail { get; set; }

    /// <summary>Whether all mail is encrypted.</summary>
    public SettingWithOverride? EncryptAllMail { get; set; }

    /// <summary>The LDAP directory for recipients' certificates: ldap(s)://host, with :389 or :636, or the host alone. It must not ask for credentials.</summary>
    [Length(253), Matches("^(ldaps?://)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:(389|636))?$", "ldaps://ldap.contoso.com:636")]
    public string? LdapUrl { get; set; }

    /// <summary>Deploy S/MIME certificates from Intune. Default true.</summary>
    public bool DeployCertificatesFromIntune { get; set; } = true;

    /// <summary>Further settings of the app, written as they stand.</summary>
    [MapList("key"), Items(128)]
    public List<ExtraSetting>? ExtraSettings { get; set; }
}

/// <summary>A switch, and whether users may change it.</summary>
public sealed class SettingWithOverride
{
    /// <summary>Whether it is on.</summary>
    [Mandatory]
    public bool Enabled { get; set; }

    /// <summary>Whether users may change it. Default true, as in the service.</summary>
    public bool UserChangeAllowed { get; set; } = true;
}

/// <summary>One app configuration setting (Graph appConfigurationSettingItem).</summary>
public sealed class ExtraSetting
{
    /// <summary>The key.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string Key { get; set; } = "";

    /// <summary>The type of the value.</summary>
    [Mandatory]
    public SettingType? Type { get; set; }

    /// <summary>The value as text, also for numbers and booleans.</summary>
    [Mandatory, Length(4096)]
    public string Value { get; set; } = "";
}

/// <summary>The type of an app configuration value (Graph mdmAppConfigKeyType).</summary>
public enum SettingType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Real,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A token that the service fills in, such as {{mail}}.</summary>
    Token,
}

/// <summary>How users are told to fetch their certificates.</summary>
public enum EndUserNotification
{
    /// <summary>A push notification by the Company Portal.</summary>
    CompanyPortal,

    /// <summary>An e-mail.</summary>
    Email,
}

/// <summary>Root and intermediate certificates of one file that devices are to trust.</summary>
public sealed class TrustedCertificateSpec
{
    /// <summary>Tells the certificates of a policy apart; part of the profile's name.</summary>
    [Mandatory, Length(63, Min = 1), Matches("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "contoso-root")]
    public string Name { get; set; } = "";

    /// <summary>Where the certificates are: PEM or DER, one or several. Each becomes a profile of its own.</summary>
    [Mandatory]
    public DataReference CertificateRef { get; set; } = new();
}

/// <summary>Whether objects that exist already are taken over.</summary>
[CelRule("!has(self.id) || self.mode == 'Never'", "write either id or mode, not both")]
[CelRule("!has(self.id) || !has(self.objects) || self.objects.all(o, o.role != 'app-policy')", "name the app configuration policy in id or in objects, not in both")]
public sealed class AdoptionSpec
{
    /// <summary>Never (the default), or IfUnique: take over the one object that bears the same name.</summary>
    public AdoptionMode Mode { get; set; } = AdoptionMode.Never;

    /// <summary>Take over the app configuration policy with this id.</summary>
    [GuidText]
    public string? Id { get; set; }

    /// <summary>
    /// Take over exactly these objects, each for the part it plays, as they are: their names and descriptions stay, and only the operator's mark is
    /// added to the description; a SCEP profile gets none, for any change of it revokes certificates. What is taken over is never deleted.
    /// </summary>
    [MapList("role"), Items(512)]
    public List<AdoptedObject>? Objects { get; set; }
}

/// <summary>An object that is taken over as it is.</summary>
public sealed class AdoptedObject
{
    /// <summary>The part that it plays for the policy, as status.objects names it: app-policy, profile/encryption, root/NAME, native-mail, macos/root/NAME.</summary>
    [Mandatory, Length(128, Min = 1), Matches("^[a-z0-9][-a-z0-9./]*$", "app-policy")]
    public string Role { get; set; } = "";

    /// <summary>Its id in the tenant.</summary>
    [Mandatory, GuidText]
    public string Id { get; set; } = "";
}

/// <summary>When an existing object is taken over.</summary>
public enum AdoptionMode
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>When exactly one object bears the same name and nobody owns it.</summary>
    IfUnique,
}

/// <summary>What happens to an object that somebody deleted in the tenant.</summary>
public enum ExternalDeletion
{
    /// <summary>It is made again.</summary>
    Recreate,

    /// <summary>It stays gone and is reported as drift.</summary>
    Report,
}

/// <summary>What the tenant holds.</summary>
public sealed class SmimePolicyStatus : ResourceStatus
{
    /// <summary>What S/MIME needs beside the policy itself, one line a point.</summary>
    [MapList("name"), Items(16)]
    public List<PrerequisiteStatus>? Prerequisites { get; set; }

    /// <summary>What has reached devices; only with spec.delivery.</summary>
    public DeliveryStatus? Delivery { get; set; }

    /// <summary>The parts that are being made: noted before the first request, gone when it is known what became of them. What a killed run left here is looked for before it is made again.</summary>
    [SetList, Items(512)]
    public List<string>? Creating { get; set; }
}
