namespace SmimeOperator.TenantSimulator.Schema;

/// <summary>What the service has beyond the published schema that <see cref="TypeDescriptions"/> follows: newer, or left out there.</summary>
internal static class NewerDescriptions
{
    public const string Text = """
        entity certificateConnectorDetails : entity | connectorName:String? machineName:String? enrollmentDateTime:DateTimeOffset
            lastCheckinDateTime:DateTimeOffset connectorVersion:String?
        enum certificateDestinationStore computerCertStoreRoot computerCertStoreIntermediate userCertStoreIntermediate
        entity androidForWorkTrustedRootCertificate : deviceConfiguration | certFileName:String? trustedRootCertificate:Binary
        entity androidManagedStoreApp : mobileApp | appIdentifier:String? packageId:String? usedLicenseCount:Int32 totalLicenseCount:Int32
        open entity device : directoryObject | accountEnabled:Boolean? deviceId:String? displayName:String? operatingSystem:String?
        entity macOSTrustedRootCertificate : deviceConfiguration | certFileName:String? trustedRootCertificate:Binary
        entity windows81TrustedRootCertificate : deviceConfiguration | certFileName:String? trustedRootCertificate:Binary
            destinationStore:certificateDestinationStore
        extend group visibility:String?
        extend iosMinimumOperatingSystem v16_0:Boolean? v17_0:Boolean? v18_0:Boolean? v26_0:Boolean?
        extend iosStoreAppAssignmentSettings preventManagedAppBackup:Boolean?
        extend iosVppAppAssignmentSettings preventManagedAppBackup:Boolean? preventAutoAppUpdate:Boolean?
        """;
}
