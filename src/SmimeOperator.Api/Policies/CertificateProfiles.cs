using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>Where signing certificates come from.</summary>
[CelRule("(self.source == 'Scep') == has(self.scep)", "scep belongs to source Scep, and is needed there", FieldPath = ".scep")]
[CelRule("(self.source == 'Pkcs') == has(self.pkcs)", "pkcs belongs to source Pkcs, and is needed there", FieldPath = ".pkcs")]
[CelRule("self.source == 'DerivedCredential' || !has(self.derivedCredential)",
    "derivedCredential belongs to source DerivedCredential", FieldPath = ".derivedCredential")]
public sealed class SigningSpec
{
    /// <summary>Scep, ImportedPkcs, Pkcs (issued) or DerivedCredential.</summary>
    [Mandatory]
    public SigningSource? Source { get; set; }

    /// <summary>The SCEP profile.</summary>
    public ScepSpec? Scep { get; set; }

    /// <summary>The PKCS profile.</summary>
    public PkcsSpec? Pkcs { get; set; }

    /// <summary>The tenant's derived credential issuer. Without it the only one.</summary>
    public DerivedCredentialSpec? DerivedCredential { get; set; }
}

/// <summary>Where signing certificates come from.</summary>
public enum SigningSource
{
    /// <summary>One for each device, by SCEP.</summary>
    Scep,

    /// <summary>Imported for the user and delivered to each device.</summary>
    ImportedPkcs,

    /// <summary>One for each device, issued through the certificate connector.</summary>
    Pkcs,

    /// <summary>A derived credential on the device.</summary>
    DerivedCredential,
}

/// <summary>Where encryption certificates come from. Never issued per device: mail encrypted to one device could not be read on another.</summary>
[CelRule("self.source in ['ImportedPkcs', 'DerivedCredential']",
    "encryption certificates must be shared by all of a user's devices: use ImportedPkcs or DerivedCredential, not a source that issues one per device")]
[CelRule("self.source == 'DerivedCredential' || !has(self.derivedCredential)",
    "derivedCredential belongs to source DerivedCredential", FieldPath = ".derivedCredential")]
public sealed class EncryptionSpec
{
    /// <summary>ImportedPkcs or DerivedCredential.</summary>
    [Mandatory]
    public EncryptionSource? Source { get; set; }

    /// <summary>The tenant's derived credential issuer. Without it the only one.</summary>
    public DerivedCredentialSpec? DerivedCredential { get; set; }
}

/// <summary>Where encryption certificates come from. Scep and Pkcs are known, so that the refusal can say why.</summary>
public enum EncryptionSource
{
    /// <summary>Imported for the user and delivered to each device.</summary>
    ImportedPkcs,

    /// <summary>A derived credential on the device.</summary>
    DerivedCredential,

    /// <summary>Refused: issued per device.</summary>
    Scep,

    /// <summary>Refused: issued per device.</summary>
    Pkcs,
}

/// <summary>What SCEP and PKCS profiles have in common (Graph iosCertificateProfileBase).</summary>
public abstract class IssuedProfileSpec
{
    // Text with variables in pairs of braces; which variables there are is the service's business, and grows.
    internal const string Variables = "^([^{} ]|\\{\\{[A-Za-z0-9_]+\\}\\})([^{}]|\\{\\{[A-Za-z0-9_]+\\}\\})*$";

    /// <summary>The subject name, with variables such as CN={{UserName}},E={{EmailAddress}}.</summary>
    [Length(512, Min = 1), Matches(Variables, "CN={{UserName}},E={{EmailAddress}}")]
    public string SubjectName { get; set; } = "CN={{UserName}},E={{EmailAddress}}";

    /// <summary>The subject alternative names.</summary>
    [Items(32)]
    public List<SubjectAlternativeNameSpec>? SubjectAlternativeNames { get; set; }

    /// <summary>How long certificates are valid.</summary>
    public ValidityPeriod ValidityPeriod { get; set; } = new();

    /// <summary>Percent of the validity that is left when the device renews.</summary>
    [Between(1, 99)]
    public int RenewalThresholdPercentage { get; set; } = 20;
}

/// <summary>A subject alternative name.</summary>
public sealed class SubjectAlternativeNameSpec
{
    /// <summary>EmailAddress, UserPrincipalName, DomainNameService or UniversalResourceIdentifier.</summary>
    [Mandatory]
    public SubjectAlternativeNameKind? Type { get; set; }

    /// <summary>The name, with variables such as {{EmailAddress}}.</summary>
    [Mandatory, Length(256, Min = 1), Matches(IssuedProfileSpec.Variables, "{{UserPrincipalName}}")]
    public string Value { get; set; } = "";
}

/// <summary>Kinds of subject alternative names (Graph subjectAlternativeNameType).</summary>
public enum SubjectAlternativeNameKind
{
    /// <summary>rfc822Name.</summary>
    EmailAddress,

    /// <summary>The user principal name.</summary>
    UserPrincipalName,

    /// <summary>dNSName.</summary>
    DomainNameService,

    /// <summary>uniformResourceIdentifier.</summary>
    UniversalResourceIdentifier,
}

/// <summary>A length of time as certificate authorities count it. The service takes at most two years.</summary>
[CelRule("!has(self.value) || self.value <= (!has(self.scale) || self.scale == 'Years' ? 2 : self.scale == 'Months' ? 24 : 730)", "a certificate is valid for two years at most: 730 days, 24 months or 2 years")]
public sealed class ValidityPeriod
{
    /// <summary>How many.</summary>
    [Between(1, 730)]
    public int Value { get; set; } = 1;

