using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;

namespace Smimectl.Tests.Exporting;

/// <summary>Fills a tenant as years of clicking in a portal do: from a seed, and with bodies that owe nothing to the operator.</summary>
internal sealed class RandomTenant(SimulatorHost simulator, int seed)
{
    private const string Graph = "#microsoft.graph.";
    private const string Smime = "com.microsoft.outlook.Mail.SMIMEEnabled";
    private const string Policies = "mobileAppConfigurations";
    private const string Profiles = "deviceConfigurations";

    // Made once: keys are slow, and what matters of a certificate here is what it says.
    private static readonly Lazy<IReadOnlyList<byte[]>> Authorities = new(() =>
    [
        Certificate("CN=Contoso Root", isAuthority: true, years: 20), Certificate("CN=Contoso Issuing \"2\", O=Contoso #1", isAuthority: true, years: 10),
        Certificate("CN=Fabrikam Würzelchen", isAuthority: true, years: 5), Certificate("CN=Yesterday", isAuthority: true, years: -1), Certificate("CN=server", isAuthority: false, years: 2),
    ]);

    private static readonly string[] Words =
    [
        "Outlook S/MIME", "Outlook S/MIME", "null", "Off", "- not: a list", "#kommentar", "Ünïcödé 😀 mail", "\"quoted\" 'twice'", "tab\tand\nline", "a: b # c", "[x] {y}",
        "0x10", "2024-01-01", "   ", "*star &anchor !tag", "%percent @at `tick", "ends with space ", "back\\slash", "yes", "\u0085next\u2028line", new string('l', 230),
    ];

    private readonly Random _random = new(seed);
    private readonly List<string> _groups = [];
    private readonly List<(string Id, string Platform)> _filters = [];
    private readonly List<string> _users = [];
    private readonly List<JsonArray> _assigned = [];

    private SimulatedTenant Tenant => simulator.Tenant;

    public async Task FillAsync(HttpClient http)
    {
        Directory();
        string[] apps = [Tenant.AddStoreApp(), Tenant.AddVppApp(), Tenant.AddStoreApp("Word", "com.microsoft.Office.Word")];
        var android = Tenant.AddAndroidApp();
        var issuer = Chance(0.5)
            ? Tenant.Add("derivedCredentials", new JsonObject { ["displayName"] = "Purebred", ["issuer"] = "purebred", ["notificationType"] = "email" }) : null;
        for (var i = _random.Next(4); i >= 0; i--)
        {
            await SetupAsync(http, apps, android, issuer);
        }

        await StrayAsync(http);
        foreach (var app in apps)
        {
            Tenant.Change("mobileApps", app, new JsonObject { ["assignments"] = AppAssignments() });
        }

        Imports();

        // Renamed, gone, and no longer there to be assigned to.
        Tenant.Change("users", _users[0], new JsonObject { ["userPrincipalName"] = "renamed@contoso.com" });
        Tenant.Delete("users", _users[1]);
        Tenant.Delete("groups", _groups[0]);
    }

    private void Directory()
    {
        foreach (var name in (string[])["S/MIME users", "Executives", "Executives", "all: staff #1", "日本語", "x"])
        {
            _groups.Add(Tenant.AddGroup(name));
        }

        foreach (var platform in (string[])["iOS", "iOS", "macOS", "androidForWork", "windows10AndLater"])
        {
            _filters.Add((Tenant.AddFilter("Corporate " + platform, platform: platform), platform));
        }

        foreach (var user in (string[])["old", "gone", "alice", "o'brien", "weird+name", "alice.b"])
        {
            _users.Add(Tenant.AddUser(user + "@contoso.com"));
        }
    }

