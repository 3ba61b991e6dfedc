namespace SmimeOperator.Reconciliation;

/// <summary>The parts that objects play for a resource. Stable: they stand in marks and in status.</summary>
public static class Roles
{
    /// <summary>The iOS app.</summary>
    public const string App = "app";

    /// <summary>The settings of Outlook for iOS.</summary>
    public const string AppPolicy = "app-policy";

    /// <summary>The profile that delivers imported encryption certificates.</summary>
    public const string EncryptionProfile = "profile/encryption";

    /// <summary>The profile that delivers imported signing certificates.</summary>
    public const string SigningProfile = "profile/signing";

    // Another source is another type, and no object changes its type: each has a role of its own, and the old object goes when the new one is there.

    /// <summary>The profile that issues signing certificates through the connector.</summary>
    public const string SigningPkcsProfile = "profile/signing-pkcs";

    /// <summary>The profile that issues signing certificates by SCEP.</summary>
    public const string SigningScepProfile = "profile/signing-scep";

    /// <summary>The profile of derived credentials, for signing and encryption.</summary>
    public const string DerivedCredentialProfile = "profile/derived-credential";

    /// <summary>The native mail profile.</summary>
    public const string NativeMail = "native-mail";

    /// <summary>The app for Android.</summary>
    public const string AndroidApp = "android/app";

    /// <summary>The settings of Outlook for Android.</summary>
    public const string AndroidAppPolicy = "android/app-policy";
    private const string RootPrefix = "root/";
    private const string ReplacedSuffix = "/replaced";

    /// <summary>The roles that can bring signing certificates.</summary>
    public static IReadOnlyList<string> SigningProfiles { get; } = [SigningProfile, SigningPkcsProfile, SigningScepProfile, DerivedCredentialProfile];

    /// <summary>The roles that can bring encryption certificates.</summary>
    public static IReadOnlyList<string> EncryptionProfiles { get; } = [EncryptionProfile, DerivedCredentialProfile];

    /// <summary>The role of the profile of an entry of trustedCertificates.</summary>
    public static string Root(string name) => RootPrefix + name;

    /// <summary>The role of a profile of another platform than iOS.</summary>
    internal static string On(PlatformTypes platform, string role) => $"{platform.Key}/{role}";

    /// <summary>Whether the role is that of an app: found or made, and shared with others.</summary>
    public static bool IsApp(string role) => role is App or AndroidApp;

    /// <summary>The role of one certificate of a file with several.</summary>
    public static string Root(string name, string thumbprint) => $"{RootPrefix}{name}/{thumbprint}";

    /// <summary>The role, in status only, of an object that another one has taken the place of, and that is still to go.</summary>
    public static string Replaced(string role) => role.EndsWith(ReplacedSuffix, StringComparison.Ordinal) ? role : role + ReplacedSuffix;

    /// <summary>Whether a role in status is that of a replaced object.</summary>
    public static bool IsReplaced(string role) => role.EndsWith(ReplacedSuffix, StringComparison.Ordinal);

    /// <summary>When an object of this role is made.</summary>
    public static ChangeStage StageOf(string role) => role switch
    {
        _ when IsReplaced(role) => StageOf(role[..^ReplacedSuffix.Length]),
        App => ChangeStage.App,
        NativeMail => ChangeStage.MailProfile,
        AppPolicy or AndroidAppPolicy => ChangeStage.AppPolicy,
        _ when role.StartsWith(RootPrefix, StringComparison.Ordinal) || role.Contains("/" + RootPrefix, StringComparison.Ordinal) => ChangeStage.Roots,
        _ => ChangeStage.Profiles,
    };
}
