using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Queries;

public sealed class DirectoryTests : SimulatorTest
{
    [Fact]
    public async Task People_are_found_by_id_name_mail_and_alias()
    {
        var id = Tenant.AddUser("alice@contoso.com", "alice.a@contoso.com", "Alice", proxyAddresses: ["SMTP:alice.a@contoso.com", "smtp:al@contoso.com"]);
        Tenant.AddUser("bob@contoso.com");

        ((string)(await GetAsync($"/v1.0/users/{id}"))["userPrincipalName"]!).ShouldBe("alice@contoso.com");
        ((string)(await GetAsync("/v1.0/users/ALICE@contoso.com?$select=id"))["id"]!).ShouldBe(id);
        (await GetAsync("/v1.0/users('alice@contoso.com')")).AsObject().ContainsKey("@odata.type").ShouldBeFalse();
        foreach (var filter in (string[])
            [
                "userPrincipalName eq 'Alice@Contoso.com'",
                "mail eq 'alice.a@contoso.com'",
                "proxyAddresses/any(p:p eq 'smtp:al@contoso.com')",
                "startsWith(displayName,'ali')",
                $"id in ('{id}','x')",
                "userPrincipalName in ('alice@contoso.com','nobody')",
            ])
        {
            ((string)(await ListAsync($"/v1.0/users?$filter={Uri.EscapeDataString(filter)}&$select=id")).ShouldHaveSingleItem(filter)["id"]!).ShouldBe(id);
        }

        (await ListAsync("/v1.0/users?$filter=userPrincipalName eq 'nobody'")).ShouldBeEmpty();
        var (status, body) = await SendAsync("GET", "/v1.0/users/nobody");
        status.ShouldBe(HttpStatusCode.NotFound);
        CodeOf(body).ShouldBe("Request_ResourceNotFound");
        MessageOf(body).ShouldBe("Resource 'nobody' does not exist or one of its queried reference-property objects are not present.");
    }

    [Theory]
    [InlineData("$filter=displayName ne 'x'")]
    [InlineData("$filter=not(displayName eq 'x')")]
    [InlineData("$filter=endsWith(mail,'contoso.com')")]
    [InlineData("$filter=displayName eq 'x'&$orderby=displayName")]
    [InlineData("$search=\"displayName:x\"")]
    public async Task Advanced_queries_need_their_header(string query)
    {
        var (status, body) = await SendAsync("GET", $"/v1.0/users?{query}");
        status.ShouldBe(HttpStatusCode.BadRequest);
        CodeOf(body).ShouldBe("Request_UnsupportedQuery");

        (await SendAsync("GET", $"/v1.0/users?{query}&$count=true", headers: ("ConsistencyLevel", "eventual"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Names_of_groups_need_not_be_unique()
    {
        Tenant.AddGroup("Sales");
        Tenant.AddGroup("sales");

        var filter = "displayName eq 'Sales'&$select=id,displayName,mail,mailNickname,securityEnabled,groupTypes,mailEnabled";
        var found = await ListAsync($"/v1.0/groups?$filter={filter}");
        found.Count.ShouldBe(2);
        found[0]["groupTypes"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_ids_are_looked_up_at_once()
    {
        var (user, group) = (Tenant.AddUser("alice@contoso.com"), Tenant.AddGroup("Sales"));

        var (_, body) = await SendAsync("POST", "/v1.0/directoryObjects/getByIds", new JsonObject { ["ids"] = new JsonArray(user, group, "x") });
        body!["value"]!.AsArray().Select(o => (string?)o!["@odata.type"]).ShouldBe(["#microsoft.graph.user", "#microsoft.graph.group"]);
        var groups = await SendAsync(
            "POST", "/v1.0/directoryObjects/getByIds", new JsonObject { ["ids"] = new JsonArray(user, group), ["types"] = new JsonArray("group") });
        groups.Body!["value"]!.AsArray().Count.ShouldBe(1);
        (await SendAsync("POST", "/v1.0/directoryObjects/getByIds", new JsonObject())).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Connectors_show_in_both_collections()
    {
        Tenant.AddConnector("srv1", "6.1911.10.0", "inactive");

        var connector = (await ListAsync("/beta/deviceManagement/ndesConnectors")).ShouldHaveSingleItem();
        ((string)connector["state"]!).ShouldBe("inactive");
        ((string)connector["connectorVersion"]!).ShouldBe("6.1911.10.0");
        var details = (await ListAsync("/beta/deviceManagement/certificateConnectorDetails")).ShouldHaveSingleItem();
        ((string)details["machineName"]!).ShouldBe("srv1");
        var metrics = await SendAsync(
            "POST", $"/beta/deviceManagement/certificateConnectorDetails/{details["id"]}/getHealthMetrics", new JsonObject { ["metricNames"] = new JsonArray() });
        metrics.Body!["value"]!.AsArray().ShouldBeEmpty();
    }
}