    private async Task SetupAsync(HttpClient http, string[] apps, string android, string? issuer)
    {
        var name = Pick(Words);
        var targets = Targets("ios");
        var settings = Settings();
        var policy = Tenant.Add(Policies, new JsonObject
        {
            ["@odata.type"] = Graph + "iosMobileAppConfiguration",
            ["displayName"] = name,
            ["description"] = Description(),
            ["targetedMobileApps"] = Chance(0.9) ? new JsonArray(Pick(apps[..2])) : Chance(0.5) ? [] : new JsonArray(apps[0], apps[1]),
            ["settings"] = settings,
            ["roleScopeTagIds"] = Tags(),
        });
        Tenant.Change(Policies, policy, new JsonObject { ["assignments"] = Assignments("ios", targets) });
        if (Chance(0.1))
        {
            Tenant.AddPolicySetAssignment(Policies, policy, _groups[^1]);
        }

        var roots = Enumerable.Range(0, _random.Next(4)).Select(i => Root("iosTrustedRootCertificate", $"{name} root {i}", Pick(Authorities.Value), Vary("ios", targets))).ToList();
        string? signing = null, encryption = null;
        var source = _random.Next(5);
        if (source == 0)
        {
            signing = Scep($"{name} signing", Vary("ios", targets));
            var root = roots.Count > 0 && Chance(0.7) ? roots[0] : Root("iosTrustedRootCertificate", "shared root", Authorities.Value[0], Targets("ios"));
            await BindAsync(http, signing, "iosScepCertificateProfile/rootCertificate", $"deviceManagement/deviceConfigurations('{root}')");
        }
        else if (source == 1)
        {
            signing = Pkcs($"{name} signing", Vary("ios", targets));
        }
        else if (source == 2)
        {
            signing = Imported("iosImportedPFXCertificateProfile", $"{name} signing", "smimeSigning", Vary("ios", targets));
        }

        if (Chance(0.6))
        {
            encryption = Imported("iosImportedPFXCertificateProfile", Chance(0.5) ? "Encryption" : name, "smimeEncryption", Vary("ios", targets));
        }

        if (Chance(0.3))
        {
            var derived = Add(Profiles, "iosDerivedCredentialAuthenticationConfiguration", "Derived", Vary("ios", targets), []);
            if (issuer is not null && Chance(0.8))
            {
                await BindAsync(http, derived, "iosDerivedCredentialAuthenticationConfiguration/derivedCredentialSettings", $"deviceManagement/derivedCredentials('{issuer}')");
            }
        }

        if (Chance(0.4))
        {
            await MailAsync(http, $"{name} mail", Vary("ios", targets), signing, encryption);
        }

        Platforms(name, android, roots, source == 2, encryption is not null, settings);
        if (Chance(0.5))
        {
            _assigned.Add(targets);
        }
    }

    private void Platforms(string name, string android, List<string> roots, bool signs, bool encrypts, JsonArray outlook)
    {
        var settings = Chance(0.5) ? Payload(outlook) : null;
        (string Prefix, string Pfx, string Root, JsonObject More)[] platforms =
        [
            ("macOS", "macOSImportedPFXCertificateProfile", "macOSTrustedRootCertificate", []),
            ("windows", "windows10ImportedPFXCertificateProfile", "windows81TrustedRootCertificate",
                new JsonObject { ["keyStorageProvider"] = Pick(["useTpmKspOtherwiseFail", "useSoftwareKsp", "useTpmKspOtherwiseUseSoftwareKsp"]) }),
            ("android", "androidForWorkImportedPFXCertificateProfile", "androidForWorkTrustedRootCertificate", []),
            ("android", "androidDeviceOwnerImportedPFXCertificateProfile", "androidDeviceOwnerTrustedRootCertificate", []),
        ];
        var forAndroid = Targets("android");
        if (settings is not null)
        {
            Add(Policies, "androidManagedStoreAppConfiguration", $"{name} Android", forAndroid, new JsonObject
            {
                ["packageId"] = "app:com.microsoft.office.outlook", ["profileApplicability"] = "default", ["payloadJson"] = settings, ["targetedMobileApps"] = new JsonArray(android),
            });
        }

        foreach (var (prefix, pfx, root, more) in platforms.Where(_ => Chance(0.4)))
        {
            var targets = prefix == "android" ? forAndroid : Targets(prefix);
            if (encrypts && Chance(0.9))
            {
                Imported(pfx, $"{name} {prefix} encryption", "smimeEncryption", targets, more);
            }

            if (signs && Chance(0.9))
            {
                Imported(pfx, $"{name} {prefix} signing", "smimeSigning", targets, more);
            }

            if (Chance(0.5))
            {
                foreach (var of in roots)
                {
                    var der = Convert.FromBase64String((string)Tenant.Find(Profiles, of)!["trustedRootCertificate"]!);
                    Root(root, $"{name} {prefix} root", der, targets);
                }
            }
        }
    }

