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

    [Fact]
    public void A_shard_needs_a_lease_of_its_own()
    {
        var shard = new OperatorSettings { LabelSelector = "shard=a", LeaderElectionType = LeaderElectionType.Single };

        new OperatorSettingsValidator().Validate(null, shard).Failures!.Single().ShouldContain("LeaderElectionName");

        shard.LeaderElectionName = "smime-a";
        new OperatorSettingsValidator().Validate(null, shard).Succeeded.ShouldBeTrue();
    }
}
