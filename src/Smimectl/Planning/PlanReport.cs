using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>How a resource would stand after the plan.</summary>
internal enum PlanState
{
    /// <summary>As its manifest says.</summary>
    Ready,

    /// <summary>It would wait for something that the folder or the tenant lacks.</summary>
    Waiting,

    /// <summary>It would stop until a person acts.</summary>
    Stalled,

    /// <summary>It is being deleted, and gone afterwards.</summary>
    Gone,
}

/// <summary>What would be done for one resource, and how it would stand.</summary>
internal sealed record ResourcePlan
{
    public required ResourceKey Key { get; init; }

    /// <summary>The file that states it; empty where none does.</summary>
    public required string File { get; init; }

    public required PlanState State { get; init; }

    public required string Reason { get; init; }

    public required string Message { get; init; }

    public required Recording Recording { get; init; }

    /// <summary>Users whose certificates change.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Secrets that an import needs and that cannot be looked into here, each with why.</summary>
    public IReadOnlyList<UnreadableSecret> Secrets { get; init; } = [];

    /// <summary>Objects that are taken over as they are: nothing of them changes but the mark.</summary>
    public int TakenOver => Recording.Made.Count(c => c.OnlyMarks);

    public bool IsChange => Recording.Made.Any(c => !c.OnlyMarks) || Recording.Due.Any(c => !c.OnlyMarks);
}

/// <summary>A Secret whose data is not to be had here.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsEncrypted">Whether it is there, encrypted; otherwise it is absent.</param>
internal sealed record UnreadableSecret(ResourceName Name, bool IsEncrypted);

/// <summary>What would be done to the tenant.</summary>
internal sealed record PlanReport
{
    public required IReadOnlyList<ResourcePlan> Resources { get; init; }

    public required IReadOnlyList<ManifestProblem> Problems { get; init; }

    /// <summary>Tenants that are read-only today: nothing of the plan would be done in them.</summary>
    public required IReadOnlyList<string> Frozen { get; init; }

    /// <summary>What matters to the one who reads the plan, beside the resources.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whom the changes reach.</summary>
    public PlanReach Reach { get; private init; } = PlanReach.None;

    public IEnumerable<PlannedChange> Changes => Resources.SelectMany(r => r.Recording.Made);

    /// <summary>Whether the tenant stays as it is. A mark on what is taken over changes nothing for anybody.</summary>
    public bool IsEmpty => Resources.All(r => !r.IsChange);

    public int TakenOver => Resources.Sum(r => r.TakenOver);

    /// <summary>Whether something in the folder cannot be used, or would never come about.</summary>
    public bool IsFaulty => Problems.Count > 0 || Resources.Any(r => r.State == PlanState.Stalled || (r.State == PlanState.Waiting && r.Secrets.Count == 0));

    /// <summary>Users whose certificates change.</summary>
    public int Users => Resources.SelectMany(r => r.Recording.Planned).Select(c => c.UserKey).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count();

    /// <summary>The whole in one sentence.</summary>
    public string Summary()
    {
        var taken = TakenOver == 0 ? "" : $" {TakenOver} {(TakenOver == 1 ? "object is taken over as it is" : "objects are taken over as they are")}: only the mark is added.";
        if (IsEmpty)
        {
            return (IsFaulty ? "Nothing can be planned as it stands." : "No changes: the tenant is as the manifests say.") + taken;
        }

        var counts = Changes.Where(c => !c.OnlyMarks).GroupBy(c => c.Action).OrderBy(g => g.Key).Select(g => $"{g.Count()} to {PlanWords.Verb(g.Key)}");
        var due = Resources.Sum(r => r.Recording.Due.Count);
        var parts = due == 0 ? counts : counts.Append($"{due} held up");
        var users = Users == 0 ? "" : $" Certificates of {Users} {(Users == 1 ? "user" : "users")}.";
        var reach = Reach.Whole.IsNobody ? "" : $" In all it reaches {PlanWords.Whom(Reach.Whole)}.";
        var disruptive = Changes.Count(c => c.Disruption is not null);
        var loss = disruptive == 0 ? "" : $" {disruptive} {(disruptive == 1 ? "change takes" : "changes take")} something from {PlanWords.Losers(Reach.Whole)}.";
        return $"{string.Join(", ", parts)}.{users}{reach}{loss}{taken}";
    }

    /// <summary>Draws a report from a finished dry run.</summary>
    public static PlanReport Of(Rehearsal rehearsal, IReadOnlyList<string> frozen, IReadOnlyList<string> notes)
    {
        var (view, recorder) = (rehearsal.View, rehearsal.Recorder);
        var plans = view.Records.Select(r => PlanOf(r, recorder.Find(r.Key), rehearsal.Contents))
            .Concat(recorder.Keys.Except(view.Records.Select(r => r.Key)).Select(k => new ResourcePlan
            {
                Key = k, File = "", State = PlanState.Gone, Reason = Reasons.Deleting, Message = "", Recording = recorder.Find(k),
            }));
        return new PlanReport
        {
            Resources = [.. plans.OrderBy(p => p.Key.Kind == Tenant.KubeKind ? 0 : 4 - KindModel.All[p.Key.Kind].DeletionOrder).ThenBy(p => p.Key.ToString(), StringComparer.Ordinal)],
            Problems = view.Problems,
            Frozen = frozen,
            Notes = notes,
        };
    }

    /// <summary>The same report with whom it reaches.</summary>
    public PlanReport With(PlanReach reach) => this with
    {
        Reach = reach,
        Notes = [.. Notes, .. reach.Whole.Faults.Select(f => $"How many users it reaches is not known throughout: {f}")],
    };

    private static ResourcePlan PlanOf(ResourceRecord record, Recording recording, FolderContents contents)
    {
        var ready = ReadyState.Condition(record, ConditionTypes.Ready);
        var isStalled = ReadyState.Condition(record, ConditionTypes.Stalled)?.Status == "True";
        return new ResourcePlan
        {
            Key = record.Key,
            File = record.File,
            State = ReadyState.IsReady(record) ? PlanState.Ready : isStalled ? PlanState.Stalled : PlanState.Waiting,
            Reason = ready?.Reason ?? "",
            Message = ready?.Message ?? "",
            Recording = ReadyState.IsReady(record) ? recording with { Due = [] } : recording,
            Users = record.Entity is CertificateImport { Spec.UserPrincipalName: { } user } && (recording.Made.Count > 0 || recording.Due.Count > 0) ? [user] : [],
            Secrets = record.Entity is CertificateImport import ? SecretsOf(import, contents) : [],
        };
    }

    private static List<UnreadableSecret> SecretsOf(CertificateImport import, FolderContents contents) =>
    [
        .. ResourceReferences.DataOf(import).Where(r => r.Kind == DataKind.Secret).Select(r => r.Name).Distinct()
            .Select(name => (Name: name, Manifest: contents.Resources.GetValueOrDefault(new ResourceKey("Secret", name.Namespace, name.Name)) as DataManifest))
            .Where(s => s.Manifest is null or { IsEncrypted: true })
            .Select(s => new UnreadableSecret(s.Name, s.Manifest is not null)),
    ];
}