    private async Task StrayAsync(HttpClient http)
    {
        Imported("iosImportedPFXCertificateProfile", "lonely", "smimeEncryption", []);
        Imported("iosImportedPFXCertificateProfile", "vpn", "vpn", Targets("ios"));
        Scep("scep without a root", Targets("ios"));
        Root("iosTrustedRootCertificate", "wifi root", Authorities.Value[1], Targets("ios"));
        await MailAsync(http, "mail of nobody", Targets("ios"), null, null);
        var elsewhere = Imported("iosImportedPFXCertificateProfile", "of another cluster", "smimeEncryption", Targets("ios"));
        Tenant.Change(Profiles, elsewhere, new JsonObject { ["description"] = "x\n\n[smime-operator cluster=elsewhere owner=SmimePolicy/a/b uid=1 role=profile/encryption]" });
        Add(Policies, "iosMobileAppConfiguration", "as XML", Targets("ios"), new JsonObject
        {
            ["encodedSettingXml"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"<dict><key>{Smime}</key><true/></dict>")),
        });
        Add(Policies, "iosMobileAppConfiguration", "no S/MIME", Targets("ios"), []);
    }

    private void Imports()
    {
        foreach (var user in _users.Where(_ => Chance(0.7)).Append(_users[0]).Append(_users[1]).Distinct())
        {
            for (var i = _random.Next(3); i >= 0; i--)
            {
                var from = new DateTime(2020 + _random.Next(6), 1 + _random.Next(12), 1, 0, 0, 0, DateTimeKind.Utc);
                Tenant.Add("userPfxCertificates", new JsonObject
                {
                    ["userPrincipalName"] = (string)Tenant.Find("users", user)!["userPrincipalName"]!,
                    ["thumbprint"] = Convert.ToHexStringLower([.. Enumerable.Range(0, 20).Select(_ => (byte)_random.Next(256))]),
                    ["intendedPurpose"] = Pick(["smimeEncryption", "smimeEncryption", "smimeSigning", "vpn"]),
                    ["startDateTime"] = from.ToString("O"),
                    ["expirationDateTime"] = from.AddYears(2).ToString("O"),
                    ["providerName"] = "Microsoft Software Key Storage Provider",
                    ["keyName"] = "PFXEncryptionKey",
                    ["paddingScheme"] = "oaepSha512",
                });
            }
        }
    }

    private JsonArray Settings()
    {
        var items = new JsonArray();
        void Put(string key, string type, string value) => items.Add(new JsonObject { ["appConfigKey"] = key, ["appConfigKeyType"] = type, ["appConfigKeyValue"] = value });
        Put(Smime, "booleanType", Flag());
        foreach (var key in (string[])[".UserChangeAllowed", ".SignAllMail", ".SignAllMail.UserChangeAllowed", ".EncryptAllMail", ".EncryptAllMail.UserChangeAllowed", ".CertsFromIntune"])
        {
            if (Chance(0.6))
            {
                Put(Smime + key, Chance(0.99) ? "booleanType" : "stringType", Chance(0.99) ? Flag() : "True");
            }
        }

        if (Chance(0.5))
        {
            Put(Smime + ".LDAPHostName", "stringType", Chance(0.9) ? Pick(["ldaps://ldap.contoso.com:636", "ldap.contoso.com", "ldap://10.0.0.1"]) : "ldaps://host:1234/path with space");
        }

        for (var i = _random.Next(4); i > 0; i--)
        {
            Put(Pick(["IntuneMAMUPN", "com.x.y", "key: with # yaml", "", new string('k', 300)]), Pick(["stringType", "integerType", "realType", "booleanType", "tokenType"]), Pick(["{{mail}}", "true", "7", "", "a\nb", "1e3", "null", "{x: [y]}"]));
        }

        return items;
    }

    // Mostly somebody copied the settings of iOS.
    private string Payload(JsonArray settings)
    {
        var properties = new JsonArray();
        foreach (var item in settings.Where(i => ((string)i!["appConfigKey"]!).StartsWith(Smime, StringComparison.Ordinal) && Chance(0.97)))
        {
            var value = (string)item!["appConfigKeyValue"]!;
            properties.Add((string)item["appConfigKeyType"]! == "booleanType"
                ? new JsonObject { ["key"] = (string)item["appConfigKey"]!, ["valueBool"] = value == "true" }
                : new JsonObject { ["key"] = (string)item["appConfigKey"]!, ["valueString"] = value });
        }

        properties.Add(new JsonObject { ["key"] = "foreign", ["valueString"] = "x" });
        var payload = new JsonObject { ["kind"] = "androidenterprise#managedConfiguration", ["productId"] = "app:com.microsoft.office.outlook", ["managedProperty"] = properties };
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(payload.ToJsonString()));
    }

    private string Root(string type, string name, byte[] certificate, JsonArray targets) => Add(Profiles, type, name, targets, type.StartsWith("windows", StringComparison.Ordinal)
        ? new JsonObject { ["trustedRootCertificate"] = Convert.ToBase64String(certificate), ["certFileName"] = "some file.crt", ["destinationStore"] = Pick(["computerCertStoreRoot", "computerCertStoreIntermediate"]) }
        : new JsonObject { ["trustedRootCertificate"] = Convert.ToBase64String(certificate), ["certFileName"] = "some file.crt" });

    private string Imported(string type, string name, string purpose, JsonArray targets, JsonObject? more = null)
    {
        var body = new JsonObject { ["intendedPurpose"] = purpose };
        foreach (var (key, value) in more ?? [])
        {
            body[key] = value?.DeepClone();
        }

        return Add(Profiles, type, name, targets, body);
    }

    private string Scep(string name, JsonArray targets) => Add(Profiles, "iosScepCertificateProfile", name, targets, Issued(new JsonObject
    {
        ["scepServerUrls"] = new JsonArray("https://scep.contoso.com/certsrv/mscep/mscep.dll", "http://second/" + _random.Next(9)),
        ["keySize"] = Pick(["size1024", "size2048", "size4096"]),
        ["keyUsage"] = Pick(["digitalSignature", "keyEncipherment,digitalSignature", "keyEncipherment"]),
        ["extendedKeyUsages"] = new JsonArray(new JsonObject { ["name"] = "Any name for it", ["objectIdentifier"] = "1.3.6.1.5.5.7.3.4" }),
    }));

    private string Pkcs(string name, JsonArray targets) => Add(Profiles, "iosPkcsCertificateProfile", name, targets, Issued(new JsonObject
    {
        ["certificationAuthority"] = "ca01.contoso.com", ["certificationAuthorityName"] = "Contoso, Issuing: CA #1", ["certificateTemplateName"] = "Smime",
    }));

    private JsonObject Issued(JsonObject own)
    {
        own["certificateStore"] = "user";
        own["subjectNameFormat"] = Chance(0.85) ? "custom" : "commonName";
        own["subjectNameFormatString"] = Pick(["CN={{UserName}},E={{EmailAddress}}", "CN={{AAD_Device_ID}},E={{EmailAddress}},OU=\"x: #\"", "E={{EmailAddress}}"]);
        own["customSubjectAlternativeNames"] = Chance(0.5) ? [] : new JsonArray(new JsonObject { ["sanType"] = Pick(["emailAddress", "userPrincipalName"]), ["name"] = "{{EmailAddress}}" });
        own["certificateValidityPeriodValue"] = Chance(0.9) ? 1 + _random.Next(2) : 5;
        own["certificateValidityPeriodScale"] = Pick(["days", "months", "years"]);
        own["renewalThresholdPercentage"] = 1 + _random.Next(99);
        return own;
    }

    private async Task MailAsync(HttpClient http, string name, JsonArray targets, string? signing, string? encryption)
    {
        var id = Add(Profiles, "iosEasEmailProfileConfiguration", name, targets, new JsonObject
        {
            ["accountName"] = Pick(Words).Trim() is { Length: > 0 and < 200 } account ? account : "Work",
            ["hostName"] = "outlook.office365.com",
            ["durationOfEmailToSync"] = Pick(["userDefined", "oneMonth", "unlimited"]),
            ["emailAddressSource"] = Pick(["userPrincipalName", "primarySmtpAddress"]),
            ["usernameSource"] = Pick(["userPrincipalName", "primarySmtpAddress"]),
            ["requireSsl"] = Chance(0.8),
            ["useOAuth"] = Chance(0.8),
            ["smimeSigningEnabled"] = signing is not null,
            ["smimeSigningUserOverrideEnabled"] = Chance(0.3),
            ["smimeEnablePerMessageSwitch"] = Chance(0.5),
            ["smimeEncryptByDefaultEnabled"] = encryption is not null && Chance(0.5),
            ["signingCertificateType"] = signing is null ? "none" : "certificate",
            ["encryptionCertificateType"] = encryption is null ? "none" : "certificate",
        });
        foreach (var (navigation, target) in ((string, string?)[])[("smimeSigningCertificate", signing), ("smimeEncryptionCertificate", encryption)])
        {
            if (target is not null)
            {
                await BindAsync(http, id, "iosEasEmailProfileConfiguration/" + navigation, $"deviceManagement/deviceConfigurations('{target}')");
            }
        }
    }

    private string Add(string collection, string type, string name, JsonArray targets, JsonObject body)
    {
        body["@odata.type"] = Graph + type;
        body["displayName"] = name;
        body["description"] = Description();
        body["roleScopeTagIds"] = Tags();
        var id = Tenant.Add(collection, body);
        // Whether a filter fits shows by the object's type: it has to be there first.
        Tenant.Change(collection, id, new JsonObject { ["assignments"] = targets.DeepClone() });
        return id;
    }

    private async Task BindAsync(HttpClient http, string id, string navigation, string target)
    {
        using var answer = await http.PutAsJsonAsync(
            new Uri(simulator.BaseAddress, $"beta/deviceManagement/deviceConfigurations/{id}/microsoft.graph.{navigation}/$ref"),
            new Dictionary<string, string> { ["@odata.id"] = $"https://graph.microsoft.com/beta/{target}" }, TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private JsonArray Targets(string platform)
    {
        var targets = new JsonArray();
        foreach (var group in _groups.Where(_ => Chance(0.35)))
        {
            targets.Add(Target(platform, Chance(0.2) ? "exclusionGroupAssignmentTarget" : "groupAssignmentTarget", group));
        }

        if (Chance(0.2))
        {
            targets.Add(Target(platform, Pick(["allLicensedUsersAssignmentTarget", "allDevicesAssignmentTarget"]), null));
        }

        return targets;
    }

    private JsonObject Target(string platform, string kind, string? group)
    {
        var target = new JsonObject { ["@odata.type"] = Graph + kind };
        if (group is not null)
        {
            target["groupId"] = group;
        }

        var filters = _filters.Where(f => f.Platform.StartsWith(platform, StringComparison.OrdinalIgnoreCase)).ToList();
        if (filters.Count > 0 && Chance(0.3) && !kind.StartsWith("exclusion", StringComparison.Ordinal))
        {
            target["deviceAndAppManagementAssignmentFilterId"] = filters[_random.Next(filters.Count)].Id;
            target["deviceAndAppManagementAssignmentFilterType"] = Pick(["include", "exclude"]);
        }

        return new JsonObject { ["target"] = target };
    }

    private JsonArray Assignments(string platform, JsonArray targets) => Chance(0.9) ? (JsonArray)targets.DeepClone() : Targets(platform);

    // Somebody forgot one, or added one.
    private JsonArray Vary(string platform, JsonArray targets)
    {
        var varied = (JsonArray)targets.DeepClone();
        if (Chance(0.25) && varied.Count > 0)
        {
            varied.RemoveAt(_random.Next(varied.Count));
        }

        var named = varied.Select(t => (string?)t!["target"]!["groupId"]).ToHashSet();
        if (Chance(0.25) && _groups.Find(g => !named.Contains(g)) is { } other)
        {
            varied.Add(Target(platform, "groupAssignmentTarget", other));
        }

        return varied;
    }

    private JsonArray AppAssignments()
    {
        var targets = _assigned.Count > 0 ? (JsonArray)Pick(_assigned).DeepClone() : Targets("ios");
        var intent = Pick(["required", "available"]);
        foreach (var target in targets)
        {
            target!["intent"] = Chance(0.95) ? intent : "uninstall";
        }

        return targets;
    }

    private JsonNode? Description() => Chance(0.3) ? null : Pick(["made by hand", "two\nlines\n", "  spaces  ", "a [bracket] $1 \\d", "Ünïcödé 😀"]);

    private JsonArray Tags() => Chance(0.8) ? new JsonArray("0") : new JsonArray("0", "7");

    private string Flag() => Chance(0.5) ? "true" : "false";

    private bool Chance(double likely) => _random.NextDouble() < likely;

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    private static byte[] Certificate(string subject, bool isAuthority, int years)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddYears(-3), now.AddYears(years));
        return certificate.RawData;
    }
}
