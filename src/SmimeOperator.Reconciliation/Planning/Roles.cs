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
    public const string NativeMail = "native-mail";
    public const string AndroidApp = "android/app";
    public const string AndroidAppPolicy = "android/app-policy";
    private const string RootPrefix = "root/";

    public static string Root(string name) => RootPrefix + name;

    /// <summary>The role of a profile of another platform than iOS.</summary>
    public static string On(PlatformTypes platform, string role) => $"{platform.Key}/{role}";

    /// <summary>Whether the role is that of an app: found or made, and shared with others.</summary>
    public static bool IsApp(string role) => role is App or AndroidApp;

    /// <summary>When an object of this role is made.</summary>
    public static ChangeStage StageOf(string role) => role switch
    {
        App => ChangeStage.App,
        NativeMail => ChangeStage.MailProfile,
        AppPolicy or AndroidAppPolicy => ChangeStage.AppPolicy,
        _ when role.StartsWith(RootPrefix, StringComparison.Ordinal) || role.Contains("/" + RootPrefix, StringComparison.Ordinal) => ChangeStage.Roots,
        _ => ChangeStage.Profiles,
    };
}