    /// <summary>Days, Months or Years.</summary>
    public ValidityScale Scale { get; set; } = ValidityScale.Years;
}

/// <summary>Units of a validity period.</summary>
public enum ValidityScale
{
    /// <summary>Days.</summary>
    Days,

    /// <summary>Months.</summary>
    Months,

    /// <summary>Years.</summary>
    Years,
}

/// <summary>A SCEP profile (Graph iosScepCertificateProfile).</summary>
public sealed class ScepSpec : IssuedProfileSpec
{
    /// <summary>The SCEP servers.</summary>
    [Mandatory, SetList, Items(16, Min = 1), Matches("^https?://.+", "https://ndes.contoso.com/certsrv/mscep/mscep.dll"), Length(512)]
    public List<string> ServerUrls { get; set; } = [];

    /// <summary>The entry of trustedCertificates whose certificate the profile is bound to. Without it the only root of all entries.</summary>
    [Length(63, Min = 1)]
    public string? RootCertificate { get; set; }

    /// <summary>Which certificate it is, where several come into question: its SHA-1 thumbprint, 40 hexadecimal digits.</summary>
    [Matches("^[0-9a-fA-F]{40}$", "65f6a90a285bdcb2d57ddd5cc6327d6ef2f31221")]
    public string? RootThumbprint { get; set; }

    /// <summary>Bits of the RSA key: 1024, 2048 or 4096 (iOS 14 and later).</summary>
    [CelRule("self in [1024, 2048, 4096]", "keySize must be 1024, 2048 or 4096")]
    public int KeySize { get; set; } = 2048;

    /// <summary>What the key is for. Signing needs DigitalSignature.</summary>
    [SetList, Items(2, Min = 1)]
    [CelRule("'DigitalSignature' in self", "keyUsage needs DigitalSignature: the certificate is for signing")]
    public List<ScepKeyUsage> KeyUsage { get; set; } = [ScepKeyUsage.DigitalSignature];

    /// <summary>Extended key usages as object identifiers. Default: secure email.</summary>
    [SetList, Items(64, Min = 1), Length(128), Matches("^[0-2](\\.[0-9]+)+$", "1.3.6.1.5.5.7.3.4")]
    public List<string> ExtendedKeyUsages { get; set; } = ["1.3.6.1.5.5.7.3.4"];
}

/// <summary>Key usages of a SCEP profile (Graph keyUsages).</summary>
public enum ScepKeyUsage
{
    /// <summary>digitalSignature.</summary>
    DigitalSignature,

    /// <summary>keyEncipherment.</summary>
    KeyEncipherment,
}

/// <summary>A profile that issues certificates through the connector (Graph iosPkcsCertificateProfile).</summary>
public sealed class PkcsSpec : IssuedProfileSpec
{
    /// <summary>The certification authority's server.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string CertificationAuthority { get; set; } = "";

    /// <summary>The certification authority's name.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string CertificationAuthorityName { get; set; } = "";

    /// <summary>The certificate template.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string CertificateTemplateName { get; set; } = "";
}

/// <summary>Names the tenant's derived credential issuer by name or id; with neither it is the only one.</summary>
[CelRule("!has(self.displayName) || !has(self.id)", "write either displayName or id of the tenant's derived credential issuer, not both")]
public sealed class DerivedCredentialSpec
{
    /// <summary>The issuer's name in the tenant.</summary>
    [Length(256, Min = 1)]
    public string? DisplayName { get; set; }

    /// <summary>The issuer's id in the tenant.</summary>
    [Length(64, Min = 1)]
    public string? Id { get; set; }
}

/// <summary>The native iOS mail profile with S/MIME (Graph iosEasEmailProfileConfiguration).</summary>
public sealed class NativeMailSpec
{
    /// <summary>The account's name as users see it.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string AccountName { get; set; } = "";

    /// <summary>The Exchange server.</summary>
    [Length(253, Min = 1)]
    public string HostName { get; set; } = "outlook.office365.com";

    /// <summary>Where the e-mail address comes from.</summary>
    public UserEmailSource EmailAddressSource { get; set; } = UserEmailSource.PrimarySmtpAddress;

    /// <summary>Where the user name comes from.</summary>
    public UserEmailSource UsernameSource { get; set; } = UserEmailSource.UserPrincipalName;

    /// <summary>Modern authentication. Default true.</summary>
    public bool UseOAuth { get; set; } = true;

    /// <summary>TLS. Default true.</summary>
    public bool RequireSsl { get; set; } = true;

    /// <summary>Signing in the native mail app.</summary>
    public NativeSmimeSwitch? Signing { get; set; }

    /// <summary>Encryption in the native mail app.</summary>
    public NativeSmimeSwitch? Encryption { get; set; }

    /// <summary>Users may choose encryption for each message.</summary>
    public bool PerMessageSwitch { get; set; }

    /// <summary>Mail must be S/MIME (Graph requireSmime).</summary>
    public bool RequireSmime { get; set; }
}

/// <summary>Where a user's address or name comes from (Graph userEmailSource).</summary>
public enum UserEmailSource
{
    /// <summary>The user principal name.</summary>
    UserPrincipalName,

    /// <summary>The primary SMTP address.</summary>
    PrimarySmtpAddress,
}

/// <summary>One S/MIME switch of the native mail app.</summary>
public sealed class NativeSmimeSwitch
{
    /// <summary>Whether it is on.</summary>
    [Mandatory]
    public bool Enabled { get; set; }

    /// <summary>Whether users may change it.</summary>
    public bool UserOverride { get; set; }

    /// <summary>Whether users may choose another certificate.</summary>
    public bool CertificateUserOverride { get; set; }
}
