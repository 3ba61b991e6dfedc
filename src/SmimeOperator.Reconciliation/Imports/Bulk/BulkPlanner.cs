using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The planner for many users: for each of them the same plan as for an import of that user alone. A pure function of what it is given.</summary>
internal sealed class BulkPlanner(CertificateImport import, ConnectorKeySpec key, string fingerprint, ImportLedger ledger)
{
    /// <summary>What an import is made with today.</summary>
    public ImportBaseline Baseline { get; } = new(
        fingerprint,
        BodyJson.HashOf(string.Join('\n', ImportSources.PurposeOf(import.Spec.Purpose), key.ProviderName, key.KeyName, ConnectorKeys.NameOf(key.PaddingScheme))));

    /// <summary>The imports that are due.</summary>
    public PlanningResult Plan(IEnumerable<EscrowLine> lines, TenantSnapshot snapshot) =>
        Merge(lines.Where(l => l.IsWanted).GroupBy(l => l.Secret.User!).Select(user => PlanUser(user.Key, [.. user.Select(l => l.Certificate!)], snapshot)));

    /// <summary>The removal of what this resource made and no source holds, as far as no other resource holds it.</summary>
    public static PlanningResult PlanRemovals(
        ImportLedger ledger, TenantSnapshot snapshot, IReadOnlySet<string> wanted, ImportRivals rivals, ChangeCause cause)
    {
        var gone = snapshot.CertificatesByUser.Values.SelectMany(records => records)
            .Where(r => !wanted.Contains(r.Id) && ledger.Find(r.Id) is not null && rivals.AlsoIn(r.UserPrincipalName, r.Id) is null);
        var changes = gone.Select(r => Named(ImportPlanner.Removal(r.Id, r.Thumbprint, cause), r.Id, r.UserPrincipalName)).ToList();
        return new PlanningResult(new Plan { Changes = changes }, new Dictionary<string, TenantObject>(), [], new HashSet<string>());
    }

    /// <summary>Several plans as one.</summary>
    public static PlanningResult Merge(IEnumerable<PlanningResult> results)
    {
        var (changes, held, drift) = (new List<PlannedChange>(), new List<HeldChange>(), new List<DriftEntry>());
        foreach (var result in results)
        {
            changes.AddRange(result.Plan.Changes);
            held.AddRange(result.Plan.Held);
            drift.AddRange(result.Drift);
        }

        return new PlanningResult(new Plan { Changes = changes, Held = held }, new Dictionary<string, TenantObject>(), drift, new HashSet<string>());
    }

    /// <summary>The natural key of an import that is planned.</summary>
    public static string? ImportedId(PlannedChange change) => (change.Step as ChangeStep.ImportCertificate)?.Thumbprint;

    private PlanningResult PlanUser(DirectoryUser user, List<SourceCertificate> wanted, TenantSnapshot snapshot)
    {
        var request = new ImportRequest(
            ImportSources.PurposeOf(import.Spec.Purpose), user.UserPrincipalName, key.ProviderName, key.KeyName, ConnectorKeys.NameOf(key.PaddingScheme), fingerprint);
        var records = snapshot.CertificatesOf(user.Id).ToDictionary(r => r.Id, StringComparer.OrdinalIgnoreCase);
        var keys = wanted.Select(c => (Certificate: c, Id: ImportedCertificate.IdOf(user.Id, c.Thumbprint))).ToList();
        var result = ImportPlanner.Plan(new ImportPlanningInput
        {
            UserId = user.Id,
            Request = request,
            Wanted = wanted,
            Unwanted = [],
            // What was made as it would be made today is the baseline of drift; a user who was renamed is no drift.
            Owned =
            [
                .. keys.Where(k => ledger.Find(k.Id) == Baseline && (records.GetValueOrDefault(k.Id)?.UserPrincipalName ?? user.UserPrincipalName) == user.UserPrincipalName)
                    .Select(k => new OwnedObject { Id = k.Id, AppliedHash = ImportPlanner.HashOf(request, k.Certificate) }),
            ],
            Snapshot = snapshot,
            Drift = import.Spec.Drift,
            KeyFingerprints = keys.Where(k => ledger.Find(k.Id) is not null).ToDictionary(k => k.Certificate.Thumbprint, k => ledger.Find(k.Id)!.Value.KeyFingerprint),
        });
        return result with
        {
            Plan = new Plan
            {
                Changes = [.. result.Plan.Changes.Select(c => Import(c, user))],
                Held = [.. result.Plan.Held.Select(h => h with { Change = Import(h.Change, user) })],
            },
        };
    }

    private static PlannedChange Import(PlannedChange change, DirectoryUser user)
    {
        var id = ImportedCertificate.IdOf(user.Id, change.Role);
        return Named(change with { Step = new ChangeStep.ImportCertificate(id) }, id, user.UserPrincipalName);
    }

    private static PlannedChange Named(PlannedChange change, string id, string user) => change with { Role = id, Name = $"{change.Name} of {user}" };
}
