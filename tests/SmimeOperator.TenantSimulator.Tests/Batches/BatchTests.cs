using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Batches;

public sealed class BatchTests : SimulatorTest
{
    [Fact]
    public async Task Twenty_requests_are_answered_each_by_its_id_in_any_order()
    {
        var requests = Enumerable.Range(0, 20).Select(i => Request($"{i}", "GET", $"/deviceManagement/deviceConfigurations?$top={i + 1}")).ToArray();

        var (status, body) = await BatchAsync(requests);

        status.ShouldBe(HttpStatusCode.OK);
        var ids = body!["responses"]!.AsArray().Select(r => int.Parse((string)r!["id"]!, CultureInfo.InvariantCulture)).ToList();
        ids.Order().ShouldBe(Enumerable.Range(0, 20));
        ids.ShouldNotBe(Enumerable.Range(0, 20));
        body["responses"]!.AsArray().ShouldAllBe(r => (int)r!["status"]! == 200 && r["body"]!["value"] != null);
        Tenant.Log.Counts["/deviceManagement/deviceConfigurations"].Reads.ShouldBe(20);
        Tenant.Log.Entries.Count(e => e.IsInBatch).ShouldBe(20);
    }

    [Fact]
    public async Task Writes_carry_bodies_and_answers()
    {
        var create = Request("a", "POST", "deviceManagement/deviceConfigurations");
        create["headers"] = new JsonObject { ["content-type"] = "application/json" };
        create["body"] = Bodies.Root();

        var (_, body) = await BatchAsync(create, Request("b", "DELETE", "/deviceManagement/deviceConfigurations/nothing"));

        var answers = body!["responses"]!.AsArray().ToDictionary(r => (string)r!["id"]!, r => r!, StringComparer.Ordinal);
        ((int)answers["a"]["status"]!).ShouldBe(201);
        ((string)answers["a"]["body"]!["displayName"]!).ShouldBe("Corp root");
        ((int)answers["b"]["status"]!).ShouldBe(404);
    }

    [Fact]
    public async Task Throttled_ones_come_back_as_inner_429_with_their_own_header()
    {
        Tenant.Limits = new PublishedLimits { RequestsPerApp = 2 };

        var (status, body) = await BatchAsync([.. Enumerable.Range(0, 4).Select(i => Request($"{i}", "GET", "/deviceManagement/deviceConfigurations"))]);

        status.ShouldBe(HttpStatusCode.OK);
        var throttled = body!["responses"]!.AsArray().Where(r => (int)r!["status"]! == 429).ToList();
        throttled.Count.ShouldBe(2);
        throttled.ShouldAllBe(r => r!["headers"]!["Retry-After"] != null);
    }

    [Fact]
    public async Task A_failed_dependency_takes_its_dependants_along()
    {
        var second = Request("2", "GET", "/deviceManagement/deviceConfigurations");
        second["dependsOn"] = new JsonArray("1");

        var (_, body) = await BatchAsync(Request("1", "GET", "/deviceManagement/deviceConfigurations/nothing"), second);

        ((int)body!["responses"]!.AsArray().Single(r => (string)r!["id"]! == "2")!["status"]!).ShouldBe(424);
    }

    [Fact]
    public async Task Malformed_batches_are_refused_whole()
    {
        (await BatchAsync([.. Enumerable.Range(0, 21).Select(i => Request($"{i}", "GET", "/users"))])).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await BatchAsync(Request("a", "GET", "/users"), Request("A", "GET", "/users"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var bare = Request("1", "POST", "/deviceManagement/deviceConfigurations");
        bare["body"] = Bodies.Root();
        (await BatchAsync(bare)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("POST", "/beta/$batch", new JsonObject())).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static JsonObject Request(string id, string method, string url) => new() { ["id"] = id, ["method"] = method, ["url"] = url };

    private Task<(HttpStatusCode Status, JsonNode? Body)> BatchAsync(params JsonObject[] requests) =>
        SendAsync("POST", "/beta/$batch", new JsonObject { ["requests"] = new JsonArray([.. requests]) });
}
