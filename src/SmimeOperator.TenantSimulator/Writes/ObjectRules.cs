using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Writes;

/// <summary>Rules that look at more than one property, or at the rest of the tenant.</summary>
internal static partial class ObjectRules
{
    /// <summary>The bundle ids that the service derives from the App Store's numbers.</summary>
    private static readonly Dictionary<string, string> StoreApps = new(StringComparer.Ordinal)
    {
        ["951937596"] = "com.microsoft.Office.Outlook",
        ["719171358"] = "com.microsoft.azureauthenticator-companyportal",
        ["586447913"] = "com.microsoft.Office.Word",
    };

    public static void Check(TenantStore store, CollectionKind kind, TypeKind type, WriteBody write, TenantObject? existing)
    {
        CheckFixed(type, write, existing);
        switch (type.Name)
        {
            case "userPFXCertificate":
                CheckImport(store, write, existing);
                break;
            case "iosStoreApp":
                CheckStoreApp(write);
                break;
            case "iosVppApp" when existing is null:
                write.Violations.Add("an iosVppApp comes from a token's synchronisation, it cannot be created");
                break;
            case "androidManagedStoreApp" when existing is null:
                write.Violations.Add("an androidManagedStoreApp comes from managed Google Play, it cannot be created");
                break;
            case "androidManagedStoreAppConfiguration":
                CheckManagedConfiguration(write);
                break;
            case "deviceManagementDerivedCredentialSettings" when existing is null && store[kind].Items.Count > 0:
                write.Violations.Add("the tenant has an issuer of derived credentials already");
                break;
            case "iosMobileAppConfiguration":
                CheckAppConfiguration(write, existing);
                break;
        }

        if (kind.Name == "mobileAppConfigurations")
        {
            CheckTargetedApps(store, write, existing);
        }
    }

    /// <summary>Works out what the service works out.</summary>
    public static void Derive(TypeKind type, JsonObject properties)
    {
        if (type.Name == "iosStoreApp")
        {
            var match = StoreId().Match((string?)properties["appStoreUrl"] ?? "");
            var number = match.Success ? match.Groups["number"].Value : "0";
            properties["bundleId"] = StoreApps.GetValueOrDefault(number, $"com.example.id{number}");
        }

        if (type.TryProperty("publishingState", out _))
        {
            properties["publishingState"] = "published";
            properties["uploadState"] = 1;
        }

        if (type.TryProperty("supportsScopeTags", out _))
        {
            properties["supportsScopeTags"] = true;
        }
    }

    private static void CheckFixed(TypeKind type, WriteBody write, TenantObject? existing)
    {
        if (existing is null)
        {
            return;
        }

        foreach (var (name, value) in write.Properties)
        {
            if (ServiceRules.IsFixed(type, name) && value?.ToJsonString() != existing.Properties[name]?.ToJsonString())
            {
                write.Violations.Add($"{name}: it is fixed once the object exists");
            }
        }
    }

    private static void CheckImport(TenantStore store, WriteBody write, TenantObject? existing)
    {
        var thumbprint = (string?)write.Properties["thumbprint"];
        if (thumbprint is not null && store.Options.StrictThumbprint && !Thumbprint().IsMatch(thumbprint))
        {
            write.Violations.Add("thumbprint: 40 hexadecimal digits in lower case are expected");
        }

        var upn = (string?)write.Properties["userPrincipalName"];
        if (upn is not null && store["users"].Candidates("userPrincipalName", [upn])!.Count == 0)
        {
            write.Violations.Add($"userPrincipalName: nobody is called '{upn}'");
        }

        if (existing is not null && thumbprint is not null && thumbprint != existing.Text("thumbprint"))
        {
            write.Violations.Add("thumbprint: it is part of the record's key");
        }
    }

    private static void CheckStoreApp(WriteBody write)
    {
        if (write.Properties["minimumSupportedOperatingSystem"] is JsonObject versions && versions.Count(v => (bool?)v.Value == true) != 1)
        {
            write.Violations.Add("minimumSupportedOperatingSystem: exactly one version must be true");
        }
    }

    private static void CheckAppConfiguration(WriteBody write, TenantObject? existing)
    {
        var xml = write.Properties.ContainsKey("encodedSettingXml")
            ? (string?)write.Properties["encodedSettingXml"]
            : existing?.Text("encodedSettingXml");
        var settings = (write.Properties.ContainsKey("settings")
            ? write.Properties["settings"]
            : existing?.Properties["settings"]) as JsonArray;
        if (!string.IsNullOrEmpty(xml) && settings is { Count: > 0 })
        {
            write.Violations.Add("encodedSettingXml and settings exclude each other");
        }

        if (!string.IsNullOrEmpty(xml) && !IsXml(Convert.FromBase64String(xml)))
        {
            write.Violations.Add("encodedSettingXml: the text is no well-formed XML");
        }
    }

    private static void CheckManagedConfiguration(WriteBody write)
    {
        if (!write.Properties.TryGetPropertyValue("payloadJson", out var value))
        {
            return;
        }

        try
        {
            var payload = JsonNode.Parse(Convert.FromBase64String((string?)value ?? "")) as JsonObject;
            if ((string?)payload?["kind"] != "androidenterprise#managedConfiguration" || payload["managedProperty"] is not JsonArray properties
                || properties.Any(p => p is not JsonObject { Count: 2 } property || property["key"] is null))
            {
                write.Violations.Add("payloadJson: no managed configuration whose properties have a key and one value each");
            }
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            write.Violations.Add("payloadJson: base64 of JSON is expected");
        }
    }

    private static void CheckTargetedApps(TenantStore store, WriteBody write, TenantObject? existing)
    {
        // Ids that dangle since their app was deleted may stay; new ones must lead somewhere.
        var known = (existing?.Properties["targetedMobileApps"] as JsonArray)?.Select(a => (string?)a).ToList() ?? [];
        foreach (var id in (write.Properties["targetedMobileApps"] as JsonArray)?.Select(a => (string?)a) ?? [])
        {
            if (id is not null && !known.Contains(id) && store["mobileApps"].Find(id) is null)
            {
                write.Violations.Add($"targetedMobileApps: there is no app '{id}'");
            }
        }
    }

    private static bool IsXml(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            XDocument.Load(reader);
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"/id(?<number>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StoreId();

    [GeneratedRegex("^[0-9a-f]{40}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Thumbprint();
}
