namespace SmimeOperator.Reconciliation;

/// <summary>The parts that objects play for a resource. Stable: they stand in marks and in status.</summary>
internal static class Roles
{
    public const string App = "app";
    public const string AppPolicy = "app-policy";
    public const string EncryptionProfile = "profile/encryption";
    public const string SigningProfile = "profile/signing";

    // Another source is another type, and no object changes its type: each has a role of its own, and the old object goes when the new one is there.
    public const string SigningPkcsProfile = "profile/signing-pkcs";
    public const string SigningScepProfile = "profile/signing-scep";
    public const string DerivedCredentialProfile = "profile/derived-credential";
    public const string NativeMail = "native-mail";
    public const string AndroidApp = "android/app";
    public const string AndroidAppPolicy = "android/app-policy";
    private const string RootPrefix = "root/";
    private const string ReplacedSuffix = "/replaced";

    /// <summary>The roles that can bring signing certificates.</summary>
    public static IReadOnlyList<string> SigningProfiles { get; } = [SigningProfile, SigningPkcsProfile, SigningScepProfile, DerivedCredentialProfile];

    /// <summary>The roles that can bring encryption certificates.</summary>
    public static IReadOnlyList<string> EncryptionProfiles { get; } = [EncryptionProfile, DerivedCredentialProfile];

    public static string Root(string name) => RootPrefix + name;

    /// <summary>The role of a profile of another platform than iOS.</summary>
    public static string On(PlatformTypes platform, string role) => $"{platform.Key}/{role}";

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
