using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests;

internal static class Paths
{
    public const string Profiles = "/beta/deviceManagement/deviceConfigurations";
    public const string AppConfigurations = "/beta/deviceAppManagement/mobileAppConfigurations";
    public const string Apps = "/beta/deviceAppManagement/mobileApps";
    public const string Imports = "/beta/deviceManagement/userPfxCertificates";
    public const string AppConfigurationCast = "microsoft.graph.managedDeviceMobileAppConfiguration";
}

/// <summary>Request bodies as the reference material shows them.</summary>
internal static class Bodies
{
    public static JsonObject Root(string name = "Corp root") => Parse($$"""
        {"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"{{name}}","roleScopeTagIds":["0"],
         "certFileName":"root.cer","trustedRootCertificate":"AQIDBA=="}
        """);

    public static JsonObject Scep(string? rootLink = null)
    {
        var body = Parse("""
            {"@odata.type":"#microsoft.graph.iosScepCertificateProfile","displayName":"SCEP Cert","roleScopeTagIds":["0"],
             "renewalThresholdPercentage":20,"certificateStore":"user","certificateValidityPeriodScale":"years","certificateValidityPeriodValue":1,
             "subjectNameFormat":"custom","subjectNameFormatString":"CN={{UserName}},E={{EmailAddress}}",
             "customSubjectAlternativeNames":[{"sanType":"emailAddress","name":"{{EmailAddress}}"}],
             "keyUsage":"digitalSignature,keyEncipherment","keySize":"size2048",
             "extendedKeyUsages":[{"name":"Secure Email","objectIdentifier":"1.3.6.1.5.5.7.3.4"}],
             "scepServerUrls":["https://contoso.com/certsrv/mscep/mscep.dll"]}
            """);
        if (rootLink is not null)
        {
            body["rootCertificate@odata.bind"] = rootLink;
        }

        return body;
    }

    public static JsonObject ImportedProfile() => Parse("""
        {"@odata.type":"#microsoft.graph.iosImportedPFXCertificateProfile","displayName":"SMIME enc","roleScopeTagIds":["0"],"intendedPurpose":"smimeEncryption"}
        """);

    public static JsonObject AppConfiguration(params string[] appIds) => new()
    {
        ["@odata.type"] = "#microsoft.graph.iosMobileAppConfiguration",
        ["displayName"] = "smime-outlook-ios",
        ["description"] = "managed by SmimeOperator",
        ["roleScopeTagIds"] = new JsonArray("0"),
        ["targetedMobileApps"] = new JsonArray([.. appIds.Select(a => JsonValue.Create(a))]),
        ["encodedSettingXml"] = null,
        ["settings"] = new JsonArray(
            Parse("""{"appConfigKey":"com.microsoft.outlook.Mail.SMIMEEnabled","appConfigKeyType":"booleanType","appConfigKeyValue":"true"}"""),
            Parse("""{"appConfigKey":"com.microsoft.outlook.Mail.SMIMEEnabled.CertsFromIntune","appConfigKeyType":"booleanType","appConfigKeyValue":"true"}""")),
    };

    public static JsonObject StoreApp() => Parse("""
        {"@odata.type":"#microsoft.graph.iosStoreApp","displayName":"Microsoft Outlook","publisher":"Microsoft Corporation",
         "description":"Mail","largeIcon":{"type":"image/png","value":"AQID"},"isFeatured":false,
         "appStoreUrl":"https://apps.apple.com/us/app/microsoft-outlook/id951937596",
         "applicableDeviceType":{"iPad":true,"iPhoneAndIPod":true},"minimumSupportedOperatingSystem":{"v15_0":true}}
        """);

    public static JsonObject Import(string upn, string thumbprint = "f6f51756753fd27756c753fd75750fd27756c751") => Parse($$"""
        {"@odata.type":"#microsoft.graph.userPFXCertificate","thumbprint":"{{thumbprint}}","intendedPurpose":"smimeEncryption",
         "userPrincipalName":"{{upn}}","startDateTime":"2024-01-01T00:00:00Z","expirationDateTime":"2026-01-01T00:00:00Z",
         "providerName":"Microsoft Software Key Storage Provider","keyName":"PFXEncryptionKey","paddingScheme":"oaepSha512",
         "encryptedPfxBlob":"MIIKqA==","encryptedPfxPassword":"c2VjcmV0","createdDateTime":"2024-05-01T00:00:00Z",
         "lastModifiedDateTime":"2024-05-01T00:00:00Z"}
        """);

    public static JsonObject Assignments(params string[] groupIds) =>
        new() { ["assignments"] = new JsonArray([.. groupIds.Select(g => new JsonObject { ["target"] = Group(g) })]) };

    public static JsonObject Group(string groupId, string type = "groupAssignmentTarget") =>
        new() { ["@odata.type"] = "#microsoft.graph." + type, ["groupId"] = groupId };

    public static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();
}
