using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One resource on its way to what it says.</summary>
internal sealed record Journey
{
    /// <summary>The resource, as Kind/namespace/name.</summary>
    public required string Owner { get; init; }

    /// <summary>The tenant.</summary>
    public required TenantSession Session { get; init; }

    /// <summary>Makes the plan for the tenant as it stands; called again after each stage.</summary>
    public required Func<TenantSnapshot, PlanningResult> Plan { get; init; }

    /// <summary>Takes note of what was made, before the next plan.</summary>
    public required Action<AppliedChange> Record { get; init; }

    /// <summary>Tells people that work is in hand; given the plan and the drift that it corrects.</summary>
    public required Func<PlanningResult, Task> Announce { get; init; }

    /// <summary>How many objects and imports are managed in the tenant; counted only when something is to be removed.</summary>
    public required Func<int> Managed { get; init; }

    /// <summary>The value of the approval annotation.</summary>
    public string? Approval { get; init; }

    /// <summary>Key material, for imports.</summary>
    public IImportMaterial? Material { get; init; }

    /// <summary>Whether nothing may be changed.</summary>
    public bool PlanOnly { get; init; }
}

/// <summary>Where the journey ended.</summary>
/// <param name="First">The plan against the tenant as it was found.</param>
/// <param name="Last">The plan after everything that could be made was made.</param>
/// <param name="Applied">What was made, and what failed.</param>
internal sealed record Arrival(PlanningResult First, PlanningResult Last, IReadOnlyList<AppliedChange> Applied)
{
    /// <summary>The verdict: faults first, then what is held back, then ready.</summary>
    public Verdict Verdict(bool planOnly, string inSync)
    {
        var faults = Applied.Where(a => a.Fault is not null).Select(a => Reconciliation.Verdict.Of(a.Fault!)).ToList();
        if (faults.Count > 0)
        {
            return faults.FirstOrDefault(f => f.Kind == VerdictKind.Stalled) ?? faults[0];
        }

        if (planOnly && !First.Plan.IsEmpty)
        {
            return Reconciliation.Verdict.Waiting(Reasons.ReadOnly, $"the Tenant is read-only; due: {Describe(First.Plan.Changes)}");
        }

        var disruptive = Last.Plan.Held.Where(h => h.Reason == Reasons.DisruptiveChangeHeld).ToList();
        return disruptive.Count > 0
            ? Reconciliation.Verdict.Stalled(Reasons.DisruptiveChangeHeld,
                $"drift is not corrected, because {string.Join("; ", disruptive.Select(h => $"{h.Change.Name}: {h.Change.Disruption}"))}; set spec.drift.allowDisruptive to go ahead")
            : Reconciliation.Verdict.Ready(inSync);
    }

    /// <summary>Changes in a few words.</summary>
    public static string Describe(IReadOnlyCollection<PlannedChange> changes)
    {
        const int Shown = 5;
        var text = string.Join(", ", changes.Take(Shown).Select(c => $"{c.Action.ToString().ToLowerInvariant()} {c.Type} '{c.Name}'"));
        return changes.Count > Shown ? $"{text} and {changes.Count - Shown} more" : text;
    }
}

/// <summary>Plans, applies the first stage, plans anew, until nothing is left: a crash at any point resumes on the same path.</summary>
internal sealed class Convergence(Applier applier, ConvergenceGuard guard, BlastRadiusGuard blast)
{
    // A policy has few stages; more rounds than this means that the service does not keep what it accepts.
    private const int MaxRounds = 12;

    public async Task<Arrival> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var first = journey.Plan(journey.Session.Snapshot);
        var applied = new List<AppliedChange>();
        if (journey.PlanOnly || first.Plan.IsEmpty)
        {
            return new Arrival(first, first, applied);
        }

        var last = first;
        await journey.Announce(first);
        for (var round = 0; round < MaxRounds && !last.Plan.IsEmpty; round++)
        {
            var stage = last.Plan.NextStage();
            if (stage.FirstOrDefault(c => guard.IsExhausted(journey.Owner, c)) is { } stuck)
            {
                throw VerdictException.Stalled(Reasons.NotConverging,
                    $"the service accepted the same correction of {stuck.Type} '{stuck.Name}' three times without effect: {string.Join(", ", stuck.Differences.Select(d => d.Path))}. " +
                    "Add the fields to spec.drift.ignore, or find out who changes them back");
            }

            if (journey.Session.Resource is { } tenant)
            {
                blast.Admit(tenant, journey.Managed, stage, journey.Approval);
            }

            var results = await applier.ApplyAsync(journey.Session.Connection, journey.Owner, stage, journey.Material, cancellationToken);
            applied.AddRange(results);
            foreach (var result in results.Where(r => r.Fault is null))
            {
                guard.Accepted(journey.Owner, result.Change);
                journey.Record(result);
            }

            if (results.Any(r => r.Fault is not null))
            {
                break;
            }

            last = journey.Plan(journey.Session.Connection.Current!);
        }

        return new Arrival(first, last, applied);
    }
}
