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

    /// <summary>Tells people, and whoever comes after a kill, what is in hand; given the plan and the drift that it corrects. Again where a later plan makes what this one does not.</summary>
    public required Func<PlanningResult, Task> Announce { get; init; }

    /// <summary>How many objects and imports are managed in the tenant; counted only when something is to be removed.</summary>
    public required Func<int> Managed { get; init; }

    /// <summary>The corrections that were accepted before.</summary>
    public required ConvergenceGuard Tries { get; init; }

    /// <summary>Keeps the guard's counts beyond the process.</summary>
    public KeepRemovals? KeepRemovals { get; init; }

    /// <summary>The value of the approval annotation.</summary>
    public string? Approval { get; init; }

    /// <summary>Key material, for imports.</summary>
    public IImportMaterial? Material { get; init; }

    /// <summary>Whether nothing may be changed.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>Looks on.</summary>
    public IPlanObserver? Observer { get; init; }
}

/// <summary>Where the journey ended.</summary>
/// <param name="First">The plan against the tenant as it was found.</param>
/// <param name="Last">The plan after everything that could be made was made.</param>
/// <param name="Applied">What was made, and what failed.</param>
internal sealed record Arrival(PlanningResult First, PlanningResult Last, IReadOnlyList<AppliedChange> Applied)
{
    /// <summary>What is still waited for, where work ended before the plan was empty and nothing failed; null otherwise.</summary>
    public string? Unfinished { get; init; }

    /// <summary>Whether everything that was due was made.</summary>
    public bool IsComplete => Unfinished is null && Applied.All(a => a.Failure is null);

    private static readonly TimeSpan PatienceForUnfinished = TimeSpan.FromSeconds(10);

    /// <summary>The verdict: faults first, then what is held back, then ready.</summary>
    public Verdict Verdict(bool planOnly, string inSync)
    {
        var faults = Applied.Select(a => a.Failure).OfType<Verdict>().ToList();
        if (faults.Count > 0)
        {
            return faults.FirstOrDefault(f => f.Kind == VerdictKind.Stalled) ?? faults[0];
        }

        if (Unfinished is not null)
        {
            return Reconciliation.Verdict.Waiting(Reasons.Progressing, Unfinished, PatienceForUnfinished);
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
        var text = string.Join(", ", changes.Take(Shown).Select(DescribeOne));
        return changes.Count > Shown ? $"{text} and {changes.Count - Shown} more" : text;
    }

    // What is taken over belongs to somebody else until then: which object it is, and what becomes different, is told before it happens.
    private static string DescribeOne(PlannedChange change)
    {
        var effect = change.Disruption is null ? "" : $" ({change.Disruption})";
        var text = $"{change.Action.ToString().ToLowerInvariant()} {change.Type} '{change.Name}'{effect}";
        return change.Action == ChangeAction.Adopt ? $"{text} ({change.Id}; changes {string.Join(", ", change.Differences.Select(d => d.Path))})" : text;
    }
}

/// <summary>Plans, applies the first stage, plans anew, until nothing is left: a crash at any point resumes on the same path.</summary>
internal sealed class Convergence(Applier applier, BlastRadiusGuard blast, TimeProvider time)
{
    // A policy has few stages; more rounds than this means that the service does not keep what it accepts.
    private const int MaxRounds = 12;

    private const string NoLongerWhole = "a part of the tenant can no longer be read; work goes on when it can";

    // How long the service may take to show what it accepted (intune.md §2.6: briefly invisible).
    private static readonly TimeSpan[] SightDelays = [TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8)];

    public async Task<Arrival> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var first = ReconciliationActivities.Plan(() => journey.Plan(journey.Session.Snapshot));
        var applied = new List<AppliedChange>();
        if (!journey.PlanOnly && await LookAgainAsync(journey, first.Plan, cancellationToken))
        {
            if (!IsWhole(journey))
            {
                return new Arrival(first, first, applied) { Unfinished = NoLongerWhole };
            }

            first = journey.Plan(journey.Session.Connection.Current!);
        }

        journey.Observer?.Planned(journey.Session.Connection, first.Plan);
        if (journey.PlanOnly || first.Plan.IsEmpty)
        {
            return new Arrival(first, first, applied);
        }

