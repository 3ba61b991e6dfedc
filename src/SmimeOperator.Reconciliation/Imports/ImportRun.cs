using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One reconciliation of one import: the lines of its history in the making.</summary>
internal sealed class ImportRun(CertificateImport import, TimeProvider time)
    : ReconcileRun<CertificateImportStatus>(import.Metadata, CertificateImport.KubeKind, import.Status, time)
{
    private static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(30);

    private readonly Dictionary<string, OwnedObject> _owned = (import.Status?.Objects ?? []).ToDictionary(o => o.Id);
    private readonly HashSet<string> _uploaded = [];
    private DirectoryUser? _user;
    private string _fingerprint = "";
    private IReadOnlyList<ImportSource> _sources = [];
    private ConnectorKeySpec _key = new();
    private List<ImportedCertificateStatus> _lines = import.Status?.Certificates ?? [];

    /// <summary>What was learned before planning.</summary>
    public void Begin(DirectoryUser user, IReadOnlyList<ImportSource> sources, string fingerprint, ConnectorKeySpec key) =>
        (_user, _sources, _fingerprint, _key) = (user, sources, fingerprint, key);

    public PlanningResult Plan(TenantSnapshot snapshot) => ImportPlanner.Plan(Input(snapshot));

    public PlanningResult PlanDeletion(TenantSnapshot snapshot, IReadOnlySet<string> claimed)
    {
        var userId = import.Status?.UserId ?? "";
        var present = snapshot.CertificatesOf(userId).ToDictionary(c => c.Id);
        return new PlanningResult(
            new Plan
            {
                Changes = [.. _owned.Keys.Where(id => present.ContainsKey(id) && !claimed.Contains(id))
                    .Select(id => ImportPlanner.Removal(id, present[id].Thumbprint, ChangeCause.Deletion))],
            },
            new Dictionary<string, TenantObject>(), [], new HashSet<string>());
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
    public void Settle(TenantSnapshot snapshot)
    {
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
            lines.Add(Past(before, present.Contains(before.Thumbprint!)));
        }

        _lines = [.. lines.OrderByDescending(l => l.NotBefore ?? DateTime.MinValue).ThenBy(l => l.Thumbprint, StringComparer.Ordinal)
            .ThenBy(l => l.Source, StringComparer.Ordinal)];
    }

    /// <summary>Looks again when the newest certificate comes within thirty days of its end.</summary>
    public Outcome<CertificateImportStatus> WithNextLook(Outcome<CertificateImportStatus> outcome)
    {
        if (Newest() is not { } end || end - ExpiryWarning <= Now)
        {
            return outcome;
        }

        // A timer holds days, not years; a look in between costs nothing.
        var wait = TimeSpan.FromTicks(Math.Min((end - ExpiryWarning - Now).Ticks, TimeSpan.FromDays(7).Ticks));
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
            },
    };

    protected override List<OwnedObject>? OwnedForStatus() => _owned.Count == 0 ? null : [.. _owned.Values.OrderBy(o => o.Id, StringComparer.Ordinal)];

    protected override Verdict Judge(Arrival arrival, bool planOnly)
    {
        var faulty = _sources.Where(s => s.State is CertificateState.Invalid or CertificateState.Refused).ToList();
        var verdict = base.Judge(arrival, planOnly);
        if (verdict.Kind != VerdictKind.Ready || faulty.Count == 0)
        {
            return verdict;
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
                ? $"{_lines.Count} certificates are in the tenant"
                : $"{missing.Count} of {_lines.Count} are not in the tenant: {string.Join(", ", missing.Take(5).Select(l => $"{l.Source ?? l.Thumbprint} is {l.State}"))}");
        if (Newest() is { } end)
        {
            var soon = end - ExpiryWarning <= Now;
            Conditions.Set(ConditionTypes.ExpiringSoon, soon, soon ? Reasons.Expiring : Reasons.NotExpiring, $"the newest certificate ends on {end:yyyy-MM-dd}");
        }
    }

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
            // An upload that failed changes nothing about the key that the record in the tenant is encrypted to.
            KeyFingerprint = state == CertificateState.Imported ? _fingerprint : LastKey(certificate?.Thumbprint),
            State = state,
            Message = source.Message,
        };
    }

    private string? LastKey(string? thumbprint) =>
        thumbprint is null ? null : _lines.FirstOrDefault(l => l.Thumbprint == thumbprint)?.KeyFingerprint;

    private ImportedCertificateStatus Past(ImportedCertificateStatus before, bool present) => new()
    {
        Thumbprint = before.Thumbprint,
        Serial = before.Serial,
        Subject = before.Subject,
        NotBefore = before.NotBefore,
        NotAfter = before.NotAfter,
        Purpose = before.Purpose,
        Source = before.Source,
        KeyFingerprint = before.KeyFingerprint,
        State = present ? CertificateState.SourceGone : CertificateState.Missing,
        Message = (present, before.KeyFingerprint) switch
        {
            (false, _) => "gone from the tenant, and no source is left to import it again",
            (true, { } key) when key != _fingerprint => "encrypted to another connector key than today's, and no source is left to encrypt it anew",
            _ => null,
        },
    };

    private DateTimeOffset? Newest() =>
        _lines.Where(l => l.NotAfter is not null && l.State == CertificateState.Imported).Select(l => (DateTimeOffset?)new DateTimeOffset(l.NotAfter!.Value.ToUniversalTime()))
            .DefaultIfEmpty(null).Max();
}
