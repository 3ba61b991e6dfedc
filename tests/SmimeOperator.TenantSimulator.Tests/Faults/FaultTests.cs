using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Faults;

public sealed class FaultTests : SimulatorTest
{
    [Fact]
    public async Task A_status_with_headers_and_the_services_own_body()
    {
        Tenant.AddFault(new FaultRule
        {
            Method = "POST",
            Path = "deviceConfigurations$",
            Status = 503,
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "7" },
        });

        using var answer = await SendRawAsync("POST", Paths.Profiles, Bodies.Root().ToJsonString());
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        CodeOf(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))).ShouldBe("ServiceUnavailable");
        Tenant.Count("deviceConfigurations").ShouldBe(0);
        await GetAsync(Paths.Profiles);
        Tenant.ClearFaults();
        await CreateRootAsync();
    }

    [Fact]
    public async Task A_fault_strikes_the_nth_time_or_so_many_times()
    {
        Tenant.AddFault(new FaultRule { Nth = 2, Status = 500, Body = "boom" });
        (await StatusesAsync(3)).ShouldBe([200, 500, 200]);
        Tenant.ClearFaults();
        Tenant.AddFault(new FaultRule { Count = 2, Status = 500 });
        (await StatusesAsync(3)).ShouldBe([500, 500, 200]);
        Tenant.ClearFaults();
        Tenant.AddFault(new FaultRule { Probability = 0.5, Status = 500 });
        (await StatusesAsync(60)).Count(s => s == 500).ShouldBeInRange(10, 50);
    }

    [Fact]
    public async Task A_connection_breaks_before_the_change_or_after_it()
    {
        Tenant.AddFault(new FaultRule { Count = 1, Drop = DropMoment.BeforeCommit });
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync("POST", Paths.Profiles, Bodies.Root()));
        Tenant.Count("deviceConfigurations").ShouldBe(0);

        Tenant.AddFault(new FaultRule { Count = 1, Drop = DropMoment.AfterCommit });
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync("POST", Paths.Profiles, Bodies.Root()));
        Tenant.Count("deviceConfigurations").ShouldBe(1);
        Tenant.Log.Entries.Select(e => e.Status).ShouldBe([0, 0]);
    }

    [Theory]
    [InlineData(DropMoment.BeforeCommit, 0)]
    [InlineData(DropMoment.AfterCommit, 1)]
    public async Task An_answer_never_comes_whether_or_not_the_change_was_made(DropMoment moment, int made)
    {
        Tenant.AddFault(new FaultRule { Method = "POST", Count = 1, Silence = moment });
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var content = new StringContent(Bodies.Root().ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        var waiting = Client.PostAsync(Paths.Profiles, content, caller.Token);
        while (Tenant.Log.Entries.Count == 0)
        {
            await Task.Yield();
        }

        Tenant.Count("deviceConfigurations").ShouldBe(made);
        waiting.IsCompleted.ShouldBeFalse();
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        (await ListAsync(Paths.Profiles)).Count.ShouldBe(made);
    }

    [Fact]
    public async Task A_body_is_said_to_be_of_another_type()
    {
        await CreateRootAsync();
        Tenant.AddFault(new FaultRule { ContentType = "text/html" });
        using var answer = await SendRawAsync("GET", Paths.Profiles);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["value"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_page_begins_where_objects_have_moved_up()
    {
        for (var i = 0; i < 25; i++)
        {
            await CreateRootAsync($"r{i}");
        }

        Tenant.AddFault(new FaultRule { Page = 2, SkipObjects = 2 });
        var names = (await ListAsync(Paths.Profiles)).Select(p => (string)p["displayName"]!).ToList();
        Enumerable.Range(0, 25).Select(i => $"r{i}").Except(names).ShouldBe(["r10", "r11"]);
    }

    [Fact]
    public async Task A_page_shows_again_what_was_pushed_onto_it()
    {
        for (var i = 0; i < 25; i++)
        {
            await CreateRootAsync($"r{i}");
        }

        Tenant.AddFault(new FaultRule { Page = 2, RepeatObjects = 2 });
        var names = (await ListAsync(Paths.Profiles)).Select(p => (string)p["displayName"]!).ToList();
        names.CountBy(n => n).Where(n => n.Value == 2).Select(n => n.Key).ShouldBe(["r10", "r11"]);
        names.Count.ShouldBe(27);
    }

    [Fact]
    public async Task A_body_breaks_off_or_is_no_json_or_is_a_proxys_page()
    {
        await CreateRootAsync();
        Tenant.AddFault(new FaultRule { Count = 1, TruncateAfter = 50 });
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync("GET", Paths.Profiles));
        Tenant.AddFault(new FaultRule { Count = 1, MalformedJson = true });
        await Should.ThrowAsync<JsonException>(() => SendAsync("GET", Paths.Profiles));
        Tenant.AddFault(new FaultRule { Count = 1, HtmlPage = true, Status = 502 });
        using var answer = await SendRawAsync("GET", Paths.Profiles);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task A_page_fails_or_leads_back_to_itself()
    {
        for (var i = 0; i < 25; i++)
        {
            await CreateRootAsync($"r{i}");
        }

        Tenant.AddFault(new FaultRule { Page = 2, Count = 1, Status = 504 });
        var first = await GetAsync(Paths.Profiles);
        (await SendAsync("GET", (string)first["@odata.nextLink"]!)).Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await ListAsync(Paths.Profiles)).Count.ShouldBe(25);

        Tenant.AddFault(new FaultRule { NextLinkLoop = true, Page = 2 });
        var second = await GetAsync((string)first["@odata.nextLink"]!);
        var again = await GetAsync((string)second["@odata.nextLink"]!);
        again["value"]!.ToJsonString().ShouldBe(second["value"]!.ToJsonString());
        ((string)again["@odata.nextLink"]!).ShouldBe((string)second["@odata.nextLink"]!);
    }

    [Fact]
    public async Task A_list_shows_what_was_true_once()
    {
        var id = await CreateRootAsync("old");
        Tenant.AddFault(new FaultRule { Method = "GET", Path = "deviceConfigurations", StaleList = true });
        await CreateRootAsync("new");
        Tenant.Delete("deviceConfigurations", id);

        ((string)(await ListAsync(Paths.Profiles)).ShouldHaveSingleItem()["displayName"]!).ShouldBe("old");
        Tenant.ClearFaults();
        ((string)(await ListAsync(Paths.Profiles)).ShouldHaveSingleItem()["displayName"]!).ShouldBe("new");
    }

    [Fact]
    public async Task A_write_is_accepted_and_does_nothing()
    {
        var id = await CreateRootAsync();
        Tenant.AddFault(new FaultRule { Method = "PATCH|DELETE", IgnoreWrite = true });

        (await SendAsync("PATCH", $"{Paths.Profiles}/{id}", Bodies.Root("renamed"))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync("DELETE", $"{Paths.Profiles}/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        ((string)(await GetAsync($"{Paths.Profiles}/{id}"))["displayName"]!).ShouldBe("Corp root");
    }

    [Fact]
    public async Task A_write_takes_effect_and_is_answered_as_failed()
    {
        Tenant.AddFault(new FaultRule { Method = "POST", Status = 504, Commit = true });

        (await SendAsync("POST", Paths.Profiles, Bodies.Root("made"))).Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        ((string)(await ListAsync(Paths.Profiles)).ShouldHaveSingleItem()["displayName"]!).ShouldBe("made");
    }

    [Fact]
    public async Task An_answer_comes_late()
    {
        Tenant.AddFault(new FaultRule { DelayMilliseconds = 80 });
        var start = TimeProvider.System.GetTimestamp();
        await GetAsync(Paths.Profiles);
        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(70));
    }

    [Fact]
    public async Task Requests_inside_a_batch_are_struck_as_well()
    {
        Tenant.AddFault(new FaultRule { Path = "/users", Status = 500 });
        var request = new JsonObject { ["id"] = "1", ["method"] = "GET", ["url"] = "/users" };

        var (_, body) = await SendAsync("POST", "/v1.0/$batch", new JsonObject { ["requests"] = new JsonArray(request) });

        ((int)body!["responses"]![0]!["status"]!).ShouldBe(500);
    }

    private async Task<List<int>> StatusesAsync(int count)
    {
        var result = new List<int>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await SendRawAsync("GET", Paths.Profiles);
            result.Add((int)answer.StatusCode);
        }

        return result;
    }
}
