namespace SmimeOperator.TenantSimulator.Schema;

/// <summary>What the service has gained since the published schema that <see cref="TypeDescriptions"/> follows.</summary>
internal static class NewerDescriptions
{
    public const string Text = """
        entity certificateConnectorDetails : entity | connectorName:String? machineName:String? enrollmentDateTime:DateTimeOffset
            lastCheckinDateTime:DateTimeOffset connectorVersion:String?
        extend iosMinimumOperatingSystem v16_0:Boolean? v17_0:Boolean? v18_0:Boolean? v26_0:Boolean?
        extend iosStoreAppAssignmentSettings preventManagedAppBackup:Boolean?
        extend iosVppAppAssignmentSettings preventManagedAppBackup:Boolean? preventAutoAppUpdate:Boolean?
        """;
}
