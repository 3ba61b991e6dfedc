using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Objects;

/// <summary>How the assign action of a collection behaves.</summary>
internal enum AssignStyle
{
    None,
    AppConfiguration,
    DeviceConfiguration,
    App,
}

/// <summary>Which published limits a request counts against.</summary>
internal enum ServiceArea
{
    Applications,
    DeviceConfiguration,
    Directory,
}

/// <summary>A collection of the tenant: where it hangs, what it holds, what clients may do with it.</summary>
internal sealed record CollectionKind(string Name, string Root, string TypeName, ServiceArea Area)
{
    private TypeKind? _type;

    public static IReadOnlyList<CollectionKind> All { get; } =
    [
        new("mobileApps", "deviceAppManagement", "mobileApp", ServiceArea.Applications)
            { Writable = true, Assign = AssignStyle.App, Indexed = ["displayName"] },
        new("mobileAppConfigurations", "deviceAppManagement", "managedDeviceMobileAppConfiguration", ServiceArea.Applications)
            { Writable = true, Assign = AssignStyle.AppConfiguration, Indexed = ["displayName"] },
        new("deviceConfigurations", "deviceManagement", "deviceConfiguration", ServiceArea.DeviceConfiguration)
            { Writable = true, Assign = AssignStyle.DeviceConfiguration, Indexed = ["displayName"] },
        new("userPfxCertificates", "deviceManagement", "userPFXCertificate", ServiceArea.DeviceConfiguration)
            { Writable = true, IsBetaOnly = true, Indexed = ["userPrincipalName", "thumbprint"] },
        new("ndesConnectors", "deviceManagement", "ndesConnector", ServiceArea.DeviceConfiguration) { IsBetaOnly = true },
        new("certificateConnectorDetails", "deviceManagement", "certificateConnectorDetails", ServiceArea.DeviceConfiguration)
            { IsBetaOnly = true },
        new("derivedCredentials", "deviceManagement", "deviceManagementDerivedCredentialSettings", ServiceArea.DeviceConfiguration)
            { Writable = true, IsBetaOnly = true },
        new("assignmentFilters", "deviceManagement", "deviceAndAppManagementAssignmentFilter", ServiceArea.DeviceConfiguration)
            { Writable = true, IsBetaOnly = true },
        new("managedDevices", "deviceManagement", "managedDevice", ServiceArea.DeviceConfiguration),
        new("users", "", "user", ServiceArea.Directory) { Indexed = ["userPrincipalName", "mail", "displayName"] },
        new("groups", "", "group", ServiceArea.Directory) { Indexed = ["displayName", "mail", "mailNickname"] },
        new("devices", "", "device", ServiceArea.Directory) { Indexed = ["displayName"] },
        new("organization", "", "organization", ServiceArea.Directory),
    ];

    public bool Writable { get; init; }

    public bool IsBetaOnly { get; init; }

    public AssignStyle Assign { get; init; }

    /// <summary>String properties whose equality filters must not walk the whole collection.</summary>
    public IReadOnlyList<string> Indexed { get; init; } = [];

    public bool IsDirectory => Area == ServiceArea.Directory;

    public TypeKind Type => _type ??= GraphSchema.Current.Types[TypeName];

    /// <summary>Whether answers must carry @odata.type.</summary>
    public bool IsPolymorphic => Type.IsAbstract;

    public string Path => Root.Length == 0 ? Name : $"{Root}/{Name}";

    public static CollectionKind? Find(string name) =>
        All.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
}
