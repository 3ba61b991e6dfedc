using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Queries;

public sealed class ListTests : SimulatorTest
{
    [Theory]
    [InlineData("displayName eq 'Corp root'", 1)]
    [InlineData("displayName eq 'corp root'", 0)]
    [InlineData("tolower(displayName) eq 'corp root'", 1)]
    [InlineData("displayName ne 'Corp root'", 2)]
    [InlineData("displayName in ('Corp root', 'O''Neil')", 2)]
    [InlineData("displayName eq 'O''Neil'", 1)]
    [InlineData("startsWith(displayName,'Corp') and isof('microsoft.graph.iosTrustedRootCertificate')", 1)]
    [InlineData("isof('microsoft.graph.iosScepCertificateProfile') or isof('microsoft.graph.iosTrustedRootCertificate')", 3)]
    [InlineData("not (isof('microsoft.graph.iosScepCertificateProfile'))", 2)]
    [InlineData("contains(tolower(displayName),'cert') and (version eq 1)", 1)]
    [InlineData("microsoft.graph.iosScepCertificateProfile/keySize eq 'Size2048'", 1)]
    [InlineData("microsoft.graph.iosScepCertificateProfile/keySize eq microsoft.graph.keySize'size2048'", 1)]
    [InlineData("microsoft.graph.iosScepCertificateProfile/keySize eq null", 2)]
    [InlineData("createdDateTime ge 2001-01-01T00:00:00Z and version lt 2", 3)]
    [InlineData("(displayName eq 'Corp root' or displayName eq 'SCEP Cert') and description eq null", 2)]
    public async Task A_filter_finds_what_it_says(string filter, int expected)
    {
        await CreateRootAsync();
        await CreateAsync(Paths.Profiles, Bodies.Root("O'Neil"));
        await CreateAsync(Paths.Profiles, Bodies.Scep());

        var found = await ListAsync($"{Paths.Profiles}?$filter={Uri.EscapeDataString(filter)}");

        found.Count.ShouldBe(expected);
    }

    [Theory]
    [InlineData("displayName")]
    [InlineData("displayName eq 'open")]
    [InlineData("nothing eq 'x'")]
    [InlineData("frob(displayName) eq 'x'")]
    [InlineData("isof('microsoft.graph.nonsense')")]
    [InlineData("displayName eq 'a' displayName")]
    public async Task A_filter_that_makes_no_sense_is_refused(string filter)
    {
        var (status, body) = await SendAsync("GET", $"{Paths.Profiles}?$filter={Uri.EscapeDataString(filter)}");

        if (filter == "displayName")
        {
            status.ShouldBe(HttpStatusCode.OK);
            return;
        }

        status.ShouldBe(HttpStatusCode.BadRequest);
        CodeOf(body).ShouldBe("BadRequest");
    }

