using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SmimeOperator.TenantSimulator.Tests.Writes;

public sealed partial class WriteTests : SimulatorTest
{
    [Fact]
    public async Task A_creation_answers_the_whole_entity_as_the_service_does()
    {
        var created = await CreateAsync(Paths.Profiles, Bodies.Scep());

        ((string)created["@odata.context"]!).ShouldEndWith("/beta/$metadata#deviceManagement/deviceConfigurations/$entity");
        ((string)created["@odata.type"]!).ShouldBe("#microsoft.graph.iosScepCertificateProfile");
        ((int)created["version"]!).ShouldBe(1);
        Timestamp().IsMatch((string)created["createdDateTime"]!).ShouldBeTrue();
        ((string)created["lastModifiedDateTime"]!).ShouldBe((string)created["createdDateTime"]!);
        created.AsObject().ContainsKey("subjectAlternativeNameType").ShouldBeTrue("unset properties are explicit");
        created["subjectAlternativeNameType"].ShouldBeNull();
        ((string)created["keyUsage"]!).ShouldBe("keyEncipherment,digitalSignature", "bit sets come back in the order of their bits");
        created["roleScopeTagIds"]!.ToJsonString().ShouldBe("""["0"]""");
        Tenant.Log.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_answers_204_and_raises_the_version()
    {
        var id = await CreateRootAsync();
        var change = new JsonObject { ["@odata.type"] = "#microsoft.graph.iosTrustedRootCertificate", ["description"] = "new" };

        var (status, body) = await SendAsync("PATCH", $"{Paths.Profiles}/{id}", change);

        status.ShouldBe(HttpStatusCode.NoContent);
        body.ShouldBeNull();
        var read = await GetAsync($"{Paths.Profiles}/{id}");
        ((string)read["description"]!).ShouldBe("new");
        ((int)read["version"]!).ShouldBe(2);
        ((string)read["displayName"]!).ShouldBe("Corp root");
    }

    [Fact]
    public async Task A_deletion_answers_200_for_configurations_and_404_when_there_is_nothing()
    {
        var id = await CreateRootAsync();

        (await SendAsync("DELETE", $"{Paths.Profiles}/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync("DELETE", $"{Paths.Profiles}/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var (status, body) = await SendAsync("GET", $"{Paths.Profiles}/{id}");
        status.ShouldBe(HttpStatusCode.NotFound);
        CodeOf(body).ShouldBe("ResourceNotFound");
        ((string)body!["error"]!["message"]!).ShouldStartWith("{\r\n  \"_version\": 3,\r\n  \"Message\": \"");
        var app = await SendAsync("GET", $"{Paths.Apps}/{id}");
        MessageOf(app.Body).ShouldStartWith($"App with id '{id}' not found. - Operation ID (for customer support)");
    }

    [Theory]
    [InlineData("""{"displayName":"x"}""", "@odata.type is missing")]
    [InlineData("""{"@odata.type":"#microsoft.graph.nonsense","displayName":"x"}""", "does not fit")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosMobileAppConfiguration","displayName":"x"}""", "does not fit")]
    [InlineData("""{"@odata.type":"#microsoft.graph.deviceConfiguration","displayName":"x"}""", "does not fit")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","trustedRootCertificate":"AQID"}""", "displayName: a new")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x"}""", "trustedRootCertificate: a new")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x","trustedRootCertificate":"no base64!"}""", "not an Edm.Binary")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":5,"trustedRootCertificate":"AQID"}""", "not an Edm.String")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":null,"trustedRootCertificate":"AQID"}""", "null is not allowed")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x","trustedRootCertificate":"AQID","frob":1}""", "does not exist on type")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x","trustedRootCertificate":"AQID","version":7}""", "read-only")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x","trustedRootCertificate":"AQID","id":"7"}""", "read-only")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x","trustedRootCertificate":"AQID","assignments":[]}""", "cannot be written inline")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosTrustedRootCertificate","displayName":"x","trustedRootCertificate":"AQID","roleScopeTagIds":"0"}""", "a collection is expected")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosImportedPFXCertificateProfile","displayName":"x","intendedPurpose":"mail"}""", "not a member of intendedPurpose")]
    [InlineData("""{"@odata.type":"#microsoft.graph.iosImportedPFXCertificateProfile","displayName":"x","intendedPurpose":2}""", "not a member of intendedPurpose")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{", "no JSON object")]
    public async Task A_body_that_breaks_the_schema_is_refused_and_remembered(string body, string violation)
    {
        using var answer = await SendRawAsync("POST", Paths.Profiles, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Tenant.Log.Violations.ShouldHaveSingleItem().ShouldContain(violation);
        Tenant.Count("deviceConfigurations").ShouldBe(0);
    }

    [Fact]
    public async Task The_portals_empty_id_is_put_aside()
    {
        var body = Bodies.Root();
        body["id"] = "00000000-0000-0000-0000-000000000000";

        ((string)(await CreateAsync(Paths.Profiles, body))["id"]!).ShouldNotBe("00000000-0000-0000-0000-000000000000");
        Tenant.Log.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_type_is_refused_in_the_models_words()
    {
        var (_, body) = await SendAsync("POST", Paths.Profiles, new JsonObject { ["@odata.type"] = "#microsoft.graph.nonsense" });

        MessageOf(body).ShouldStartWith("A type named 'microsoft.graph.nonsense' could not be resolved by the model.");
    }

    [Fact]
    public async Task Other_bad_bodies_get_the_opaque_answer()
    {
        var (_, body) = await SendAsync("POST", Paths.AppConfigurations, new JsonObject { ["@odata.type"] = "#microsoft.graph.iosMobileAppConfiguration" });

        CodeOf(body).ShouldBe("BadRequest");
        MessageOf(body).ShouldStartWith("An error has occurred - Operation ID");
        body!["error"]!["innerError"]!["request-id"].ShouldNotBeNull();
    }

    [Fact]
    public async Task The_purpose_of_an_imported_profile_is_fixed()
    {
        var id = (string)(await CreateAsync(Paths.Profiles, Bodies.ImportedProfile()))["id"]!;
        var change = Bodies.ImportedProfile();
        (await SendAsync("PATCH", $"{Paths.Profiles}/{id}", change)).Status.ShouldBe(HttpStatusCode.NoContent);
        change["intendedPurpose"] = "smimeSigning";
        (await SendAsync("PATCH", $"{Paths.Profiles}/{id}", change)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("PATCH", $"{Paths.Profiles}/{id}", Bodies.Root())).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_app_configuration_keeps_settings_or_xml_but_not_both()
    {
        var app = Tenant.AddStoreApp();
        var created = await CreateAsync(Paths.AppConfigurations, Bodies.AppConfiguration(app));
        created["settings"]!.AsArray().Count.ShouldBe(2);
        created["encodedSettingXml"].ShouldBeNull();

        var xml = Bodies.AppConfiguration(app);
        xml["settings"] = null;
        xml["encodedSettingXml"] = Convert.ToBase64String("<dict><key>a</key><true/></dict>"u8);
        (await CreateAsync(Paths.AppConfigurations, xml))["settings"]!.AsArray().ShouldBeEmpty();

        xml["encodedSettingXml"] = Convert.ToBase64String("<dict>"u8);
        (await SendAsync("POST", Paths.AppConfigurations, xml)).Status.ShouldBe(HttpStatusCode.BadRequest);
        var both = Bodies.AppConfiguration(app);
        both["encodedSettingXml"] = Convert.ToBase64String("<dict/>"u8);
        (await SendAsync("POST", Paths.AppConfigurations, both)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Targeted_apps_must_exist_when_they_are_named_and_may_dangle_later()
    {
        (await SendAsync("POST", Paths.AppConfigurations, Bodies.AppConfiguration(Guid.Empty.ToString()))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var app = Tenant.AddStoreApp();
        var id = (string)(await CreateAsync(Paths.AppConfigurations, Bodies.AppConfiguration(app)))["id"]!;
        Tenant.Delete("mobileApps", app);

        (await SendAsync("PATCH", $"{Paths.AppConfigurations}/{id}", Bodies.AppConfiguration(app))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await GetAsync($"{Paths.AppConfigurations}/{id}"))["targetedMobileApps"]!.ToJsonString().ShouldContain(app);
    }

    [Fact]
    public async Task The_store_names_the_bundle_of_its_app()
    {
        var created = await CreateAsync(Paths.Apps, Bodies.StoreApp());

        ((string)created["bundleId"]!).ShouldBe("com.microsoft.Office.Outlook");
        ((string)created["publishingState"]!).ShouldBe("published");
        ((bool)created["isAssigned"]!).ShouldBeFalse();
        var two = Bodies.StoreApp();
        two["minimumSupportedOperatingSystem"] = new JsonObject { ["v14_0"] = true, ["v15_0"] = true };
        (await SendAsync("POST", Paths.Apps, two)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Dates_come_back_in_universal_time_with_seven_digits()
    {
        Tenant.AddUser("alice@contoso.com");
        var body = Bodies.Import("alice@contoso.com");
        body["startDateTime"] = "2024-01-01T02:00:00.5+02:00";

        ((string)(await CreateAsync(Paths.Imports, body))["startDateTime"]!).ShouldBe("2024-01-01T00:00:00.5000000Z");
        body["thumbprint"] = "0000000000000000000000000000000000000000";
        body["startDateTime"] = "2024-01-01T02:00:00";
        (await SendAsync("POST", Paths.Imports, body)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task There_is_one_issuer_of_derived_credentials_and_it_cannot_be_changed()
    {
        var body = Bodies.Parse("""{"displayName":"DISA","issuer":"purebred","notificationType":"email,companyPortal","renewalThresholdPercentage":20}""");
        var created = await CreateAsync("/beta/deviceManagement/derivedCredentials", body);
        ((string)created["notificationType"]!).ShouldBe("companyPortal,email");

        (await SendAsync("POST", "/beta/deviceManagement/derivedCredentials", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("PATCH", $"/beta/deviceManagement/derivedCredentials/{created["id"]}", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("DELETE", $"/beta/deviceManagement/derivedCredentials/{created["id"]}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Connectors_and_people_cannot_be_written()
    {
        (await SendAsync("POST", "/beta/deviceManagement/ndesConnectors", new JsonObject { ["displayName"] = "x" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("POST", "/v1.0/groups", new JsonObject { ["displayName"] = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", RegexOptions.None, 1000)]
    private static partial Regex Timestamp();
}

public sealed class DocumentedAnswersTests : SimulatorTest
{
    protected override SimulatorOptions Options { get; } = new()
    {
        PatchAnswer = PatchAnswer.Entity,
        DeleteAnswer = DeleteAnswer.NoContent,
        ReadOnlyWrites = ReadOnlyWrites.Ignore,
    };

    [Fact]
    public async Task The_documented_answers_can_be_had_as_well()
    {
        var id = await CreateRootAsync();

        var (status, body) = await SendAsync("PATCH", $"{Paths.Profiles}/{id}", Bodies.Root("renamed"));
        status.ShouldBe(HttpStatusCode.OK);
        ((string)body!["displayName"]!).ShouldBe("renamed");
        (await SendAsync("DELETE", $"{Paths.Profiles}/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Read_only_properties_can_be_put_aside_and_are_remembered_all_the_same()
    {
        var body = Bodies.Root();
        body["version"] = 12;

        ((int)(await CreateAsync(Paths.Profiles, body))["version"]!).ShouldBe(1);
        Tenant.Log.Violations.ShouldHaveSingleItem().ShouldContain("version");
    }
}
