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

    public static string State(ResourcePlan plan) => plan.State switch
    {
        PlanState.Waiting => $"would wait ({plan.Reason}): {plan.Message}",
        PlanState.Stalled => $"would stop ({plan.Reason}): {plan.Message}",
        _ => "",
    };

    public static string Secret(UnreadableSecret secret) => secret.IsEncrypted
        ? $"Secret {secret.Name} is encrypted in the folder, so its certificates cannot be looked into here"
        : $"Secret {secret.Name} is not in the folder, so its certificates cannot be looked into here";

    private static string Short(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= 80 ? line : line[..77] + "...";
    }
}