    [Fact]
    public async Task Apps_are_found_as_the_portal_asks_for_them()
    {
        Tenant.AddStoreApp();
        Tenant.AddVppApp();
        Tenant.Add("mobileApps", new JsonObject { ["@odata.type"] = "#microsoft.graph.managedIOSStoreApp", ["displayName"] = "Outlook MAM" });

        var portal = "(microsoft.graph.managedApp/appAvailability eq null or microsoft.graph.managedApp/appAvailability eq 'lineOfBusiness' or isAssigned eq true)";
        (await ListAsync($"{Paths.Apps}?$filter={Uri.EscapeDataString(portal)}&$orderby=displayName")).Count.ShouldBe(2);

        var either = "(isof('microsoft.graph.iosStoreApp') or isof('microsoft.graph.iosVppApp')) and contains(displayName,'Outlook')";
        var apps = await ListAsync($"{Paths.Apps}?$filter={Uri.EscapeDataString(either)}&$select=id,displayName,microsoft.graph.iosStoreApp/bundleId");
        apps.Count.ShouldBe(2);
        apps[0]["bundleId"]!.GetValue<string>().ShouldBe("com.microsoft.Office.Outlook");
        apps[0]["@odata.type"]!.GetValue<string>().ShouldBe("#microsoft.graph.iosStoreApp");
        apps[1].AsObject().ContainsKey("bundleId").ShouldBeFalse();
        (await ListAsync($"{Paths.Apps}?$search=\"Outlook\"")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Pages_follow_each_other_by_absolute_links_to_the_host_that_was_asked()
    {
        for (var i = 0; i < 25; i++)
        {
            await CreateRootAsync($"root {i}");
        }

        using var answer = await SendRawAsync("GET", $"{Paths.Profiles}?$filter=startsWith(displayName,'root')", headers: ("Host", "graph.example:8443"));
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;
        page["value"]!.AsArray().Count.ShouldBe(10);
        var link = new Uri((string)page["@odata.nextLink"]!);
        link.Authority.ShouldBe("graph.example:8443");
        link.Query.ShouldContain("$skiptoken=");
        link.Query.ShouldContain("$filter=");

        var all = await ListAsync(Paths.Profiles);
        all.Select(o => (string?)o["displayName"]).ShouldBe(Enumerable.Range(0, 25).Select(i => $"root {i}"));
    }

    [Fact]
    public async Task A_page_continues_where_the_one_before_ended_even_when_objects_come_and_go()
    {
        var ids = new List<string>();
        for (var i = 0; i < 15; i++)
        {
            ids.Add(await CreateRootAsync($"root {i}"));
        }

        var first = await GetAsync(Paths.Profiles);
        Tenant.Delete("deviceConfigurations", ids[9]).ShouldBeTrue();
        Tenant.Delete("deviceConfigurations", ids[0]).ShouldBeTrue();
        var second = await GetAsync((string)first["@odata.nextLink"]!);

        second["value"]!.AsArray().Select(o => (string?)o!["id"]).ShouldBe(ids[10..]);
        second.AsObject().ContainsKey("@odata.nextLink").ShouldBeFalse();
    }

    [Fact]
    public async Task Select_top_count_and_order_are_understood()
    {
        await CreateRootAsync("b");
        await CreateRootAsync("a");
        await CreateRootAsync("c");

        var page = await GetAsync($"{Paths.Profiles}?$select=id,displayName&$top=2&$count=true&$orderby=displayName desc");
        page["@odata.count"]!.GetValue<int>().ShouldBe(3);
        page["value"]!.AsArray().Select(o => (string?)o!["displayName"]).ShouldBe(["c", "b"]);
        page["value"]![0]!.AsObject().Select(p => p.Key).ShouldBe(["@odata.type", "id", "displayName"]);
        (await GetAsync((string)page["@odata.nextLink"]!))["value"]!.AsArray().Count.ShouldBe(1);

        (await SendAsync("GET", $"{Paths.Profiles}?$select=id,keySize")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("GET", $"{Paths.Profiles}?$frob=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Assignments_come_with_the_list_when_they_are_expanded()
    {
        var group = Tenant.AddGroup("Everybody");
        var id = await CreateRootAsync();
        await SendAsync("POST", $"{Paths.Profiles}/{id}/assign", Bodies.Assignments(group));

        var item = (await GetAsync($"{Paths.Profiles}?$expand=assignments"))["value"]![0]!;
        item["assignments"]![0]!["id"]!.GetValue<string>().ShouldBe($"{id}_{group}");
        item.AsObject().ContainsKey("assignments@odata.context").ShouldBeTrue();
        (await GetAsync(Paths.Profiles))["value"]![0]!.AsObject().ContainsKey("assignments").ShouldBeFalse();
        (await SendAsync("GET", $"{Paths.Profiles}?$expand=nonsense")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Both_ways_to_write_a_key_lead_to_the_same_object()
    {
        var id = await CreateRootAsync();

        (await GetAsync($"{Paths.Profiles}('{id}')"))["id"]!.GetValue<string>().ShouldBe(id);
        (await GetAsync($"{Paths.Profiles}/{id}"))["id"]!.GetValue<string>().ShouldBe(id);
        (await GetAsync($"{Paths.Profiles}/{id}/microsoft.graph.iosTrustedRootCertificate"))["id"]!.GetValue<string>().ShouldBe(id);
        (await SendAsync("GET", $"{Paths.Profiles}/{id}/microsoft.graph.iosScepCertificateProfile")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ListAsync($"{Paths.Profiles}/microsoft.graph.iosTrustedRootCertificate")).Count.ShouldBe(1);
        (await ListAsync($"{Paths.Profiles}/microsoft.graph.iosScepCertificateProfile")).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Wrong_paths_are_refused_in_plain_words()
    {
        var (status, body) = await SendAsync("GET", "/beta/deviceManagement/mobileAppConfigurations");
        status.ShouldBe(HttpStatusCode.BadRequest);
        MessageOf(body).ShouldBe("Resource not found for the segment 'mobileAppConfigurations'.");
        (await SendAsync("GET", "/v1.0/deviceManagement/userPfxCertificates")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("GET", "/v1.0/deviceManagement/deviceConfigurations")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("managedDevices")]
    [InlineData("derivedCredentials")]
    [InlineData("assignmentFilters")]
    [InlineData("ndesConnectors")]
    [InlineData("certificateConnectorDetails")]
    [InlineData("userPfxCertificates")]
    public async Task Empty_collections_are_empty_lists(string name) =>
        (await GetAsync($"/beta/deviceManagement/{name}"))["value"]!.AsArray().ShouldBeEmpty();
}

public sealed class UnexpandedListTests : SimulatorTest
{
    protected override SimulatorOptions Options { get; } = new() { OmitExpandedAssignments = true };

    [Fact]
    public async Task An_expansion_may_be_left_out()
    {
        await CreateRootAsync();

        (await GetAsync($"{Paths.Profiles}?$expand=assignments"))["value"]![0]!.AsObject().ContainsKey("assignments").ShouldBeFalse();
    }
}
