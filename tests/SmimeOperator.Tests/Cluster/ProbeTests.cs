using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>What the chart's own test runs in the operator's image.</summary>
[Collection("Control plane")]
public sealed class ProbeTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    [Fact]
    public async Task Succeeds_once_the_operator_is_ready()
    {
        await using var running = cluster.StartOperator();
        await running.WaitForAsync("/readyz");
        (await ProbeAsync($"{running.Address}readyz")).ExitCode.ShouldBe(0);
        (await ProbeAsync($"{running.Address}nowhere")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Fails_where_nobody_listens()
    {
        var answer = await ProbeAsync($"http://127.0.0.1:{FreePort.Next()}/readyz");
        answer.ExitCode.ShouldBe(1);
        answer.StandardError.ShouldContain("does not answer");
    }

    [Fact]
    public async Task Refuses_what_is_no_address()
    {
        var answer = await ProbeAsync("readyz");
        answer.ExitCode.ShouldBe(2);
        answer.StandardError.ShouldContain("'readyz' is no address");
    }

    private static Task<CommandResult> ProbeAsync(string address) =>
        OurProgram.Operator.RunAsync("probe", address);
}
