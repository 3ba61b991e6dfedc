using k8s.Models;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Composes conditions by the rules of kstatus and Flux: Ready always; Reconciling and Stalled only while true, and never both;
/// a transition time moves only when the status does.
/// </summary>
internal sealed class ConditionSet(IReadOnlyList<V1Condition>? previous, long generation, DateTimeOffset now)
{
    private readonly List<V1Condition> _conditions = [];

    /// <summary>Adds a condition; calling it again for the same type replaces it.</summary>
    public ConditionSet Set(string type, bool? status, string reason, string message)
    {
        var text = status switch { true => "True", false => "False", null => "Unknown" };
        var before = previous?.FirstOrDefault(c => c.Type == type);
        _conditions.RemoveAll(c => c.Type == type);
        _conditions.Add(new V1Condition
        {
            Type = type,
            Status = text,
            Reason = reason,
            Message = Shorten(message),
            ObservedGeneration = generation,
            LastTransitionTime = before?.Status == text ? before.LastTransitionTime : Truncate(now),
        });
        return this;
    }

    /// <summary>Ready, and Reconciling or Stalled where the verdict says so.</summary>
    public ConditionSet Set(Verdict verdict)
    {
        Set(ConditionTypes.Ready, verdict.Kind == VerdictKind.Ready, verdict.Reason, verdict.Message);
        return verdict.Kind switch
        {
            VerdictKind.Waiting => Set(ConditionTypes.Reconciling, true, verdict.Reason, verdict.Message),
            VerdictKind.Stalled => Set(ConditionTypes.Stalled, true, verdict.Reason, verdict.Message),
            _ => this,
        };
    }

    /// <summary>Keeps a condition of before as it was, where this run learned nothing about it.</summary>
    public ConditionSet Keep(string type)
    {
        if (previous?.FirstOrDefault(c => c.Type == type) is { } before)
        {
            Set(type, before.Status switch { "True" => true, "False" => false, _ => null }, before.Reason, before.Message);
        }

        return this;
    }

    /// <summary>The conditions, Ready first, the others by name: a stable order keeps git and Argo quiet.</summary>
    public List<V1Condition> ToList() =>
        [.. _conditions.OrderBy(c => c.Type != ConditionTypes.Ready).ThenBy(c => c.Type, StringComparer.Ordinal)];

    // The API server stores whole seconds; anything finer would read back different and be written again for ever.
    private static DateTime Truncate(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);

    // metav1.Condition allows 32,768 characters; nobody reads more than this in a terminal.
    private static string Shorten(string message) => message.Length <= 1024 ? message : message[..1021] + "...";
}

/// <summary>Writes a verdict into a status.</summary>
internal static class StatusComposer
{
    /// <summary>Sets the conditions, and the generation where the outcome is final (Flux: only Ready and Stalled move it).</summary>
    public static void Compose(ResourceStatus status, ResourceStatus? previous, long generation, Verdict verdict, ConditionSet conditions)
    {
        status.Conditions = conditions.Set(verdict).ToList();
        status.ObservedGeneration = verdict.Kind == VerdictKind.Waiting ? previous?.ObservedGeneration ?? -1 : generation;
    }
}
