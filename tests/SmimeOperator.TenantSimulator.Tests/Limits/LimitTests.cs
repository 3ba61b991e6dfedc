using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace SmimeOperator.TenantSimulator.Tests.Limits;

public sealed class LimitTests : SimulatorTest
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public LimitTests() => Options = new SimulatorOptions { TimeProvider = _time, Limits = new PublishedLimits { CountThrottled = false } };

    protected override SimulatorOptions Options { get; }

    [Fact]
    public async Task A_hundred_writes_in_twenty_seconds_and_no_more()
    {
        for (var i = 0; i < 100; i++)
        {
            await CreateRootAsync();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        using var refused = await SendRawAsync("POST", Paths.Profiles, Bodies.Root().ToJsonString());
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        var body = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Stop));
        CodeOf(body).ShouldBe("TooManyRequests");
        ((string)body!["error"]!["message"]!).ShouldStartWith("{\r\n  \"_version\": 3");

        _time.Advance(TimeSpan.FromSeconds(9.9));
        (await SendAsync("POST", Paths.Profiles, Bodies.Root())).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await CreateRootAsync();
        (await SendAsync("POST", Paths.Profiles, Bodies.Root())).Status.ShouldBe(HttpStatusCode.TooManyRequests, "the window slides, it does not start anew");
        Tenant.Log.Counts["/deviceManagement/deviceConfigurations"].ShouldBe(new RequestCounts(0, 104, 3));
    }

    [Fact]
    public async Task Reads_pass_while_writes_are_throttled_and_services_do_not_share_limits()
    {
        Tenant.Limits = Tenant.Limits with { WritesPerApp = 1 };
        await CreateRootAsync();
        (await SendAsync("POST", Paths.Profiles, Bodies.Root())).Status.ShouldBe(HttpStatusCode.TooManyRequests);

        await GetAsync(Paths.Profiles);
        await CreateAsync(Paths.Apps, Bodies.StoreApp());
    }

    [Fact]
    public async Task A_thousand_requests_of_any_kind_in_twenty_seconds()
    {
        for (var i = 0; i < 1000; i++)
        {
            await GetAsync(Paths.Profiles);
        }

        (await SendAsync("GET", Paths.Profiles)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await SendAsync("POST", Paths.Profiles, Bodies.Root())).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        _time.Advance(TimeSpan.FromSeconds(20));
        await GetAsync(Paths.Profiles);
    }

    [Fact]
    public async Task Every_app_has_its_own_limit_below_the_tenants()
    {
        Tenant.Limits = Tenant.Limits with { WritesPerApp = 2, WritesPerTenant = 3 };
        (await WriteAsync("a")).ShouldBe(HttpStatusCode.Created);
        (await WriteAsync("a")).ShouldBe(HttpStatusCode.Created);
        (await WriteAsync("a")).ShouldBe(HttpStatusCode.TooManyRequests);
        (await WriteAsync("b")).ShouldBe(HttpStatusCode.Created);
        (await WriteAsync("b")).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Throttled_requests_count_too_when_they_are_told_to()
    {
        Tenant.Limits = new PublishedLimits { WritesPerApp = 1 };
        await CreateRootAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        (await SendAsync("POST", Paths.Profiles, Bodies.Root())).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        _time.Advance(TimeSpan.FromSeconds(6));
        using var answer = await SendRawAsync("POST", Paths.Profiles, Bodies.Root().ToJsonString());
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(20));
        _time.Advance(TimeSpan.FromSeconds(20));
        await CreateRootAsync();
    }

    [Fact]
    public async Task The_directory_counts_units_and_speaks_plainly()
    {
        Tenant.Limits = Tenant.Limits with { DirectoryUnits = 4 };
        await GetAsync("/v1.0/users");
        await GetAsync("/v1.0/users?$select=id");
        await GetAsync("/v1.0/groups");
        var (status, body) = await SendAsync("GET", "/v1.0/groups");
        status.ShouldBe(HttpStatusCode.TooManyRequests);
        MessageOf(body).ShouldBe("Please retry again later.");
    }

    [Theory]
    [InlineData(RetryAfterStyle.Omitted, null, null)]
    [InlineData(RetryAfterStyle.Zero, "0", null)]
    [InlineData(RetryAfterStyle.Seconds, "20", null)]
    [InlineData(RetryAfterStyle.HttpDate, "Thu, 01 Jan 2026 00:00:21 GMT", null)]
    [InlineData(RetryAfterStyle.Milliseconds, null, "20000")]
    public async Task The_time_to_stay_away_is_told_in_every_way_the_service_knows(RetryAfterStyle style, string? retryAfter, string? milliseconds)
    {
        Tenant.Limits = Tenant.Limits with { WritesPerApp = 0, RetryAfter = style };

        using var answer = await SendRawAsync("POST", Paths.Profiles, Bodies.Root().ToJsonString());

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(answer, "Retry-After").ShouldBe(retryAfter);
        Header(answer, "x-ms-retry-after-ms").ShouldBe(milliseconds);
    }

    [Fact]
    public async Task Limits_can_be_switched_off()
    {
        Tenant.Limits = PublishedLimits.Off;
        for (var i = 0; i < 150; i++)
        {
            await CreateRootAsync(i.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private async Task<HttpStatusCode> WriteAsync(string app) =>
        (await SendAsync("POST", Paths.Profiles, Bodies.Root(), Tenant.IssueToken(app))).Status;
}
