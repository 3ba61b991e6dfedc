namespace SmimeOperator.TenantSimulator.Schema;

/// <summary>The enumerations, one per declaration: members count up from zero unless a value is given.</summary>
internal static class EnumDescriptions
{
    public const string Text = """
        enum actionState none pending canceled active done failed notSupported
        enum androidDeviceOwnerCertificateAccessType userApproval specificApps unknownFutureValue
        enum androidPermissionActionType prompt autoGrant autoDeny
        enum androidProfileApplicability default androidWorkProfile androidDeviceOwner
        enum appleSubjectNameFormat commonName commonNameAsEmail custom commonNameIncludingEmail commonNameAsIMEI=5
            commonNameAsSerialNumber
        enum certificateIssuanceStates unknown challengeIssued challengeIssueFailed requestCreationFailed requestSubmitFailed
            challengeValidationSucceeded challengeValidationFailed issueFailed issuePending issued responseProcessingFailed
            responsePending enrollmentSucceeded enrollmentNotNeeded revoked removedFromCollection renewVerified installFailed installed
            deleteFailed deleted renewalRequested requested
        enum certificateRevocationStatus none pending issued failed revoked
        enum certificateStore user=1 machine
        enum certificateValidityPeriodScale days months years
        enum complianceState unknown compliant noncompliant conflict error inGracePeriod=254 configManager
        enum complianceStatus unknown notApplicable compliant remediated nonCompliant error conflict notAssigned
        enum deviceAndAppManagementAssignmentFilterType none include exclude
        enum deviceAndAppManagementAssignmentSource direct policySets
        enum deviceConfigAssignmentIntent apply remove
        enum deviceEnrollmentType unknown userEnrollment deviceEnrollmentManager appleBulkWithUser appleBulkWithoutUser
            windowsAzureADJoin windowsBulkUserless windowsAutoEnrollment windowsBulkAzureDomainJoin windowsCoManagement
            windowsAzureADJoinUsingDeviceAuth appleUserEnrollment appleUserEnrollmentWithServiceAccount
            azureAdJoinUsingAzureVmExtension=14 androidEnterpriseDedicatedDevice androidEnterpriseFullyManaged
            androidEnterpriseCorporateWorkProfile
        enum deviceManagementApplicabilityRuleType include exclude
        enum deviceManagementDerivedCredentialIssuer intercede entrustDatacard purebred xTec
        flags deviceManagementDerivedCredentialNotificationType none companyPortal email
        enum devicePlatformType android androidForWork iOS macOS windowsPhone81 windows81AndLater windows10AndLater androidWorkProfile
            unknown androidAOSP
        enum domainNameSource fullDomainName netBiosDomainName
        enum easAuthenticationMethod usernameAndPassword certificate derivedCredential
        flags easServices none calendars contacts email=4 notes=8 reminders=16
        enum emailCertificateType none certificate derivedCredential
        enum emailSyncDuration userDefined oneDay threeDays oneWeek twoWeeks oneMonth unlimited
        enum installIntent available required uninstall availableWithoutEnrollment
        enum intendedPurpose unassigned=1 smimeEncryption smimeSigning vpn wifi
        enum keySize size1024 size2048 size4096
        enum keyStorageProviderOption useTpmKspOtherwiseUseSoftwareKsp useTpmKspOtherwiseFail usePassportForWorkKspOtherwiseFail
            useSoftwareKsp
        flags keyUsages keyEncipherment=1 digitalSignature
        enum managedAppAvailability global lineOfBusiness
        enum managementState managed retirePending retireFailed wipePending wipeFailed unhealthy deletePending retireIssued wipeIssued
            wipeCanceled retireCanceled discovered
        enum mdmAppConfigKeyType stringType integerType realType booleanType tokenType
        enum mobileAppPublishingState notPublished processing published
        enum ndesConnectorState none active inactive
        enum resultantAppState notApplicable=-1 installed=1 failed notInstalled uninstallFailed pendingInstall unknown=99
        enum resultantAppStateDetail processorArchitectureNotApplicable=-1000 minimumDiskSpaceNotMet=-1001 minimumOsVersionNotMet=-1002
            minimumPhysicalMemoryNotMet=-1003 minimumLogicalProcessorCountNotMet=-1004 minimumCpuSpeedNotMet=-1005
            platformNotApplicable=-1006 fileSystemRequirementNotMet=-1011 registryRequirementNotMet=-1012
            powerShellScriptRequirementNotMet=-1013 supersedingAppsNotApplicable=-1016 noAdditionalDetails=0 dependencyFailedToInstall
            dependencyWithRequirementsNotMet dependencyPendingReboot dependencyWithAutoInstallDisabled supersededAppUninstallFailed
            supersededAppUninstallPendingReboot removingSupersededApps iosAppStoreUpdateFailedToInstall=1000 vppAppHasUpdateAvailable
            userRejectedUpdate uninstallPendingReboot supersedingAppsDetected supersededAppsDetected seeInstallErrorCode=2000
            autoInstallDisabled=3000 managedAppNoLongerPresent userRejectedInstall userIsNotLoggedIntoAppStore
            untargetedSupersedingAppsDetected appRemovedBySupersedence seeUninstallErrorCode=4000 pendingReboot=5000
            installingDependencies contentDownloaded
        flags subjectAlternativeNameType none emailAddress userPrincipalName customAzureADAttribute=4 domainNameService=8
            universalResourceIdentifier=16
        enum subjectNameFormat commonName commonNameIncludingEmail commonNameAsEmail custom commonNameAsIMEI=5 commonNameAsSerialNumber
            commonNameAsAadDeviceId commonNameAsIntuneDeviceId commonNameAsDurableDeviceId
        enum userEmailSource userPrincipalName primarySmtpAddress
        enum userPfxIntendedPurpose unassigned smimeEncryption smimeSigning vpn=4 wifi=8
        enum userPfxPaddingScheme none pkcs1 oaepSha1 oaepSha256 oaepSha384 oaepSha512
        enum usernameSource userPrincipalName primarySmtpAddress samAccountName
        enum vppTokenAccountType business education
        enum vppTokenActionFailureReason none appleFailure internalError expiredVppToken expiredApplePushNotificationCertificate
        enum windows10DeviceModeType standardConfiguration sModeConfiguration
        enum windows10EditionType windows10Enterprise windows10EnterpriseN windows10Education windows10EducationN
            windows10MobileEnterprise windows10HolographicEnterprise windows10Professional windows10ProfessionalN
            windows10ProfessionalEducation windows10ProfessionalEducationN windows10ProfessionalWorkstation
            windows10ProfessionalWorkstationN notConfigured windows10Home windows10HomeChina windows10HomeN windows10HomeSingleLanguage
            windows10Mobile windows10IoTCore windows10IoTCoreCommercial
        """;
}
