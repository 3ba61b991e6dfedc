using Microsoft.Extensions.DependencyInjection;
using SmimeOperator.Hosting;
using SmimeOperator.Intune;

namespace SmimeOperator.Tests.Hosting;

/// <summary>What stands between the operator and a tenant asks the lease, as the operator is put together.</summary>
public sealed class LeaseFenceTests
{
    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    public async Task Who_does_not_hold_the_lease_writes_nothing_and_without_an_election_there_is_none_to_hold(string election, bool open)
    {
        await using var application = OperatorApplication.Build([$"--Operator:LeaderElection={election}"]);

        application.Services.GetRequiredService<IWriteFence>().IsOpen.ShouldBe(open);
    }
}
