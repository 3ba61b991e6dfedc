using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One reconciliation of one import: the lines of its history in the making.</summary>
internal sealed class ImportRun(CertificateImport import, TimeProvider time)
    : ReconcileRun<CertificateImportStatus>(import.Metadata, CertificateImport.KubeKind, import.Status, time)
{
    private readonly Dictionary<string, OwnedObject> _owned = (import.Status?.Objects ?? []).ToDictionary(o => o.Id);
    private readonly HashSet<string> _uploaded = [];

    // What an upload whose answer was lost left behind is encrypted to one of two keys, and nobody knows to which.
    private readonly HashSet<string> _doubtful = [];
    private DirectoryUser? _user;
    private ImportHistory? _history = import.Status?.History;
    private ImportRivals? _rivals;
    private string? _remark;
    private string _fingerprint = "";
    private IReadOnlyList<ImportSource> _sources = [];
    private ConnectorKeySpec _key = new();
    private List<ImportedCertificateStatus> _lines = import.Status?.Certificates ?? [];

    /// <summary>What was learned before planning.</summary>
    public void Begin(
        DirectoryUser user, string? remark, ImportRivals rivals, IReadOnlyList<ImportSource> sources, string fingerprint, ConnectorKeySpec key) =>
        (_user, _remark, _rivals, _sources, _fingerprint, _key) = (user, remark, rivals, sources, fingerprint, key);

    public PlanningResult Plan(TenantSnapshot snapshot) => ImportPlanner.Plan(Input(snapshot));

    /// <summary>Takes what the sources name and the tenant holds for its own, whether or not status had the time to say so.</summary>
    public void Claim(DirectoryUser user, IReadOnlyList<ImportSource> sources, TenantSnapshot snapshot)
    {
        (_user, _sources) = (user, sources);
        var purpose = ImportSources.PurposeOf(import.Spec.Purpose);
        var present = snapshot.CertificatesOf(user.Id).Where(c => string.Equals(c.IntendedPurpose, purpose, StringComparison.OrdinalIgnoreCase))
            .Select(c => c.Thumbprint).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var certificate in Wanted().Where(c => present.Contains(c.Thumbprint) && !_owned.ContainsKey(ImportedCertificate.IdOf(user.Id, c.Thumbprint))))
        {
            Own(certificate, user);
        }
    }

    public PlanningResult PlanDeletion(TenantSnapshot snapshot, ImportRivals rivals)
    {
        var userId = _user?.Id ?? import.Status?.UserId ?? "";
        var present = snapshot.CertificatesOf(userId).ToDictionary(c => c.Id);
        return new PlanningResult(
            new Plan
            {
                Changes = [.. _owned.Keys.Where(id => present.ContainsKey(id) && rivals.AlsoIn(import.Spec.UserPrincipalName ?? "", id) is null)
                    .Select(id => ImportPlanner.Removal(id, present[id].Thumbprint, ChangeCause.Deletion))],
            },
            new Dictionary<string, TenantObject>(), [], new HashSet<string>());
    }

    /// <summary>Whether certificates are about to be encrypted to another key.</summary>
    public bool Rotates(PlanningResult plan) => Rotated(plan).Count > 0;

    /// <summary>The status while work is in hand. Killed in it, whoever comes next must not take one key for the other.</summary>
    public CertificateImportStatus Intent(PlanningResult plan)
    {
        var (before, rotated) = (_lines, Rotated(plan));
        _lines = [.. before.Select(ImportLines.Copy)];
        _lines.FindAll(l => rotated.Contains(l.Thumbprint)).ForEach(l => l.KeyFingerprint = ImportLines.UnknownKey);
        var status = Progress(plan);
        _lines = before;
        return status;
    }

    /// <summary>Takes note of a change that was made.</summary>
    public void Record(AppliedChange applied)
    {
        switch (applied.Change.Step)
        {
            case ChangeStep.ImportCertificate import when _user is { } user:
                Own(Wanted().First(c => c.Thumbprint == import.Thumbprint), user);
                break;
            case ChangeStep.DeleteImport delete:
                _owned.Remove(delete.Id);
                break;
        }
    }

    /// <summary>Writes the lines: one a certificate, by what the tenant holds now.</summary>
    public void Settle(TenantSnapshot snapshot, IReadOnlyList<AppliedChange> applied)
    {
        _doubtful.UnionWith(applied.Where(a => a.MayHaveArrived)
            .Select(a => a.Change.Step).OfType<ChangeStep.ImportCertificate>().Select(i => i.Thumbprint));
        var user = _user!;
        var present = snapshot.CertificatesOf(user.Id).Select(c => c.Thumbprint).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var due = Plan(snapshot).Plan.Changes.Select(c => c.Role).ToHashSet();
        var lines = new List<ImportedCertificateStatus>();
        foreach (var source in _sources)
        {
            if (source.Certificate is { } twin && lines.Any(l => l.Thumbprint == twin.Thumbprint))
            {
                continue;
            }

            lines.Add(Line(source, present, due));
            if (source is { State: CertificateState.Pending, Certificate: { } certificate } && present.Contains(certificate.Thumbprint) && !due.Contains(certificate.Thumbprint))
            {
                Own(certificate, user);
            }
        }

        foreach (var before in _lines.Where(b => b.Thumbprint is { } t && lines.All(l => l.Thumbprint != t) && _owned.ContainsKey(ImportedCertificate.IdOf(user.Id, t))))
        {
            lines.Add(ImportLines.Past(before, present.Contains(before.Thumbprint!), _fingerprint));
        }

        _lines = [.. lines.OrderByDescending(l => l.NotBefore ?? DateTime.MinValue).ThenBy(l => l.Thumbprint, StringComparer.Ordinal)
            .ThenBy(l => l.Source, StringComparer.Ordinal)];
        _history = Observe(snapshot, user);
    }

    /// <summary>Looks again when the newest certificate comes within thirty days of its end.</summary>
    public Outcome<CertificateImportStatus> WithNextLook(Outcome<CertificateImportStatus> outcome)
    {
        if (Timeline().UntilExpiring(Now) is not { } until)
        {
            return outcome;
        }

        // A timer holds days, not years; a look in between costs nothing.
        var wait = TimeSpan.FromTicks(Math.Min(until.Ticks, TimeSpan.FromDays(7).Ticks));
        return outcome with { RequeueAfter = outcome.RequeueAfter ?? wait };
    }

    protected override CertificateImportStatus NewStatus() => new()
    {
        UserId = _user?.Id ?? import.Status?.UserId,
        Certificates = _lines.Count == 0 ? null : _lines,
        Counts = _lines.Count == 0
            ? null
            : new ImportCounts
            {
                Desired = _lines.Count,
                Imported = _lines.Count(l => l.State is CertificateState.Imported or CertificateState.SourceGone),
                Pending = _lines.Count(l => l.State == CertificateState.Pending),
                Failed = _lines.Count(l => l.State is CertificateState.Refused or CertificateState.Invalid or CertificateState.Missing),
                SourceGone = _lines.Count(l => l.State == CertificateState.SourceGone),
                OtherKey = _fingerprint.Length == 0 ? import.Status?.Counts?.OtherKey ?? 0 : InTenant().Count(l => l.KeyFingerprint != _fingerprint),
                Duplicates = _user is null ? import.Status?.Counts?.Duplicates ?? 0 : Twins().Count(),
            },
        History = _history,
        Keys = InTenant().Where(l => l.KeyFingerprint is not null).GroupBy(l => l.KeyFingerprint!).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new ImportedKeyStatus { KeyFingerprint = g.Key, Certificates = g.Count() }).ToList() is { Count: > 0 } keys ? keys : null,
    };

    protected override List<OwnedObject>? OwnedForStatus() => _owned.Count == 0 ? null : [.. _owned.Values.OrderBy(o => o.Id, StringComparer.Ordinal)];

    protected override Verdict Judge(Arrival arrival, bool planOnly)
    {
        var faulty = _sources.Where(s => s.State is CertificateState.Invalid or CertificateState.Refused).ToList();
        var verdict = base.Judge(arrival, planOnly);
        if (verdict.Kind != VerdictKind.Ready || faulty.Count == 0)
        {
            return verdict.Kind == VerdictKind.Ready && _sources.Count == 0
                ? verdict with { Message = "no source is there yet, so nothing is imported; what the tenant holds of this user stays as it is" }
                : verdict;
        }

        var message = string.Join("; ", faulty.Take(3).Select(s => s.Message)) + (faulty.Count > 3 ? $"; and {faulty.Count - 3} more" : "");
        var worst = faulty.FirstOrDefault(s => s.Reason is not (Reasons.ReferenceNotFound or Reasons.NotYetValid));
        return worst is null ? Verdict.Waiting(faulty[0].Reason!, message) : Verdict.Stalled(worst.Reason!, message);
    }

    protected override void AddConditions()
    {
        if (_user is null)
        {
            Conditions.Keep(ConditionTypes.HistoryComplete).Keep(ConditionTypes.ExpiringSoon);
            return;
        }

        var missing = _lines.Where(l => l.State is not (CertificateState.Imported or CertificateState.SourceGone)).ToList();
        Conditions.Set(ConditionTypes.HistoryComplete, missing.Count == 0, missing.Count == 0 ? Reasons.Complete : Reasons.Incomplete,
            missing.Count == 0
                ? $"{_lines.Count} certificates are in the tenant{Unsourced()}"
                : $"{missing.Count} of {_lines.Count} are not in the tenant: {string.Join(", ", missing.Take(5).Select(l => $"{l.Source ?? l.Thumbprint} is {l.State}"))}{Unsourced()}");
        if (Timeline() is { End: { } end } timeline)
        {
            var soon = timeline.IsExpiring(Now);
            Conditions.Set(ConditionTypes.ExpiringSoon, soon, soon ? Reasons.Expiring : Reasons.NotExpiring, $"the newest certificate ends on {end:yyyy-MM-dd}");
        }
    }

    private HashSet<string?> Rotated(PlanningResult plan) =>
        [.. plan.Plan.Changes.Where(c => c.Action == ChangeAction.Import).Select(c => c.Role).Where(t => _lines.Exists(l => l.Thumbprint == t && ImportLines.IsRotated(l.KeyFingerprint, _fingerprint)))];

    private IReadOnlyList<SourceCertificate> Wanted() =>
        [.. _sources.Where(s => s is { State: CertificateState.Pending, Certificate: not null }).Select(s => s.Certificate!).DistinctBy(c => c.Thumbprint)];

    private ImportPlanningInput Input(TenantSnapshot snapshot)
    {
        var current = _sources.Where(s => s.Certificate is not null).Select(s => s.Certificate!.Thumbprint).ToHashSet();
        // A source that cannot be read now may still hold what was imported: nothing is pruned until all of them can.
        var prune = import.Spec.History == HistoryPolicy.Prune && _sources.All(s => s.State != CertificateState.Invalid);
        return new ImportPlanningInput
        {
            UserId = _user!.Id,
            Request = Request(),
            Wanted = Wanted(),
            Unwanted = prune ? [.. _owned.Values.Where(o => !current.Contains(o.Role)).Select(o => o.Id)] : [],
            Owned = [.. _owned.Values],
            Snapshot = snapshot,
            Drift = import.Spec.Drift,
            // What this run uploaded is encrypted to today's key, whatever the line of the last run says.
            KeyFingerprints = _lines.Where(l => l is { Thumbprint: not null, KeyFingerprint: not null } && !_uploaded.Contains(l.Thumbprint))
                .DistinctBy(l => l.Thumbprint).ToDictionary(l => l.Thumbprint!, l => l.KeyFingerprint!),
        };
    }

    private void Own(SourceCertificate certificate, DirectoryUser user)
    {
        _uploaded.Add(certificate.Thumbprint);
        var id = ImportedCertificate.IdOf(user.Id, certificate.Thumbprint);
        _owned[id] = new OwnedObject
        {
            Kind = ImportPlanner.Type,
            Id = id,
            Name = certificate.Subject,
            Role = certificate.Thumbprint,
            AppliedHash = ImportPlanner.HashOf(Request(), certificate),
            Created = true,
        };
    }

    private ImportRequest Request() => new(
        ImportSources.PurposeOf(import.Spec.Purpose), _user!.UserPrincipalName, _key.ProviderName, _key.KeyName, ConnectorKeys.NameOf(_key.PaddingScheme), _fingerprint);

    private ImportedCertificateStatus Line(ImportSource source, HashSet<string> present, HashSet<string> due)
    {
        var certificate = source.Certificate;
        var state = source.State;
        if (state == CertificateState.Pending && certificate is not null && present.Contains(certificate.Thumbprint) && !due.Contains(certificate.Thumbprint))
        {
            state = CertificateState.Imported;
        }

        return new ImportedCertificateStatus
        {
            Thumbprint = certificate?.Thumbprint,
            Serial = certificate?.Serial,
            Subject = certificate?.Subject,
            NotBefore = certificate?.NotBefore.UtcDateTime,
            NotAfter = certificate?.NotAfter.UtcDateTime,
            Purpose = import.Spec.Purpose,
            Source = source.Name,
            SourceVersion = source.Version,
            // An upload that was refused changes nothing about the key that the record in the tenant is encrypted to.
            KeyFingerprint = state == CertificateState.Imported ? _fingerprint : LastKey(certificate?.Thumbprint),
            State = state,
            Message = source.Message,
        };
    }

    private string? LastKey(string? thumbprint) =>
        thumbprint is null ? null : _doubtful.Contains(thumbprint) ? ImportLines.UnknownKey : _lines.FirstOrDefault(l => l.Thumbprint == thumbprint)?.KeyFingerprint;

    private string Unsourced() => _history is { Unsourced: > 0 and var count } ? $"; the tenant holds {count} of this user that no source holds" : "";

    private IEnumerable<ImportedCertificateStatus> InTenant() => _lines.Where(l => l.State is CertificateState.Imported or CertificateState.SourceGone);

    // What devices get from a source that is alive: an old certificate whose source is gone does not make up for one that ends.
    private HistoryTimeline Timeline() => TimelineOf(_lines.Where(l => l.State == CertificateState.Imported));

    private static HistoryTimeline TimelineOf(IEnumerable<ImportedCertificateStatus> lines) =>
        HistoryTimeline.Of(lines.Select(SourceCertificate.Of).OfType<SourceCertificate>().Select(c => (c.NotBefore, c.NotAfter)));

    private IEnumerable<(ImportSource Twin, ImportSource First)> Twins() =>
        _sources.Where(s => s.Certificate is not null).GroupBy(s => s.Certificate!.Thumbprint).SelectMany(g => g.Skip(1).Select(twin => (twin, g.First())));

    private ImportHistory Observe(TenantSnapshot snapshot, DirectoryUser user)
    {
        var sourced = _sources.Where(s => s.Certificate is not null).Select(s => s.Certificate!.Thumbprint).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // What another resource is about to import, or did and has not said so yet, looks like nobody's.
        var areOthersSettled = _rivals!.AreSettled(user.UserPrincipalName);
        var unsourced = snapshot.CertificatesOf(user.Id)
            .Where(r => areOthersSettled && !sourced.Contains(r.Thumbprint) && string.Equals(r.IntendedPurpose, Request().IntendedPurpose, StringComparison.OrdinalIgnoreCase)
                && _rivals.AlsoIn(user.UserPrincipalName, r.Id) is null).ToList();
        var timeline = TimelineOf(InTenant());
        var newest = InTenant().Where(l => l.NotAfter is not null).MaxBy(l => l.NotAfter);
        List<string> notes =
        [
            .. Remarks(),
            .. Twins().Select(t => $"source {t.Twin.Name} holds the same certificate as source {t.First.Name}"),
            .. sourced.Select(t => (Thumbprint: t, Other: _rivals!.AlsoIn(user.UserPrincipalName, ImportedCertificate.IdOf(user.Id, t)))).Where(t => t.Other is not null)
                .Select(t => $"CertificateImport {t.Other} imports {t.Thumbprint} too"),
            .. timeline.Gaps.Select(g => string.Create(CultureInfo.InvariantCulture, $"no certificate from {g.From:yyyy-MM-dd} to {g.To:yyyy-MM-dd}")),
            .. unsourced.Where(r => !_owned.ContainsKey(r.Id)).Select(r => $"{r.Thumbprint} is in the tenant, no source holds it, and it was imported by somebody else"),
        ];
        return new ImportHistory
        {
            Newest = newest?.Thumbprint,
            NewestNotAfter = newest?.NotAfter,
            Gaps = timeline.Gaps.Count,
            Overlaps = timeline.Overlaps,
            Unsourced = areOthersSettled ? unsourced.Count : import.Status?.History?.Unsourced ?? 0,
            Notes = notes.Count == 0 ? null : [.. notes.Take(20)],
        };
    }

    private IEnumerable<string> Remarks() => _remark is null ? [] : [_remark];
}
