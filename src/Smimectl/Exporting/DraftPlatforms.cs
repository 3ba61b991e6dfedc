using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>A kind of device beside iOS as profiles know it.</summary>
/// <param name="Key">First part of its roles.</param>
/// <param name="Platform">The platform in a spec.</param>
/// <param name="RootType">The type of its trusted certificates.</param>
/// <param name="ImportedType">The type of its profiles of imported certificates.</param>
internal sealed record DraftPlatform(string Key, DevicePlatform Platform, string RootType, string ImportedType);

/// <summary>The other platforms of a draft. A policy states what it makes on all of them alike, so one is stated whole or not at all.</summary>
internal static class DraftPlatforms
{
    private const string WorkProfile = "android-work-profile";
    private const string DeviceOwner = "android-device-owner";

    public static IReadOnlyList<DraftPlatform> All { get; } =
    [
        new(DeviceOwner, DevicePlatform.Android, "androidDeviceOwnerTrustedRootCertificate", "androidDeviceOwnerImportedPFXCertificateProfile"),
        new(WorkProfile, DevicePlatform.Android, "androidForWorkTrustedRootCertificate", "androidForWorkImportedPFXCertificateProfile"),
        new("macos", DevicePlatform.MacOS, "macOSTrustedRootCertificate", "macOSImportedPFXCertificateProfile"),
        new("windows", DevicePlatform.Windows, "windows81TrustedRootCertificate", "windows10ImportedPFXCertificateProfile"),
    ];

    /// <summary>The platform that a role belongs to; null for iOS.</summary>
    public static DevicePlatform? GroupOf(string role) => role == Roles.AndroidAppPolicy
        ? DevicePlatform.Android
        : All.FirstOrDefault(p => role.StartsWith(p.Key + "/", StringComparison.Ordinal))?.Platform;

    /// <summary>The platform of an object, as its type says it.</summary>
    public static DevicePlatform PlatformOf(TenantObject value) =>
        value.Type.StartsWith("android", StringComparison.Ordinal) ? DevicePlatform.Android
        : value.Type.StartsWith("macOS", StringComparison.Ordinal) ? DevicePlatform.MacOS
        : value.Type.StartsWith("windows", StringComparison.Ordinal) ? DevicePlatform.Windows
        : DevicePlatform.IOS;

    /// <summary>The parts that a policy wants played on a platform.</summary>
    public static IEnumerable<string> Expected(PolicyDraft draft, DraftPlatform platform, bool trusts) =>
        new[] { Roles.EncryptionProfile, Roles.SigningProfile }.Where(draft.Has)
            .Concat(trusts ? draft.Roots.Keys.Select(Roles.Root) : [])
            .Select(r => $"{platform.Key}/{r}");

    /// <summary>Whether any trusted certificate is delivered on a platform.</summary>
    public static bool Trusts(PolicyDraft draft, DevicePlatform platform) =>
        draft.Objects.Keys.Any(r => GroupOf(r) == platform && r.Contains("/" + Roles.Root(""), StringComparison.Ordinal));

    /// <summary>What is missing for a platform to be stated whole; null where nothing is.</summary>
    public static string? Missing(PolicyDraft draft, DevicePlatform platform)
    {
        if (platform == DevicePlatform.Android && !draft.Has(Roles.AndroidAppPolicy))
        {
            return "settings of Outlook for Android";
        }

        var trusts = Trusts(draft, platform);
        var served = Served(draft, platform);
        if (served.Count == 0)
        {
            return All.Any(p => p.Platform == platform && Expected(draft, p, trusts).Any()) ? "profiles of the kinds that the policy has for iOS" : null;
        }

        return served.SelectMany(p => Expected(draft, p, trusts)).FirstOrDefault(r => !draft.Has(r));
    }

    public static PlatformsSpec? Spec(PolicyDraft draft)
    {
        var platforms = draft.Objects.Keys.Select(GroupOf).OfType<DevicePlatform>().ToHashSet();
        return platforms.Count == 0 ? null : new PlatformsSpec
        {
            Android = platforms.Contains(DevicePlatform.Android) ? Android(draft) : null,
            MacOS = platforms.Contains(DevicePlatform.MacOS) ? new MacOSPlatform { TrustCertificates = Trusts(draft, DevicePlatform.MacOS) } : null,
            Windows = platforms.Contains(DevicePlatform.Windows)
                ? new WindowsPlatform { TrustCertificates = Trusts(draft, DevicePlatform.Windows), KeyStorageProvider = KeyStorage(draft) }
                : null,
        };
    }

    private static AndroidPlatform Android(PolicyDraft draft)
    {
        var served = Served(draft, DevicePlatform.Android);
        var app = new AndroidApp { Id = draft.AndroidApp?.Id };
        app.PackageId = draft.AndroidApp is { } found && PackageOf(found) is { Length: > 0 } package ? package : app.PackageId;
        return new AndroidPlatform
        {
            TrustCertificates = Trusts(draft, DevicePlatform.Android),
            Enrollments = served.Count == 0
                ? [AndroidEnrollment.DeviceOwner, AndroidEnrollment.WorkProfile]
                : [.. served.Select(p => p.Key == WorkProfile ? AndroidEnrollment.WorkProfile : AndroidEnrollment.DeviceOwner)],
            App = app,
        };
    }

    private static string? PackageOf(TenantObject app)
    {
        const string Prefix = "app:";
        var text = app.Text("packageId") is { Length: > 0 } package ? package : app.Text("appIdentifier");
        return text?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true ? text[Prefix.Length..] : text;
    }

    private static KeyStorageProvider KeyStorage(PolicyDraft draft)
    {
        var profile = draft.Objects.FirstOrDefault(o => o.Key.StartsWith("windows/profile/", StringComparison.Ordinal)).Value;
        return profile is null ? default : SpecReaders.Member<KeyStorageProvider>(profile.Text("keyStorageProvider"));
    }

    private static List<DraftPlatform> Served(PolicyDraft draft, DevicePlatform platform) =>
        [.. All.Where(p => p.Platform == platform && draft.Objects.Keys.Any(r => r.StartsWith(p.Key + "/", StringComparison.Ordinal)))];
}
