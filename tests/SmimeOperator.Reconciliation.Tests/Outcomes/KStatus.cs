using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation.Tests;

/// <summary>What kstatus computes from an object, in its order of tests: the oracle of Flux' health checks.</summary>
internal static class KStatus
{
    public static string Of(long generation, bool deleting, ResourceStatus? status)
    {
        if (deleting)
        {
            return "Terminating";
        }

        if (status is not null && status.ObservedGeneration != generation)
        {
            return "InProgress";
        }

        foreach (var condition in status?.Conditions ?? [])
        {
            if (condition is { Type: "Reconciling", Status: "True" })
            {
                return "InProgress";
            }

            if (condition is { Type: "Stalled", Status: "True" })
            {
                return "Failed";
            }
        }

        var ready = (status?.Conditions ?? []).FirstOrDefault(c => c.Type == "Ready");
        return ready is null || ready.Status == "True" ? "Current" : "InProgress";
    }
}

/// <summary>Flux' fail rules for a status at the end of a reconciliation.</summary>
internal static class FluxRules
{
    public static IReadOnlyList<string> Violations(long generation, ResourceStatus status)
    {
        var conditions = (status.Conditions ?? []).ToDictionary(c => c.Type);
        var violations = new List<string>();
        var ready = conditions.GetValueOrDefault("Ready");
        var isReady = ready?.Status == "True";
        var isNotReady = ready?.Status == "False";
        var reconciling = conditions.GetValueOrDefault("Reconciling")?.Status == "True";
        var stalled = conditions.GetValueOrDefault("Stalled")?.Status == "True";
        Rule("FAIL0001", !(isReady && (reconciling || stalled)));
        Rule("FAIL0002", ready is not null);
        Rule("FAIL0003", !reconciling || isNotReady);
        Rule("FAIL0004", !stalled || isNotReady);
        Rule("FAIL0005", !(reconciling && stalled));
        Rule("FAIL0006", status.ObservedGeneration <= generation);
        Rule("FAIL0007", status.ObservedGeneration >= generation || isNotReady);
        Rule("FAIL0008", conditions.Values.All(c => c.ObservedGeneration >= generation) || isNotReady);
        Rule("FAIL0009", !isReady || conditions.Values.All(c => c.ObservedGeneration == status.ObservedGeneration));
        Rule("FAIL0011", ready?.Status != "Unknown" || reconciling);
        Rule("WARN0001", conditions.GetValueOrDefault("Reconciling") is not { Status: "False" });
        Rule("WARN0002", conditions.GetValueOrDefault("Stalled") is not { Status: "False" });
        Rule("WARN0003", conditions.Values.All(c => c.ObservedGeneration is not null));
        return violations;

        void Rule(string name, bool holds)
        {
            if (!holds)
            {
                violations.Add(name);
            }
        }
    }
}
