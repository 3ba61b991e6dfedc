using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>
/// How the iOS app behaves once assigned (Graph iosStoreAppAssignmentSettings, iosVppAppAssignmentSettings). A field that is left out is left alone.
/// </summary>
public sealed record AppSettings
{
    /// <summary>Whether the app goes when the device is removed from management.</summary>
    public bool? UninstallOnDeviceRemoval { get; set; }

    /// <summary>Whether users may remove the app.</summary>
    public bool? IsRemovable { get; set; }

    /// <summary>Whether the app's data is kept out of iCloud backups.</summary>
    public bool? PreventManagedAppBackup { get; set; }

    /// <summary>The id of the VPN configuration that the app uses.</summary>
    [GuidText]
    public string? VpnConfigurationId { get; set; }

    /// <summary>Volume-purchased apps only: licences belong to devices instead of users.</summary>
    public bool? UseDeviceLicensing { get; set; }

    /// <summary>Volume-purchased apps only: the app does not update by itself.</summary>
    public bool? PreventAutoAppUpdate { get; set; }
}
