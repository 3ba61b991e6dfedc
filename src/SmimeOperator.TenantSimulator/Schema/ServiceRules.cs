using System.Collections.Concurrent;

namespace SmimeOperator.TenantSimulator.Schema;

/// <summary>What the schema cannot say: who may set a property, and what a creation has to bring along.</summary>
internal static class ServiceRules
{
    // userPFXCertificate is the exception among the entities: its client chooses both times.
    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal)
    {
        "deviceConfiguration/createdDateTime", "deviceConfiguration/lastModifiedDateTime", "deviceConfiguration/version",
        "deviceConfiguration/supportsScopeTags",
        "managedDeviceMobileAppConfiguration/createdDateTime", "managedDeviceMobileAppConfiguration/lastModifiedDateTime",
        "managedDeviceMobileAppConfiguration/version",
        "mobileApp/createdDateTime", "mobileApp/lastModifiedDateTime", "mobileApp/isAssigned", "mobileApp/publishingState",
        "mobileApp/uploadState", "mobileApp/dependentAppCount", "mobileApp/supersededAppCount", "mobileApp/supersedingAppCount",
        "deviceAndAppManagementAssignmentFilter/createdDateTime", "deviceAndAppManagementAssignmentFilter/lastModifiedDateTime",
    };

    private static readonly string[] Issued =
        ["certificateValidityPeriodScale", "certificateValidityPeriodValue", "renewalThresholdPercentage", "subjectNameFormat"];

    private static readonly Dictionary<string, string[]> Demanded = new(StringComparer.Ordinal)
    {
        ["deviceConfiguration"] = ["displayName"],
        ["managedDeviceMobileAppConfiguration"] = ["displayName"],
        ["iosTrustedRootCertificate"] = ["trustedRootCertificate"],
        ["androidDeviceOwnerTrustedRootCertificate"] = ["trustedRootCertificate"],
        ["androidForWorkTrustedRootCertificate"] = ["trustedRootCertificate"],
        ["macOSTrustedRootCertificate"] = ["trustedRootCertificate"],
        ["windows81TrustedRootCertificate"] = ["trustedRootCertificate", "destinationStore"],
        ["androidManagedStoreAppConfiguration"] = ["packageId", "payloadJson", "profileApplicability", "targetedMobileApps"],
        ["androidCertificateProfileBase"] = [.. Issued],
        ["androidDeviceOwnerCertificateProfileBase"] = [.. Issued],
        ["macOSCertificateProfileBase"] = [.. Issued],
        ["windowsCertificateProfileBase"] = [.. Issued, "keyStorageProvider"],
        ["androidDeviceOwnerImportedPFXCertificateProfile"] = ["intendedPurpose"],
        ["androidForWorkImportedPFXCertificateProfile"] = ["intendedPurpose"],
        ["macOSImportedPFXCertificateProfile"] = ["intendedPurpose"],
        ["windows10ImportedPFXCertificateProfile"] = ["intendedPurpose"],
        ["iosImportedPFXCertificateProfile"] = ["intendedPurpose"],
        ["iosCertificateProfileBase"] = [.. Issued],
        ["iosScepCertificateProfile"] = ["keySize", "keyUsage", "scepServerUrls"],
        ["iosPkcsCertificateProfile"] = ["certificateTemplateName", "certificationAuthority", "certificationAuthorityName"],
        ["iosEasEmailProfileConfiguration"] =
            ["accountName", "hostName", "durationOfEmailToSync", "emailAddressSource", "requireSsl"],
        ["iosStoreApp"] = ["displayName", "publisher", "appStoreUrl", "applicableDeviceType", "minimumSupportedOperatingSystem"],
        ["deviceManagementDerivedCredentialSettings"] = ["displayName", "issuer"],
        ["deviceAndAppManagementAssignmentFilter"] = ["displayName", "platform", "rule"],
        ["userPFXCertificate"] =
        [
            "thumbprint", "intendedPurpose", "userPrincipalName", "startDateTime", "expirationDateTime", "providerName", "keyName",
            "paddingScheme", "encryptedPfxBlob", "encryptedPfxPassword",
        ],
    };

    private static readonly ConcurrentDictionary<TypeKind, HashSet<string>> ReadOnlyByType = new();

    public static bool IsReadOnly(TypeKind type, string property) => ReadOnlyByType.GetOrAdd(type, FindReadOnly).Contains(property);

    /// <summary>Properties that the service works out itself; what a client sends is put aside without a word.</summary>
    public static bool IsComputed(TypeKind type, string property) => type.Name == "iosStoreApp" && property == "bundleId";

    public static IEnumerable<string> DemandedOnCreate(TypeKind type)
    {
        for (var t = type; t is not null; t = t.Base)
        {
            foreach (var name in Demanded.GetValueOrDefault(t.Name, []))
            {
                yield return name;
            }
        }
    }

    /// <summary>Properties that are fixed at creation.</summary>
    public static bool IsFixed(TypeKind type, string property) =>
        (type.Name.EndsWith("ImportedPFXCertificateProfile", StringComparison.Ordinal) && property == "intendedPurpose")
        || (type.Name == "androidManagedStoreAppConfiguration" && property == "packageId")
        || (type.Name == "iosStoreApp" && property == "appStoreUrl");

    private static HashSet<string> FindReadOnly(TypeKind type)
    {
        var result = new HashSet<string>(StringComparer.Ordinal);
        for (var t = type; t is not null; t = t.Base)
        {
            result.UnionWith(t.OwnProperties.Select(p => p.Name).Where(p => ReadOnly.Contains($"{t.Name}/{p}")));
        }

        return result;
    }
}
