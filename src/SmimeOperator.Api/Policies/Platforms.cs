using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>A user's other devices: what the policy makes there beside iOS, which it always serves.</summary>
public sealed class PlatformsSpec
{
    /// <summary>Android Enterprise: Outlook's S/MIME settings, imported certificates, trusted certificates.</summary>
    public AndroidPlatform? Android { get; set; }

    /// <summary>macOS: imported certificates, trusted certificates.</summary>
    public MacOSPlatform? MacOS { get; set; }

    /// <summary>Windows 10 and later: imported certificates, trusted certificates.</summary>
    public WindowsPlatform? Windows { get; set; }
}

/// <summary>What every further platform has.</summary>
public abstract class PlatformSpec
{
    /// <summary>Whether the policy's trustedCertificates are delivered there too. Default true.</summary>
    public bool TrustCertificates { get; set; } = true;
}

/// <summary>Android Enterprise.</summary>
public sealed class AndroidPlatform : PlatformSpec
{
    /// <summary>Which enrolments get certificates: DeviceOwner, WorkProfile, or both (the default).</summary>
    [SetList, Items(2, Min = 1)]
    public List<AndroidEnrollment> Enrollments { get; set; } = [AndroidEnrollment.DeviceOwner, AndroidEnrollment.WorkProfile];

    /// <summary>Outlook among the apps that were approved in managed Google Play.</summary>
    public AndroidApp App { get; set; } = new();

    /// <summary>Further settings of the app for Android, as String, Integer, Boolean or Token.</summary>
    [MapList("key"), Items(128)]
    public List<ExtraSetting>? ExtraSettings { get; set; }
}

/// <summary>How an Android Enterprise device is enrolled; profiles are made for each.</summary>
public enum AndroidEnrollment
{
    /// <summary>Fully managed, dedicated, or corporate-owned with a work profile.</summary>
    DeviceOwner,

    /// <summary>Personally owned with a work profile.</summary>
    WorkProfile,
}

/// <summary>An app of managed Google Play; it is found and never created, for its approval is a person's.</summary>
public sealed class AndroidApp
{
    /// <summary>The app's package id; letter case does not matter.</summary>
    [Length(155), Matches("^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)+$", "com.microsoft.office.outlook")]
    public string PackageId { get; set; } = "com.microsoft.office.outlook";

    /// <summary>The app's id in the tenant; it settles which one where several have the package id.</summary>
    [GuidText]
    public string? Id { get; set; }
}

/// <summary>macOS.</summary>
public sealed class MacOSPlatform : PlatformSpec;

/// <summary>Windows 10 and later.</summary>
public sealed class WindowsPlatform : PlatformSpec
{
    /// <summary>Where Windows keeps the imported private keys.</summary>
    public KeyStorageProvider KeyStorageProvider { get; set; } = KeyStorageProvider.UseTpmKspOtherwiseUseSoftwareKsp;
}

/// <summary>Where Windows keeps private keys (Graph keyStorageProviderOption).</summary>
public enum KeyStorageProvider
{
    /// <summary>In the TPM, or in software where there is none.</summary>
    UseTpmKspOtherwiseUseSoftwareKsp,

    /// <summary>In the TPM, or not at all.</summary>
    UseTpmKspOtherwiseFail,

    /// <summary>In Windows Hello for Business, or not at all.</summary>
    UsePassportForWorkKspOtherwiseFail,

    /// <summary>In software.</summary>
    UseSoftwareKsp,
}

/// <summary>A platform as an Assignment names it.</summary>
public enum DevicePlatform
{
    /// <summary>iPhone and iPad.</summary>
    IOS,

    /// <summary>Android Enterprise.</summary>
    Android,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Windows 10 and later.</summary>
    Windows,
}
