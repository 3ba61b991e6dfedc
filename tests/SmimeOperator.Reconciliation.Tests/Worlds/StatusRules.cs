using System.Reflection;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation.Tests.Worlds;

/// <summary>What holds for every status and event, whatever happened.</summary>
internal static class StatusRules
{
    private static readonly HashSet<string> Known =
        [.. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetValue(null)!)];

    private static readonly HashSet<string> Types =
        [.. typeof(ConditionTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetValue(null)!)];

    public static void Check(long generation, ResourceStatus status)
    {
        FluxRules.Violations(generation, status).ShouldBeEmpty();
        var conditions = status.Conditions.ShouldNotBeNull();
        conditions.Select(c => c.Type).ShouldBeUnique();
        foreach (var condition in conditions)
        {
            Known.ShouldContain(condition.Reason);
            Types.ShouldContain(condition.Type);
            condition.Message.ShouldNotBeNullOrWhiteSpace();
            condition.LastTransitionTime.ShouldNotBe(default);
        }

        var ready = conditions.Single(c => c.Type == ConditionTypes.Ready);
        var stalled = conditions.Exists(c => c.Type == ConditionTypes.Stalled);
        KStatus.Of(generation, deleting: false, status).ShouldBe(ready.Status == "True" ? "Current" : stalled ? "Failed" : "InProgress");
        foreach (var entry in status.Drift ?? [])
        {
            entry.SeenAt.ShouldNotBe(default(DateTime?));
            entry.Object.ShouldNotBeEmpty();
        }
    }

    public static void Check(IEnumerable<ResourceEvent> events)
    {
        foreach (var happened in events)
        {
            Known.ShouldContain(happened.Reason);
            happened.Message.ShouldNotBeNullOrWhiteSpace();
        }
    }
}
