namespace SmimeOperator.TenantSimulator.Schema;

/// <summary>The types. A question mark: nullable; brackets: a collection; ->: a reference; =>: contained objects.</summary>
internal static class TypeDescriptions
{
    public const string Text = """
        complex allDevicesAssignmentTarget : deviceAndAppManagementAssignmentTarget
        complex allLicensedUsersAssignmentTarget : deviceAndAppManagementAssignmentTarget
        complex androidDeviceOwnerSilentCertificateAccess | packageId:String
        complex androidPermissionAction | action:androidPermissionActionType permission:String?
        complex appConfigurationSettingItem | appConfigKey:String appConfigKeyType:mdmAppConfigKeyType appConfigKeyValue:String
        complex customSubjectAlternativeName | name:String? sanType:subjectAlternativeNameType
        abstract complex deviceAndAppManagementAssignmentTarget | deviceAndAppManagementAssignmentFilterId:String?
            deviceAndAppManagementAssignmentFilterType:deviceAndAppManagementAssignmentFilterType
        complex deviceManagementApplicabilityRuleDeviceMode | deviceMode:windows10DeviceModeType name:String?
            ruleType:deviceManagementApplicabilityRuleType
        complex deviceManagementApplicabilityRuleOsEdition | name:String? osEditionTypes:[windows10EditionType]
            ruleType:deviceManagementApplicabilityRuleType
        complex deviceManagementApplicabilityRuleOsVersion | maxOSVersion:String? minOSVersion:String? name:String?
            ruleType:deviceManagementApplicabilityRuleType
        complex exclusionGroupAssignmentTarget : groupAssignmentTarget
        complex extendedKeyUsage | name:String? objectIdentifier:String?
        complex groupAssignmentTarget : deviceAndAppManagementAssignmentTarget | groupId:String?
        complex iosDeviceType | iPad:Boolean iPhoneAndIPod:Boolean
        complex iosMinimumOperatingSystem | v10_0:Boolean v11_0:Boolean v12_0:Boolean v13_0:Boolean v14_0:Boolean v15_0:Boolean
            v8_0:Boolean v9_0:Boolean
        complex iosStoreAppAssignmentSettings : mobileAppAssignmentSettings | isRemovable:Boolean? uninstallOnDeviceRemoval:Boolean?
            vpnConfigurationId:String?
        complex iosVppAppAssignmentSettings : mobileAppAssignmentSettings | isRemovable:Boolean? uninstallOnDeviceRemoval:Boolean?
            useDeviceLicensing:Boolean vpnConfigurationId:String?
        complex iosVppAppRevokeLicensesActionResult | actionFailureReason:vppTokenActionFailureReason actionName:String?
            actionState:actionState failedLicensesCount:Int32 lastUpdatedDateTime:DateTimeOffset managedDeviceId:String?
            startDateTime:DateTimeOffset totalLicensesCount:Int32 userId:String?
        complex mimeContent | type:String? value:Binary?
        abstract complex mobileAppAssignmentSettings
        complex verifiedDomain | capabilities:String? isDefault:Boolean? isInitial:Boolean? name:String? type:String?
        complex vppLicensingType | supportDeviceLicensing:Boolean supportsDeviceLicensing:Boolean supportsUserLicensing:Boolean
            supportUserLicensing:Boolean
        abstract entity androidCertificateProfileBase : deviceConfiguration |
            certificateValidityPeriodScale:certificateValidityPeriodScale certificateValidityPeriodValue:Int32
            extendedKeyUsages:[extendedKeyUsage] renewalThresholdPercentage:Int32 subjectAlternativeNameType:subjectAlternativeNameType
            subjectNameFormat:subjectNameFormat rootCertificate->androidTrustedRootCertificate
        abstract entity androidDeviceOwnerCertificateProfileBase : deviceConfiguration |
            certificateValidityPeriodScale:certificateValidityPeriodScale certificateValidityPeriodValue:Int32
            extendedKeyUsages:[extendedKeyUsage] renewalThresholdPercentage:Int32 subjectAlternativeNameType:subjectAlternativeNameType?
            subjectNameFormat:subjectNameFormat? rootCertificate->androidDeviceOwnerTrustedRootCertificate
        entity androidDeviceOwnerImportedPFXCertificateProfile : androidDeviceOwnerCertificateProfileBase |
            certificateAccessType:androidDeviceOwnerCertificateAccessType? intendedPurpose:intendedPurpose
            silentCertificateAccessDetails:[androidDeviceOwnerSilentCertificateAccess]?
            managedDeviceCertificateStates->[managedDeviceCertificateState]
        entity androidDeviceOwnerTrustedRootCertificate : deviceConfiguration | certFileName:String? trustedRootCertificate:Binary
        entity androidForWorkImportedPFXCertificateProfile : androidCertificateProfileBase | intendedPurpose:intendedPurpose
            managedDeviceCertificateStates->[managedDeviceCertificateState]
        entity androidManagedStoreAppConfiguration : managedDeviceMobileAppConfiguration | appSupportsOemConfig:Boolean
            connectedAppsEnabled:Boolean packageId:String? payloadJson:String? permissionActions:[androidPermissionAction]?
            profileApplicability:androidProfileApplicability
        entity androidTrustedRootCertificate : deviceConfiguration | certFileName:String? trustedRootCertificate:Binary
        entity deviceAndAppManagementAssignmentFilter : entity | createdDateTime:DateTimeOffset description:String? displayName:String
            lastModifiedDateTime:DateTimeOffset platform:devicePlatformType roleScopeTags:[String]? rule:String
        entity deviceAppManagement : entity | mobileAppConfigurations=>[managedDeviceMobileAppConfiguration] mobileApps=>[mobileApp]
        abstract entity deviceConfiguration : entity | createdDateTime:DateTimeOffset description:String?
            deviceManagementApplicabilityRuleDeviceMode:deviceManagementApplicabilityRuleDeviceMode?
            deviceManagementApplicabilityRuleOsEdition:deviceManagementApplicabilityRuleOsEdition?
            deviceManagementApplicabilityRuleOsVersion:deviceManagementApplicabilityRuleOsVersion? displayName:String
            lastModifiedDateTime:DateTimeOffset roleScopeTagIds:[String]? supportsScopeTags:Boolean version:Int32
            assignments=>[deviceConfigurationAssignment] deviceStatuses=>[deviceConfigurationDeviceStatus]
            deviceStatusOverview=>deviceConfigurationDeviceOverview userStatuses=>[deviceConfigurationUserStatus]
            userStatusOverview=>deviceConfigurationUserOverview
        entity deviceConfigurationAssignment : entity | intent:deviceConfigAssignmentIntent?
            source:deviceAndAppManagementAssignmentSource sourceId:String? target:deviceAndAppManagementAssignmentTarget?
        entity deviceConfigurationDeviceOverview : entity | configurationVersion:Int32 conflictCount:Int32 errorCount:Int32
            failedCount:Int32 lastUpdateDateTime:DateTimeOffset notApplicableCount:Int32 notApplicablePlatformCount:Int32
            pendingCount:Int32 successCount:Int32
        entity deviceConfigurationDeviceStatus : entity | complianceGracePeriodExpirationDateTime:DateTimeOffset
            deviceDisplayName:String? deviceModel:String? lastReportedDateTime:DateTimeOffset platform:Int32 status:complianceStatus
            userName:String? userPrincipalName:String?
        entity deviceConfigurationUserOverview : entity | configurationVersion:Int32 conflictCount:Int32 errorCount:Int32
            failedCount:Int32 lastUpdateDateTime:DateTimeOffset notApplicableCount:Int32 pendingCount:Int32 successCount:Int32
        entity deviceConfigurationUserStatus : entity | devicesCount:Int32 lastReportedDateTime:DateTimeOffset status:complianceStatus
            userDisplayName:String? userPrincipalName:String?
        entity deviceManagement : entity | assignmentFilters=>[deviceAndAppManagementAssignmentFilter]
            derivedCredentials=>[deviceManagementDerivedCredentialSettings] deviceConfigurations=>[deviceConfiguration]
            managedDevices=>[managedDevice] ndesConnectors=>[ndesConnector] userPfxCertificates=>[userPFXCertificate]
        entity deviceManagementDerivedCredentialSettings : entity | displayName:String helpUrl:String?
            issuer:deviceManagementDerivedCredentialIssuer notificationType:deviceManagementDerivedCredentialNotificationType
            renewalThresholdPercentage:Int32
        open entity directoryObject : entity | deletedDateTime:DateTimeOffset?
        abstract entity easEmailProfileConfigurationBase : deviceConfiguration | customDomainName:String?
            userDomainNameSource:domainNameSource? usernameAADSource:usernameSource? usernameSource:userEmailSource
        abstract entity entity | id:String
        open entity group : directoryObject | description:String? displayName:String? groupTypes:[String] mail:String?
            mailEnabled:Boolean? mailNickname:String? membershipRule:String? securityEnabled:Boolean?
        abstract entity iosCertificateProfile : deviceConfiguration
        abstract entity iosCertificateProfileBase : iosCertificateProfile |
            certificateValidityPeriodScale:certificateValidityPeriodScale certificateValidityPeriodValue:Int32
            renewalThresholdPercentage:Int32 subjectAlternativeNameType:subjectAlternativeNameType?
            subjectNameFormat:appleSubjectNameFormat
        entity iosDerivedCredentialAuthenticationConfiguration : deviceConfiguration |
            derivedCredentialSettings->deviceManagementDerivedCredentialSettings
        entity iosEasEmailProfileConfiguration : easEmailProfileConfigurationBase | accountName:String
            authenticationMethod:easAuthenticationMethod? blockMovingMessagesToOtherEmailAccounts:Boolean?
            blockSendingEmailFromThirdPartyApps:Boolean? blockSyncingRecentlyUsedEmailAddresses:Boolean?
            durationOfEmailToSync:emailSyncDuration easServices:easServices? easServicesUserOverrideEnabled:Boolean?
            emailAddressSource:userEmailSource encryptionCertificateType:emailCertificateType? hostName:String
            perAppVPNProfileId:String? requireSmime:Boolean? requireSsl:Boolean signingCertificateType:emailCertificateType?
            smimeEnablePerMessageSwitch:Boolean? smimeEncryptByDefaultEnabled:Boolean? smimeEncryptByDefaultUserOverrideEnabled:Boolean?
            smimeEncryptionCertificateUserOverrideEnabled:Boolean? smimeSigningCertificateUserOverrideEnabled:Boolean?
            smimeSigningEnabled:Boolean? smimeSigningUserOverrideEnabled:Boolean? useOAuth:Boolean?
            derivedCredentialSettings->deviceManagementDerivedCredentialSettings identityCertificate->iosCertificateProfileBase
            smimeEncryptionCertificate->iosCertificateProfile smimeSigningCertificate->iosCertificateProfile
        entity iosImportedPFXCertificateProfile : iosCertificateProfile | intendedPurpose:intendedPurpose
            managedDeviceCertificateStates->[managedDeviceCertificateState]
        entity iosMobileAppConfiguration : managedDeviceMobileAppConfiguration | encodedSettingXml:Binary?
            settings:[appConfigurationSettingItem]?
        entity iosPkcsCertificateProfile : iosCertificateProfileBase | certificateStore:certificateStore? certificateTemplateName:String
            certificationAuthority:String certificationAuthorityName:String
            customSubjectAlternativeNames:[customSubjectAlternativeName]? subjectAlternativeNameFormatString:String?
            subjectNameFormatString:String? managedDeviceCertificateStates->[managedDeviceCertificateState]
        entity iosScepCertificateProfile : iosCertificateProfileBase | certificateStore:certificateStore?
            customSubjectAlternativeNames:[customSubjectAlternativeName]? extendedKeyUsages:[extendedKeyUsage] keySize:keySize
            keyUsage:keyUsages scepServerUrls:[String]? subjectAlternativeNameFormatString:String? subjectNameFormatString:String?
            managedDeviceCertificateStates->[managedDeviceCertificateState] rootCertificate->iosTrustedRootCertificate
        entity iosStoreApp : mobileApp | applicableDeviceType:iosDeviceType appStoreUrl:String? bundleId:String?
            minimumSupportedOperatingSystem:iosMinimumOperatingSystem?
        entity iosTrustedRootCertificate : deviceConfiguration | certFileName:String? trustedRootCertificate:Binary
        entity iosVppApp : mobileApp | applicableDeviceType:iosDeviceType? appStoreUrl:String? bundleId:String?
            licensingType:vppLicensingType? releaseDateTime:DateTimeOffset?
            revokeLicenseActionResults:[iosVppAppRevokeLicensesActionResult]? totalLicenseCount:Int32 usedLicenseCount:Int32
            vppTokenAccountType:vppTokenAccountType vppTokenAppleId:String? vppTokenId:String? vppTokenOrganizationName:String?
        abstract entity macOSCertificateProfileBase : deviceConfiguration |
            certificateValidityPeriodScale:certificateValidityPeriodScale certificateValidityPeriodValue:Int32
            renewalThresholdPercentage:Int32 subjectAlternativeNameType:subjectAlternativeNameType?
            subjectNameFormat:appleSubjectNameFormat
        entity macOSImportedPFXCertificateProfile : macOSCertificateProfileBase | intendedPurpose:intendedPurpose
            managedDeviceCertificateStates->[managedDeviceCertificateState]
        abstract entity managedApp : mobileApp | appAvailability:managedAppAvailability version:String?
        entity managedDevice : entity | complianceState:complianceState deviceEnrollmentType:deviceEnrollmentType deviceName:String?
            lastSyncDateTime:DateTimeOffset managementState:managementState operatingSystem:String? osVersion:String? userId:String?
            userPrincipalName:String?
        entity managedDeviceCertificateState : entity | certificateEnhancedKeyUsage:String? certificateErrorCode:Int32
            certificateExpirationDateTime:DateTimeOffset certificateIssuanceDateTime:DateTimeOffset
            certificateIssuanceState:certificateIssuanceStates certificateIssuer:String? certificateKeyLength:Int32
            certificateKeyStorageProvider:keyStorageProviderOption certificateKeyUsage:keyUsages
            certificateLastIssuanceStateChangedDateTime:DateTimeOffset certificateProfileDisplayName:String?
            certificateRevokeStatus:certificateRevocationStatus certificateSerialNumber:String?
            certificateSubjectAlternativeNameFormat:subjectAlternativeNameType certificateSubjectAlternativeNameFormatString:String?
            certificateSubjectNameFormat:subjectNameFormat certificateSubjectNameFormatString:String? certificateThumbprint:String?
            certificateValidityPeriod:Int32 certificateValidityPeriodUnits:certificateValidityPeriodScale deviceDisplayName:String?
            devicePlatform:devicePlatformType lastCertificateStateChangeDateTime:DateTimeOffset userDisplayName:String?
        abstract entity managedDeviceMobileAppConfiguration : entity | createdDateTime:DateTimeOffset description:String?
            displayName:String lastModifiedDateTime:DateTimeOffset roleScopeTagIds:[String]? targetedMobileApps:[String]? version:Int32
            assignments=>[managedDeviceMobileAppConfigurationAssignment]
            deviceStatuses=>[managedDeviceMobileAppConfigurationDeviceStatus]
            deviceStatusSummary=>managedDeviceMobileAppConfigurationDeviceSummary
            userStatuses=>[managedDeviceMobileAppConfigurationUserStatus]
            userStatusSummary=>managedDeviceMobileAppConfigurationUserSummary
        entity managedDeviceMobileAppConfigurationAssignment : entity | target:deviceAndAppManagementAssignmentTarget?
        entity managedDeviceMobileAppConfigurationDeviceStatus : entity | complianceGracePeriodExpirationDateTime:DateTimeOffset
            deviceDisplayName:String? deviceModel:String? lastReportedDateTime:DateTimeOffset platform:Int32 status:complianceStatus
            userName:String? userPrincipalName:String?
        entity managedDeviceMobileAppConfigurationDeviceSummary : entity | configurationVersion:Int32 conflictCount:Int32
            errorCount:Int32 failedCount:Int32 lastUpdateDateTime:DateTimeOffset notApplicableCount:Int32
            notApplicablePlatformCount:Int32 pendingCount:Int32 successCount:Int32
        entity managedDeviceMobileAppConfigurationUserStatus : entity | devicesCount:Int32 lastReportedDateTime:DateTimeOffset
            status:complianceStatus userDisplayName:String? userPrincipalName:String?
        entity managedDeviceMobileAppConfigurationUserSummary : entity | configurationVersion:Int32 conflictCount:Int32 errorCount:Int32
            failedCount:Int32 lastUpdateDateTime:DateTimeOffset notApplicableCount:Int32 pendingCount:Int32 successCount:Int32
        entity managedIOSStoreApp : managedApp | applicableDeviceType:iosDeviceType appStoreUrl:String bundleId:String?
            minimumSupportedOperatingSystem:iosMinimumOperatingSystem
        abstract entity mobileApp : entity | createdDateTime:DateTimeOffset dependentAppCount:Int32 description:String?
            developer:String? displayName:String? informationUrl:String? isAssigned:Boolean isFeatured:Boolean largeIcon:mimeContent?
            lastModifiedDateTime:DateTimeOffset notes:String? owner:String? privacyInformationUrl:String? publisher:String?
            publishingState:mobileAppPublishingState roleScopeTagIds:[String]? supersededAppCount:Int32 supersedingAppCount:Int32
            uploadState:Int32 assignments=>[mobileAppAssignment] deviceStatuses=>[mobileAppInstallStatus]
            userStatuses=>[userAppInstallStatus]
        entity mobileAppAssignment : entity | intent:installIntent settings:mobileAppAssignmentSettings?
            source:deviceAndAppManagementAssignmentSource sourceId:String? target:deviceAndAppManagementAssignmentTarget?
        entity mobileAppInstallStatus : entity | deviceId:String? deviceName:String? displayVersion:String? errorCode:Int32
            installState:resultantAppState installStateDetail:resultantAppStateDetail lastSyncDateTime:DateTimeOffset
            mobileAppInstallStatusValue:resultantAppState osDescription:String? osVersion:String? userName:String?
            userPrincipalName:String?
        entity ndesConnector : entity | connectorVersion:String? displayName:String? enrolledDateTime:DateTimeOffset
            lastConnectionDateTime:DateTimeOffset machineName:String? roleScopeTagIds:[String]? state:ndesConnectorState
        open entity organization : directoryObject | displayName:String? verifiedDomains:[verifiedDomain]
        open entity user : directoryObject | accountEnabled:Boolean? displayName:String? mail:String? otherMails:[String]
            proxyAddresses:[String] userPrincipalName:String? userType:String? managedDevices=>[managedDevice]
        entity userAppInstallStatus : entity | failedDeviceCount:Int32 installedDeviceCount:Int32 notInstalledDeviceCount:Int32
            userName:String? userPrincipalName:String? deviceStatuses=>[mobileAppInstallStatus]
        entity userPFXCertificate : entity | createdDateTime:DateTimeOffset encryptedPfxBlob:Binary? encryptedPfxPassword:String?
            expirationDateTime:DateTimeOffset intendedPurpose:userPfxIntendedPurpose keyName:String? lastModifiedDateTime:DateTimeOffset
            paddingScheme:userPfxPaddingScheme providerName:String? startDateTime:DateTimeOffset thumbprint:String?
            userPrincipalName:String?
        entity windows10ImportedPFXCertificateProfile : windowsCertificateProfileBase | intendedPurpose:intendedPurpose
            managedDeviceCertificateStates->[managedDeviceCertificateState]
        abstract entity windowsCertificateProfileBase : deviceConfiguration |
            certificateValidityPeriodScale:certificateValidityPeriodScale certificateValidityPeriodValue:Int32
            keyStorageProvider:keyStorageProviderOption renewalThresholdPercentage:Int32
            subjectAlternativeNameType:subjectAlternativeNameType? subjectNameFormat:subjectNameFormat
        """;
}
