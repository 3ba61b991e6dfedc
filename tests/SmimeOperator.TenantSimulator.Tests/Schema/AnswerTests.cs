using System.Text.Json.Nodes;
using SmimeOperator.Testing.Graph;

namespace SmimeOperator.TenantSimulator.Tests.Schema;

/// <summary>Holds what the simulator answers against the official schema, by a judge that knows nothing of the simulator.</summary>
public sealed class AnswerTests : SimulatorTest
{
    [Fact]
    public async Task Every_answer_is_valid_against_the_official_schema()
    {
        var schema = Load();
        await FillAsync();

        foreach (var (path, type) in Collections())
        {
            var list = await GetAsync(path);
            list["value"]!.AsArray().ShouldNotBeEmpty(path);
            schema.ValidateAnswer(list.AsObject(), type).ShouldBeEmpty(path);
            foreach (var item in list["value"]!.AsArray())
            {
                var entity = await GetAsync($"{path}/{item!["id"]}");
                schema.ValidateAnswer(entity.AsObject(), type).ShouldBeEmpty(path);
            }
        }

        foreach (var (path, assignment) in ((string, string)[])
            [
                (Paths.Profiles, "deviceConfigurationAssignment"),
                (Paths.AppConfigurations, "managedDeviceMobileAppConfigurationAssignment"),
                (Paths.Apps, "mobileAppAssignment"),
            ])
        {
            var expanded = (await GetAsync($"{path}?$expand=assignments"))["value"]!.AsArray();
            schema.ValidateAnswer(new JsonObject { ["value"] = expanded.DeepClone() }, Collections().Single(c => c.Path == path).Type).ShouldBeEmpty(path);
            foreach (var item in expanded)
            {
                var assignments = await GetAsync($"{path}/{item!["id"]}/assignments");
                schema.ValidateAnswer(assignments.AsObject(), assignment).ShouldBeEmpty(path);
            }
        }
    }