        await journey.Announce(first);
        var announced = CreationsOf(first.Plan.Changes).ToHashSet();
        var reservation = new Reservation(blast, journey);
        try
        {
            var last = first;
            for (var round = 0; round < MaxRounds && !last.Plan.IsEmpty && applied.All(a => a.Failure is null); round++)
            {
                var stage = last.Plan.NextStage();
                if (Unseen(journey, stage))
                {
                    if (!await WaitForSightAsync(journey, stage, cancellationToken))
                    {
                        return new Arrival(first, last, applied)
                        {
                            Unfinished = $"waiting until the tenant shows what takes the place of {string.Join(", ", stage.Select(c => $"{c.Type} '{c.Name}'"))}; only then is the old one deleted",
                        };
                    }

                    last = journey.Plan(journey.Session.Connection.Current!);
                    continue;
                }

                RefuseVainCorrections(journey, stage);
                await reservation.AdmitAsync(last.Plan, cancellationToken);
                if (!announced.IsSupersetOf(CreationsOf(stage)))
                {
                    await journey.Announce(last);
                    announced.UnionWith(CreationsOf(last.Plan.Changes));
                }

                foreach (var result in await applier.ApplyAsync(journey.Session.Connection, journey.Owner, stage, journey.Material, cancellationToken))
                {
                    applied.Add(result);
                    if (result.Failure is null)
                    {
                        reservation.Use(result.Change);
                        journey.Tries.Accepted(result.Change, journey.Session.Interval);
                        journey.Record(result);
                        journey.Observer?.Made(result.Change);
                    }
                }

                if (!IsWhole(journey))
                {
                    return new Arrival(first, last, applied) { Unfinished = NoLongerWhole };
                }

                last = ReconciliationActivities.Plan(() => journey.Plan(journey.Session.Connection.Current!));
            }

            return new Arrival(first, last, applied)
            {
                Unfinished = last.Plan.IsEmpty || applied.Any(a => a.Failure is not null) ? null : $"still due: {Arrival.Describe(last.Plan.Changes)}",
            };
        }
        finally
        {
            reservation.GiveBack();
        }
    }

    /// <summary>The parts that changes make.</summary>
    internal static IEnumerable<string> CreationsOf(IEnumerable<PlannedChange> changes) => changes.Where(c => c.Step is ChangeStep.CreateObject).Select(c => c.Role);

    // A list that is read page by page while others delete may leave out what is there (paging by position moves up): before what was ours is made
    // once more, the list is read once more.
    private static async Task<bool> LookAgainAsync(Journey journey, Plan plan, CancellationToken cancellationToken)
    {
        var parts = plan.Changes.Where(c => c.Missing is not null).Select(c => c.Step).OfType<ChangeStep.CreateObject>()
            .Select(s => Applier.PartOf(s.Desired.Shape.Collection)).ToHashSet();
        await Task.WhenAll(parts.Select(p => journey.Session.Connection.RereadAsync(p, cancellationToken)));
        return parts.Count > 0;
    }

    // A part that can no longer be read shows nothing, and that never means absent.
    private static bool IsWhole(Journey journey) =>
        journey.Session.Connection.Current!.Faults.Keys.All(journey.Session.Snapshot.Faults.ContainsKey);

    // What was made in a dry run no list will ever show.
    private static bool Unseen(Journey journey, IEnumerable<PlannedChange> stage) =>
        !journey.Session.Connection.IsDryRun && journey.Session.Connection.Current!.Unseen.Overlaps(stage.SelectMany(c => c.Successors));

    private async Task<bool> WaitForSightAsync(Journey journey, IReadOnlyList<PlannedChange> stage, CancellationToken cancellationToken)
    {
        foreach (var delay in SightDelays)
        {
            await Task.Delay(delay, time, cancellationToken);
            await journey.Session.Connection.RereadAsync(SnapshotPart.DeviceConfigurations, cancellationToken);
            if (!Unseen(journey, stage))
            {
                return IsWhole(journey);
            }
        }

        return false;
    }

    private static void RefuseVainCorrections(Journey journey, IReadOnlyList<PlannedChange> stage)
    {
        if (stage.FirstOrDefault(c => journey.Tries.IsExhausted(c, journey.Session.Interval)) is { } stuck)
        {
            throw VerdictException.Stalled(Reasons.NotConverging,
                $"the service accepted the same correction of {stuck.Type} '{stuck.Name}' three times without effect: {string.Join(", ", stuck.Differences.Select(d => d.Path))}. " +
                "Add the fields to spec.drift.ignore, or find out who changes them back");
        }
    }

    /// <summary>
    /// The removals of one journey before the guard: a plan is admitted as a whole before its first stage, so that either all of it
    /// passes or none; what was admitted and not made is given back.
    /// </summary>
    private sealed class Reservation(BlastRadiusGuard blast, Journey journey)
    {
        private readonly HashSet<(ChangeAction Action, string? Id)> _admitted = [];
        private int _unused;

        public async Task AdmitAsync(Plan plan, CancellationToken cancellationToken)
        {
            if (journey.Session.Resource is { } tenant)
            {
                var removals = plan.Changes.Where(c => c.Removals > 0 && !_admitted.Contains((c.Action, c.Id))).ToList();
                blast.Admit(tenant, journey.Managed, removals, journey.Approval);
                _admitted.UnionWith(removals.Select(r => (r.Action, r.Id)));
                _unused += removals.Sum(r => r.Removals);
                if (removals.Count > 0 && journey.KeepRemovals is { } keep)
                {
                    await blast.KeepAsync(tenant, keep, cancellationToken);
                }
            }
        }

        public void Use(PlannedChange change) => _unused -= change.Removals;

        public void GiveBack()
        {
            if (journey.Session.Resource is { } tenant)
            {
                blast.GiveBack(tenant, _unused);
            }
        }
    }
}
