using SmimeOperator.TenantSimulator.Objects;

namespace SmimeOperator.TenantSimulator.Tokens;

/// <summary>Which application permissions open which collection.</summary>
internal static class Permissions
{
    /// <summary>Opens memberships that are hidden; nothing else does.</summary>
    public const string HiddenMembers = "Member.Read.Hidden";

    public static IReadOnlyList<string> Accepted(CollectionKind collection, bool write) => collection switch
    {
        { Area: ServiceArea.Applications } => Intune("DeviceManagementApps", write),
        { Name: "managedDevices" } => Intune("DeviceManagementManagedDevices", write),
        { Area: ServiceArea.DeviceConfiguration } => Intune("DeviceManagementConfiguration", write),
        { Name: "users" } =>
            ["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        { Name: "groups" } =>
            ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        { Name: "devices" } => ["Device.Read.All", "Device.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        _ => ["Organization.Read.All", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    };

    private static string[] Intune(string name, bool write) =>
        write ? [$"{name}.ReadWrite.All"] : [$"{name}.Read.All", $"{name}.ReadWrite.All"];
}
