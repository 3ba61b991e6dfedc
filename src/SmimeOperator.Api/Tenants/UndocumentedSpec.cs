using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>
/// Where the service keeps what Microsoft does not document. Off by default: the tenant's owner reads it from a policy that was made in the
/// portal (docs/outlook-settings.md) and writes it down here, once for all policies.
/// </summary>
public sealed class UndocumentedSpec
{
    /// <summary>The app setting that tells Outlook which kind of profile brings signing certificates.</summary>
    public SigningCertificateTypeSetting? SigningCertificateType { get; set; }

    /// <summary>The app setting that tells Outlook which kind of profile brings encryption certificates.</summary>
    public CertificateTypeSetting? EncryptionCertificateType { get; set; }

    /// <summary>The app setting that says how users are told to fetch their certificates.</summary>
    public NotificationSetting? EndUserNotifications { get; set; }

    /// <summary>
    /// Path from the version's root on by which a profile is bound to the issuer of derived credentials; {id} stands for the issuer's id.
    /// Default: /deviceManagement/derivedCredentials('{id}').
    /// </summary>
    [Length(256), Matches("^/[^?#]*\\{id\\}[^?#]*$", "/deviceManagement/derivedCredentials('{id}')")]
    public string? DerivedCredentialPath { get; set; }
}

/// <summary>An app setting for the kind of a certificate profile. A kind without a value is not written.</summary>
public class CertificateTypeSetting
{
    /// <summary>The key.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string Key { get; set; } = "";

    /// <summary>The type of the value.</summary>
    public SettingType Type { get; set; } = SettingType.String;

    /// <summary>The value for imported PKCS certificates.</summary>
    [Length(256, Min = 1)]
    public string? ImportedPkcs { get; set; }

    /// <summary>The value for derived credentials.</summary>
    [Length(256, Min = 1)]
    public string? DerivedCredential { get; set; }
}

/// <summary>An app setting for the kind of the profile that brings signing certificates. A kind without a value is not written.</summary>
public sealed class SigningCertificateTypeSetting : CertificateTypeSetting
{
    /// <summary>The value for SCEP.</summary>
    [Length(256, Min = 1)]
    public string? Scep { get; set; }

    /// <summary>The value for issued PKCS certificates.</summary>
    [Length(256, Min = 1)]
    public string? Pkcs { get; set; }
}

/// <summary>An app setting for end-user notifications. A choice without a value is not written.</summary>
public sealed class NotificationSetting
{
    /// <summary>The key.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string Key { get; set; } = "";

    /// <summary>The type of the value.</summary>
    public SettingType Type { get; set; } = SettingType.String;

    /// <summary>The value for the Company Portal alone.</summary>
    [Length(256, Min = 1)]
    public string? CompanyPortal { get; set; }

    /// <summary>The value for e-mail alone.</summary>
    [Length(256, Min = 1)]
    public string? Email { get; set; }

    /// <summary>The value for both.</summary>
    [Length(256, Min = 1)]
    public string? Both { get; set; }
}
