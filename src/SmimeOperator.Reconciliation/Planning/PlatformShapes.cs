using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>A platform beside iOS as its profiles know it: Android Enterprise has one for each kind of enrolment.</summary>
/// <param name="Key">First part of its roles; stable.</param>
/// <param name="Label">As people call it, in names of profiles.</param>
/// <param name="TrustedRoot">The type of its trusted certificates.</param>
/// <param name="ImportedPfx">The type of the profile that delivers imported certificates.</param>
internal sealed record PlatformTypes(string Key, string Label, ObjectShape TrustedRoot, ObjectShape ImportedPfx);

/// <summary>The types of the platforms beside iOS (intune.md §1.2, §4.2; trusted certificates: the types' public reference pages).</summary>
internal static class PlatformShapes
{
    public static PlatformTypes AndroidDeviceOwner { get; } = new(
        "android-device-owner", "Android device owner", Root("androidDeviceOwnerTrustedRootCertificate"), Pfx("androidDeviceOwnerImportedPFXCertificateProfile"));

    public static PlatformTypes AndroidWorkProfile { get; } = new(
        "android-work-profile", "Android work profile", Root("androidForWorkTrustedRootCertificate"), Pfx("androidForWorkImportedPFXCertificateProfile"));

    public static PlatformTypes MacOS { get; } = new("macos", "macOS", Root("macOSTrustedRootCertificate"), Pfx("macOSImportedPFXCertificateProfile"));

    public static PlatformTypes Windows { get; } = new(
        "windows", "Windows", Root("windows81TrustedRootCertificate", "destinationStore"), Pfx("windows10ImportedPFXCertificateProfile", "keyStorageProvider"));

    public static ObjectShape AndroidAppPolicy { get; } = new("androidManagedStoreAppConfiguration", TenantCollection.AppConfigurations, new Dictionary<string, FieldKind>
    {
        ["displayName"] = FieldKind.Text,
        ["description"] = FieldKind.Text,
        ["roleScopeTagIds"] = FieldKind.Set,
        ["targetedMobileApps"] = FieldKind.Set,
        ["packageId"] = FieldKind.Text,
        ["profileApplicability"] = FieldKind.Enum,
        ["payloadJson"] = FieldKind.ManagedConfiguration,
    })
    {
        CreateOnly = new HashSet<string> { "packageId", "profileApplicability" },
        DeletionEffect = "Outlook for Android loses its S/MIME settings",
    };

    public static IReadOnlyList<ObjectShape> All { get; } =
    [
        AndroidAppPolicy,
        .. new[] { AndroidDeviceOwner, AndroidWorkProfile, MacOS, Windows }.SelectMany<PlatformTypes, ObjectShape>(p => [p.TrustedRoot, p.ImportedPfx]),
    ];

    /// <summary>The platform of a Graph type, as its name says it.</summary>
    public static DevicePlatform PlatformOf(string type) =>
        type.StartsWith("android", StringComparison.Ordinal) ? DevicePlatform.Android
        : type.StartsWith("macOS", StringComparison.Ordinal) ? DevicePlatform.MacOS
        : type.StartsWith("windows", StringComparison.Ordinal) ? DevicePlatform.Windows
        : DevicePlatform.IOS;

    private static ObjectShape Root(string type, params ReadOnlySpan<string> more) => new(type, TenantCollection.DeviceConfigurations, Fields(more, new()
    {
        ["certFileName"] = FieldKind.Text,
        ["trustedRootCertificate"] = FieldKind.Binary,
    }))
    {
        Disruptions = new Dictionary<string, string> { ["trustedRootCertificate"] = ObjectShapes.RetrustEffect },
        DeletionEffect = ObjectShapes.DistrustEffect,
    };

    private static ObjectShape Pfx(string type, params ReadOnlySpan<string> more) => new(type, TenantCollection.DeviceConfigurations, Fields(more, new()
    {
        ["intendedPurpose"] = FieldKind.Enum,
        ["certificateValidityPeriodScale"] = FieldKind.Enum,
        ["certificateValidityPeriodValue"] = FieldKind.Number,
        ["renewalThresholdPercentage"] = FieldKind.Number,
        ["subjectNameFormat"] = FieldKind.Enum,
        ["subjectAlternativeNameType"] = FieldKind.Flags,
    }))
    {
        // What is issued has a validity and a subject; the types inherit such fields, and for imported certificates they mean nothing.
        Fixed = new HashSet<string> { "intendedPurpose" },
        CreateOnly = new HashSet<string>
        {
            "certificateValidityPeriodScale", "certificateValidityPeriodValue", "renewalThresholdPercentage", "subjectNameFormat",
            "subjectAlternativeNameType",
        },
        DeletionEffect = ObjectShapes.ImportsEndEffect,
    };

    private static Dictionary<string, FieldKind> Fields(ReadOnlySpan<string> enums, Dictionary<string, FieldKind> own)
    {
        own["displayName"] = FieldKind.Text;
        own["description"] = FieldKind.Text;
        own["roleScopeTagIds"] = FieldKind.Set;
        foreach (var name in enums)
        {
            own[name] = FieldKind.Enum;
        }

        return own;
    }
}
