using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace SmimeOperator.TenantSimulator.Tests.Limits;

public sealed class VisibilityTests : SimulatorTest
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public VisibilityTests() => Options = new SimulatorOptions { TimeProvider = _time, VisibilityDelay = TimeSpan.FromMilliseconds(500) };

    protected override SimulatorOptions Options { get; }

    [Fact]
    public async Task A_new_object_stays_out_of_sight_for_a_while()
    {
        var id = await CreateRootAsync();

        (await SendAsync("GET", $"{Paths.Profiles}/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ListAsync(Paths.Profiles)).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await GetAsync($"{Paths.Profiles}/{id}");
        (await ListAsync(Paths.Profiles)).Count.ShouldBe(1);
    }
}

public sealed class LatencyTests : SimulatorTest
{
    protected override SimulatorOptions Options { get; } = new() { Latency = TimeSpan.FromMilliseconds(80) };

    [Fact]
    public async Task Every_answer_takes_its_time()
    {
        var start = TimeProvider.System.GetTimestamp();
        await GetAsync(Paths.Profiles);
        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(70));
    }
}
