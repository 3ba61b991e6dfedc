using SmimeOperator.Runtime.Builder;

namespace SmimeOperator.Runtime.Tests.Builder;

public sealed class OperatorSettingsTests
{
    [Fact]
    public void The_defaults_are_valid() => new OperatorSettingsValidator().Validate(null, new OperatorSettings()).Succeeded.ShouldBeTrue();

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var result = new OperatorSettingsValidator().Validate(null, new OperatorSettings
        {
            Name = "Not A Name",
            ParallelReconciliation = 0,
            Namespaces = ["a", "a"],
            LeaderElectionLeaseDuration = TimeSpan.FromSeconds(5),
            RetryCeiling = TimeSpan.Zero,
        });

        foreach (var property in new[] { "Name", "ParallelReconciliation", "Namespaces", "LeaderElectionLeaseDuration", "RetryCeiling" })
        {
            result.Failures!.ShouldContain(failure => failure.Contains(property, StringComparison.Ordinal));
        }
    }
}
