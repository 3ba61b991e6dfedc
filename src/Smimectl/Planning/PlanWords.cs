using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Changes in words and signs, the same in every form of a plan.</summary>
internal static class PlanWords
{
    public static string Verb(ChangeAction action) => action switch
    {
        ChangeAction.Create => "create",
        ChangeAction.Adopt => "take over",
        ChangeAction.Update => "update",
        ChangeAction.Assign => "assign",
        ChangeAction.Import => "import",
        ChangeAction.Delete => "delete",
        _ => "leave in the tenant",
    };

    /// <summary>What is done, and that nothing of the object changes where it is taken over as it is.</summary>
    public static string Verb(PlannedChange change) => change.OnlyMarks ? "take over as it is" : Verb(change.Action);

    public static string Sign(ChangeAction action) => action switch
    {
        ChangeAction.Create or ChangeAction.Import => "+",
        ChangeAction.Delete => "-",
        ChangeAction.Orphan => "o",
        ChangeAction.Adopt => "=",
        _ => "~",
    };

    /// <summary>What is changed: the type, the name, and the id of what exists already.</summary>
    public static string Object(PlannedChange change) =>
        $"{change.Type} '{change.Name}'{(change is { Id: { } id, Action: not ChangeAction.Create } ? $" ({id})" : "")}";

    /// <summary>A field that differs; values that are never shown are left out.</summary>
    public static string Difference(FieldDifference difference) => (difference.Observed, difference.Expected) switch
    {
        (null, null) => difference.Path,
        (null, { } expected) => $"{difference.Path}: {Short(expected)}",
        ({ } observed, null) => $"{difference.Path}: {Short(observed)} -> nothing",
        var (observed, expected) => $"{difference.Path}: {Short(observed)} -> {Short(expected)}",
    };

    /// <summary>Whom a change reaches; empty where it speaks of nobody, or of the one user whose certificate it is.</summary>
    public static string Reach(PlannedChange change, PlanReach reach)
    {
        if (change.UserKey is not null || !reach.Changes.TryGetValue(change, out var reached))
        {
            return "";
        }

        var (gains, loses) = (Whom(reached, r => r.Gains), Whom(reached, r => r.Loses));
        return (gains, loses) switch
        {
            _ when reached.IsNobody => "reaches nobody",
            (_, null) => $"reaches {Whom(reached)}",
            ({ } gainers, { } losers) => $"reaches {Whom(reached)}: gained by {gainers}, lost by {losers}",
            (null, { } losers) when losers != Whom(reached) => $"reaches {Whom(reached)}: lost by {losers}",
            (null, { } losers) when change.Action is ChangeAction.Delete or ChangeAction.Assign => $"lost by {losers}",
            (null, { } losers) => $"takes something from {losers}",
        };
    }

    /// <summary>All who are reached.</summary>
    public static string Whom(Reach reach) => Whom(reach, r => r.All) ?? "nobody";

    /// <summary>All from whom something is taken.</summary>
    public static string Losers(Reach reach) => Whom(reach, r => r.Loses) ?? "nobody who has it today";

    private static string? Whom(Reach reach, Func<Reached, Headcount> part)
    {
        var (users, devices) = (part(reach.Users), part(reach.Devices));
        var counted = new[]
        {
            users.IsNone ? null : users.Of("user"),
            devices.IsNone ? null : devices.Most is null && reach.AllDevices ? "all devices" : devices.Of("device"),
        };
        return counted.Any(c => c is not null) ? string.Join(" and ", counted.OfType<string>()) : null;
    }

    public static string State(ResourcePlan plan) => plan.State switch
    {
        PlanState.Waiting => $"would wait ({plan.Reason}): {plan.Message}",
        PlanState.Stalled => $"would stop ({plan.Reason}): {plan.Message}",
        _ => "",
    };

    public static string Secret(UnreadableSecret secret) => secret.IsEncrypted
        ? $"Secret {secret.Name} is encrypted in the folder, so its certificates cannot be looked into here; --with names a folder that holds it decrypted"
        : $"Secret {secret.Name} is not in the folder, so its certificates cannot be looked into here; --with names a further folder that holds it";

    private static string Short(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= 80 ? line : line[..77] + "...";
    }
}
