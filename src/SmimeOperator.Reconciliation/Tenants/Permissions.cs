using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>The application permissions that the operator needs (intune.md §9.5), and those that contain them.</summary>
public static class Permissions
{
    private static readonly (string Needed, string[] Also)[] Read =
    [
        ("DeviceManagementApps.Read.All", ["DeviceManagementApps.ReadWrite.All"]),
        ("DeviceManagementConfiguration.Read.All", ["DeviceManagementConfiguration.ReadWrite.All"]),
        ("User.Read.All", ["User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
        ("Group.Read.All", ["Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
    ];

    /// <summary>Permissions that the operator does not need and others here make use of, and what for.</summary>
    public static IReadOnlyList<(string Name, string Use)> Optional { get; } =
        [("Member.Read.Hidden", "smimectl plan, history and report look into groups with hidden membership")];

    private static readonly (string Needed, string[] Also)[] Write =
    [
        ("DeviceManagementApps.ReadWrite.All", []),
        ("DeviceManagementConfiguration.ReadWrite.All", []),
        Read[2],
        Read[3],
    ];

    /// <summary>Which needed permissions a token carries, and which it lacks.</summary>
    /// <param name="roles">What the token carries.</param>
    /// <param name="mode">Whether the tenant is written to.</param>
    public static (IReadOnlyList<string> Granted, IReadOnlyList<string> Missing) Check(IReadOnlySet<string> roles, TenantMode mode)
    {
        ArgumentNullException.ThrowIfNull(roles);
        var needed = mode == TenantMode.ReadOnly ? Read : Write;
        var granted = needed.SelectMany(n => n.Also.Prepend(n.Needed)).Where(roles.Contains).Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = needed.Where(n => !roles.Contains(n.Needed) && !n.Also.Any(roles.Contains)).Select(n => n.Needed).ToList();
        return (granted, missing);
    }

    /// <summary>Which permissions a token carries that the operator makes no use of. Directory.Read.All may stand for the look-ups of users and groups.</summary>
    /// <param name="roles">What the token carries.</param>
    /// <param name="mode">Whether the tenant is written to.</param>
    public static IReadOnlyList<string> Excessive(IReadOnlySet<string> roles, TenantMode mode)
    {
        ArgumentNullException.ThrowIfNull(roles);
        const string Directory = "Directory.Read.All";
        var used = Read.Concat(mode == TenantMode.ReadOnly ? [] : Write).Select(n => n.Needed).ToHashSet(StringComparer.OrdinalIgnoreCase);
        used.UnionWith(Optional.Select(o => o.Name));
        var looksUp = Read.Where(n => n.Also.Contains(Directory)).Select(n => n.Needed);
        return [.. roles.Where(r => !used.Contains(r) && !(Is(r, Directory) && looksUp.Any(n => !roles.Contains(n)))).Order(StringComparer.Ordinal)];

        static bool Is(string role, string name) => string.Equals(role, name, StringComparison.OrdinalIgnoreCase);
    }
}
