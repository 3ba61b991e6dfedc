using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>The application permissions that the operator needs (intune.md §9.5), and those that contain them.</summary>
internal static class Permissions
{
    private static readonly (string Needed, string[] Also)[] Read =
    [
        ("DeviceManagementApps.Read.All", ["DeviceManagementApps.ReadWrite.All"]),
        ("DeviceManagementConfiguration.Read.All", ["DeviceManagementConfiguration.ReadWrite.All"]),
        ("User.Read.All", ["User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
        ("Group.Read.All", ["Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
    ];

    private static readonly (string Needed, string[] Also)[] Write =
    [
        ("DeviceManagementApps.ReadWrite.All", []),
        ("DeviceManagementConfiguration.ReadWrite.All", []),
        Read[2],
        Read[3],
    ];

    /// <summary>Which needed permissions a token carries, and which it lacks.</summary>
    public static (IReadOnlyList<string> Granted, IReadOnlyList<string> Missing) Check(IReadOnlySet<string> roles, TenantMode mode)
    {
        var needed = mode == TenantMode.ReadOnly ? Read : Write;
        var granted = needed.SelectMany(n => n.Also.Prepend(n.Needed)).Where(roles.Contains).Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = needed.Where(n => !roles.Contains(n.Needed) && !n.Also.Any(roles.Contains)).Select(n => n.Needed).ToList();
        return (granted, missing);
    }
}
