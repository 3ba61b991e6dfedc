using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Hosting;

public sealed class AdminTests : SimulatorTest
{
    [Fact]
    public async Task The_tenant_can_be_filled_changed_and_emptied_from_outside()
    {
        (await SendAsync("POST", "/admin/users", Bodies.Parse("""{"userPrincipalName":"alice@contoso.com"}"""))).Status.ShouldBe(HttpStatusCode.Created);
        await SendAsync("POST", "/admin/groups", Bodies.Parse("""{"displayName":"Sales","id":"8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40"}"""));
        await SendAsync("POST", "/admin/filters", Bodies.Parse("""{"displayName":"Corporate"}"""));
        await SendAsync("POST", "/admin/connectors", Bodies.Parse("""{"machineName":"srv1","lastConnection":"2026-01-01T00:00:00Z"}"""));
        await SendAsync("POST", "/admin/apps", Bodies.Parse("""{"displayName":"Outlook"}"""));
        await SendAsync("POST", "/admin/objects/deviceConfigurations", Bodies.Root());

        var objects = await GetAsync("/admin/objects");
        objects["groups"]!.AsArray().Single()!["id"]!.GetValue<string>().ShouldBe("8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40");
        var id = (string)objects["deviceConfigurations"]!.AsArray().Single()!["id"]!;
        var (status, changed) = await SendAsync("PATCH", $"/admin/objects/deviceConfigurations/{id}", Bodies.Parse("""
            {"displayName":"changed","assignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40"}}]}
            """));
        status.ShouldBe(HttpStatusCode.OK);
        ((int)changed!["version"]!).ShouldBe(2);
        changed["assignments"]!.AsArray().Count.ShouldBe(1);
        ((string)(await GetAsync($"{Paths.Profiles}/{id}"))["displayName"]!).ShouldBe("changed");
        (await SendAsync("PUT", "/admin/groups/8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40/members/alice@contoso.com")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync("/v1.0/groups/8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40/members")).ShouldHaveSingleItem()["userPrincipalName"]!.GetValue<string>().ShouldBe("alice@contoso.com");
        (await SendAsync("DELETE", "/admin/groups/8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40/members/alice@contoso.com")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync("/v1.0/groups/8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40/members")).ShouldBeEmpty();
        (await SendAsync("PUT", "/admin/groups/8f9e1c4e-0d1b-4d6e-9a77-5d1f6c2b3a40/members/nobody")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("PATCH", $"/admin/objects/deviceConfigurations/{id}", Bodies.Parse("""{"frob":1}"""))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("PATCH", "/admin/objects/deviceConfigurations/x", Bodies.Parse("{}"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync("DELETE", $"/admin/objects/deviceConfigurations/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync("GET", "/admin/objects/nonsense")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Faults_and_limits_can_be_set_from_outside()
    {
        (await SendAsync("PUT", "/admin/faults", JsonNode.Parse("""[{"method":"GET","path":"/users","count":1,"status":503,"headers":{"Retry-After":"1"}}]"""))).Status
            .ShouldBe(HttpStatusCode.OK);
        (await SendAsync("GET", "/v1.0/users")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await GetAsync("/v1.0/users");
        (await SendAsync("PUT", "/admin/faults", JsonNode.Parse("""{"drop":"AfterCommit"}"""))).Status.ShouldBe(HttpStatusCode.OK);
        (await GetAsync("/admin/faults")).AsArray().Count.ShouldBe(1);
        (await SendAsync("DELETE", "/admin/faults")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync("PUT", "/admin/faults", JsonNode.Parse("""{"frob":1}"""))).Status.ShouldBe(HttpStatusCode.BadRequest);

        await SendAsync("PUT", "/admin/limits", JsonNode.Parse("""{"enabled":true,"writesPerApp":0}"""));
        (await SendAsync("POST", Paths.Profiles, Bodies.Root())).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task The_log_tells_what_was_asked()
    {
        await SendAsync("POST", Paths.Profiles, Bodies.Root(), headers: ("client-request-id", "abc"));
        var bad = Bodies.Root();
        bad["frob"] = 1;
        await SendAsync("POST", Paths.Profiles, bad);
        await GetAsync($"{Paths.Profiles}?$top=1");

        var log = (await GetAsync("/admin/log")).AsArray();
        log.Count.ShouldBe(3);
        ((string)log[0]!["clientRequestId"]!).ShouldBe("abc");
        ((string)log[0]!["bodyType"]!).ShouldBe("#microsoft.graph.iosTrustedRootCertificate");
        ((string)log[2]!["query"]!).ShouldBe("$top=1");
        (await GetAsync("/admin/log?violations")).AsArray().Count.ShouldBe(1);
        (await GetAsync("/admin/log?last=1")).AsArray().Count.ShouldBe(1);
        var counts = await GetAsync("/admin/counts");
        ((int)counts["total"]!["writes"]!).ShouldBe(2);
        ((int)counts["paths"]!["/deviceManagement/deviceConfigurations"]!["reads"]!).ShouldBe(1);
        await SendAsync("DELETE", "/admin/log");
        (await GetAsync("/admin/log")).AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Counts_name_paths_without_their_ids()
    {
        var id = await CreateRootAsync();
        await GetAsync($"{Paths.Profiles}('{id}')/assignments");
        await GetAsync($"{Paths.Profiles}/{id}/microsoft.graph.iosTrustedRootCertificate");

        Tenant.Log.Counts.Keys.ShouldBe(
            [
                "/deviceManagement/deviceConfigurations",
                "/deviceManagement/deviceConfigurations/{id}/assignments",
                "/deviceManagement/deviceConfigurations/{id}/microsoft.graph.iosTrustedRootCertificate",
            ],
            ignoreOrder: true);
    }
}

public sealed class BoundedLogTests : SimulatorTest
{
    protected override SimulatorOptions Options { get; } = new() { LogCapacity = 5, Limits = PublishedLimits.Off };

    [Fact]
    public async Task Entries_are_bounded_and_counts_are_not()
    {
        for (var i = 0; i < 12; i++)
        {
            await GetAsync("/v1.0/users");
        }

        Tenant.Log.Entries.Select(e => e.Number).ShouldBe([8L, 9, 10, 11, 12]);
        Tenant.Log.Total.Reads.ShouldBe(12);
    }
}