    [Fact]
    public async Task Status_summaries_are_valid_too()
    {
        var schema = Load();
        await FillAsync();
        foreach (var (collection, name, type) in ((string, string, string)[])
            [
                (Paths.Profiles, "deviceStatusOverview", "deviceConfigurationDeviceOverview"),
                (Paths.Profiles, "userStatusOverview", "deviceConfigurationUserOverview"),
                (Paths.AppConfigurations, "deviceStatusSummary", "managedDeviceMobileAppConfigurationDeviceSummary"),
                (Paths.AppConfigurations, "userStatusSummary", "managedDeviceMobileAppConfigurationUserSummary"),
            ])
        {
            var id = (await GetAsync(collection))["value"]![0]!["id"];
            schema.ValidateAnswer((await GetAsync($"{collection}/{id}/{name}")).AsObject(), type).ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void The_judge_finds_what_is_wrong()
    {
        var schema = Load();
        schema.Validate(Bodies.Scep("https://graph.microsoft.com/beta/x"), "deviceConfiguration").ShouldBeEmpty();
        var body = Bodies.Scep("nowhere");
        body["frob"] = 1;
        body["keySize"] = "Size2048";
        body["version"] = "1";
        body["displayName"] = null;
        body["scepServerUrls"] = "x";
        body["extendedKeyUsages"] = new JsonArray(new JsonObject { ["oid"] = "1" });
        body["trustedRootCertificate@odata.bind"] = "https://x";

        schema.Validate(body, "deviceConfiguration").Count.ShouldBe(8);
        schema.Validate(Bodies.Root(), "mobileApp").ShouldHaveSingleItem().ShouldContain("is no mobileApp");
        schema.Validate([], "deviceConfiguration").ShouldHaveSingleItem().ShouldContain("abstract");
        schema.Validate(Bodies.Root(), "deviceConfiguration", complete: true).ShouldContain("/version: it is missing");
    }

    private static CsdlSchema Load()
    {
        var schema = CsdlSchema.TryLoad();
        Assert.SkipWhen(schema is null, "The official schema is not beside this repository (../shared/reference/graph-beta-subset.csdl).");
        return schema!;
    }

    private static List<(string Path, string Type)> Collections() =>
    [
        (Paths.Profiles, "deviceConfiguration"),
        (Paths.AppConfigurations, "managedDeviceMobileAppConfiguration"),
        (Paths.Apps, "mobileApp"),
        (Paths.Imports, "userPFXCertificate"),
        ("/beta/deviceManagement/ndesConnectors", "ndesConnector"),
        ("/beta/deviceManagement/derivedCredentials", "deviceManagementDerivedCredentialSettings"),
        ("/beta/deviceManagement/assignmentFilters", "deviceAndAppManagementAssignmentFilter"),
        ("/beta/deviceManagement/managedDevices", "managedDevice"),
        ("/v1.0/users", "user"),
        ("/v1.0/groups", "group"),
        ("/v1.0/organization", "organization"),
    ];

    /// <summary>One object at least of every type that can be had.</summary>
    private async Task FillAsync()
    {
        SampleTenant.Fill(Tenant);
        Tenant.AddVppApp();
        Tenant.Add("managedDevices", new JsonObject { ["deviceName"] = "iPhone" });
        var group = Tenant.AddGroup("g");
        var filter = Tenant.AddFilter("f");
        await CreateAsync(Paths.Imports, Bodies.Import("alice@contoso.com"));
        await CreateAsync("/beta/deviceManagement/derivedCredentials", Bodies.Parse("""{"displayName":"DISA","issuer":"purebred"}"""));
        var app = (string)(await CreateAsync(Paths.Apps, Bodies.StoreApp()))["id"]!;
        var policy = (string)(await CreateAsync(Paths.AppConfigurations, Bodies.AppConfiguration(app)))["id"]!;
        var root = await CreateRootAsync();
        await CreateAsync(Paths.Profiles, Bodies.Scep($"https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('{root}')"));
        await CreateAsync(Paths.Profiles, Bodies.ImportedProfile());
        foreach (var body in (string[])
            [
                """{"@odata.type":"#microsoft.graph.iosPkcsCertificateProfile","displayName":"PKCS","certificationAuthority":"ca.contoso.com","certificationAuthorityName":"CA","certificateTemplateName":"SMIME","certificateValidityPeriodScale":"years","certificateValidityPeriodValue":1,"renewalThresholdPercentage":20,"subjectNameFormat":"commonName","subjectAlternativeNameType":"userPrincipalName,emailAddress"}""",
                """{"@odata.type":"#microsoft.graph.iosEasEmailProfileConfiguration","displayName":"Mail","accountName":"Mail","hostName":"outlook.office365.com","durationOfEmailToSync":"oneMonth","emailAddressSource":"primarySmtpAddress","requireSsl":true,"easServices":"email,calendars"}""",
                """{"@odata.type":"#microsoft.graph.iosDerivedCredentialAuthenticationConfiguration","displayName":"Derived"}""",
                """{"@odata.type":"#microsoft.graph.windows10ImportedPFXCertificateProfile","displayName":"Windows","intendedPurpose":"smimeSigning","certificateValidityPeriodScale":"years","certificateValidityPeriodValue":1,"renewalThresholdPercentage":20,"subjectNameFormat":"commonName","subjectAlternativeNameType":"none","keyStorageProvider":"useTpmKspOtherwiseUseSoftwareKsp"}""",
            ])
        {
            await CreateAsync(Paths.Profiles, JsonNode.Parse(body)!);
        }

        await CreateAsync(Paths.AppConfigurations, Bodies.Parse($$"""{"@odata.type":"#microsoft.graph.androidManagedStoreAppConfiguration","displayName":"Android","packageId":"app:com.microsoft.office.outlook","profileApplicability":"default","targetedMobileApps":["{{app}}"],"payloadJson":"eyJraW5kIjogImFuZHJvaWRlbnRlcnByaXNlI21hbmFnZWRDb25maWd1cmF0aW9uIiwgInByb2R1Y3RJZCI6ICJhcHA6Y29tLm1pY3Jvc29mdC5vZmZpY2Uub3V0bG9vayIsICJtYW5hZ2VkUHJvcGVydHkiOiBbeyJrZXkiOiAiY29tLm1pY3Jvc29mdC5vdXRsb29rLk1haWwuU01JTUVFbmFibGVkIiwgInZhbHVlQm9vbCI6IHRydWV9XX0="}"""));
        var target = Bodies.Group(group);
        target["deviceAndAppManagementAssignmentFilterId"] = filter;
        target["deviceAndAppManagementAssignmentFilterType"] = "include";
        var assignments = new JsonArray(new JsonObject { ["target"] = target });
        await SendAsync("POST", $"{Paths.Profiles}/{root}/assign", new JsonObject { ["assignments"] = assignments.DeepClone() });
        await SendAsync("POST", $"{Paths.AppConfigurations}/{policy}/{Paths.AppConfigurationCast}/assign", new JsonObject { ["assignments"] = assignments.DeepClone() });
        var settings = Bodies.Parse("""{"@odata.type":"#microsoft.graph.iosStoreAppAssignmentSettings","isRemovable":true}""");
        await SendAsync("POST", $"{Paths.Apps}/{app}/assign", new JsonObject
        {
            ["mobileAppAssignments"] = new JsonArray(new JsonObject { ["intent"] = "required", ["target"] = target.DeepClone(), ["settings"] = settings }),
        });
        Tenant.Log.Violations.ShouldBeEmpty();
    }
}
