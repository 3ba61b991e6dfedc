using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What an import asks for beside the certificate itself, in Graph's words.</summary>
internal sealed record ImportRequest(
    string IntendedPurpose, string UserPrincipalName, string ProviderName, string KeyName, string PaddingScheme, string KeyFingerprint);

/// <summary>What the planner of imports holds against each other.</summary>
internal sealed record ImportPlanningInput
{
    public required string UserId { get; init; }

    public required ImportRequest Request { get; init; }

    public required IReadOnlyList<SourceCertificate> Wanted { get; init; }

    /// <summary>Natural keys that were imported and whose source is gone, and go too (history: Prune).</summary>
    public required IReadOnlyList<string> Unwanted { get; init; }

    public required IReadOnlyList<OwnedObject> Owned { get; init; }

    public required TenantSnapshot Snapshot { get; init; }

    public required DriftSpec Drift { get; init; }

    /// <summary>The key that each certificate was encrypted to, by thumbprint, as far as it is known.</summary>
    public required IReadOnlyDictionary<string, string> KeyFingerprints { get; init; }
}

/// <summary>
/// The planner for imports: a pure function. A record is known by its natural key; blob and password never come back, so content is
/// tracked by the fingerprint of the key it was encrypted to.
/// </summary>
internal static class ImportPlanner
{
    public const string Type = "userPFXCertificate";

    private const string RemovalEffect = "new devices no longer get the certificate, and mail encrypted to it cannot be read there";

    public static PlanningResult Plan(ImportPlanningInput input)
    {
        var changes = new List<PlannedChange>();
        var held = new List<HeldChange>();
        var drift = new List<DriftEntry>();
        var records = input.Snapshot.CertificatesOf(input.UserId).ToLookup(r => r.Thumbprint, StringComparer.OrdinalIgnoreCase);
        foreach (var certificate in input.Wanted)
        {
            PlanImport(input, certificate, records[certificate.Thumbprint].FirstOrDefault(), changes, held, drift);
        }

        foreach (var id in input.Unwanted)
        {
            if (input.Snapshot.CertificatesOf(input.UserId).FirstOrDefault(r => r.Id == id) is { } record)
            {
                changes.Add(Removal(record.Id, record.Thumbprint, ChangeCause.Spec));
            }
        }

        return new PlanningResult(new Plan { Changes = changes, Held = held }, new Dictionary<string, TenantObject>(), drift, new HashSet<string>());
    }

    /// <summary>The removal of an import.</summary>
    public static PlannedChange Removal(string id, string thumbprint, ChangeCause cause) => new()
    {
        Action = ChangeAction.Delete,
        Cause = cause,
        Stage = ChangeStage.Imports,
        Type = Type,
        Role = thumbprint,
        Name = thumbprint,
        Id = id,
        Disruption = RemovalEffect,
        UserKey = id[..Math.Max(0, id.LastIndexOf('-'))],
        Removals = 1,
        Step = new ChangeStep.DeleteImport(id),
    };

    /// <summary>Hash of what an import asks for.</summary>
    public static string HashOf(ImportRequest request, SourceCertificate certificate) =>
        BodyJson.HashOf(string.Join('\n', Fields(request, certificate).Select(f => f.Path + "=" + f.Value)) + "\n" + request.KeyFingerprint);

    private static void PlanImport(
        ImportPlanningInput input, SourceCertificate certificate, ImportedCertificate? record,
        List<PlannedChange> changes, List<HeldChange> held, List<DriftEntry> drift)
    {
        var id = ImportedCertificate.IdOf(input.UserId, certificate.Thumbprint);
        var owned = input.Owned.FirstOrDefault(o => o.Id == id);
        var isDrift = owned?.AppliedHash == HashOf(input.Request, certificate);
        if (isDrift && input.Drift.Mode == DriftMode.Off)
        {
            return;
        }

        var differences = record is null ? [] : Differences(input, certificate, record);
        if (record is not null && differences.Count == 0)
        {
            return;
        }

        var change = new PlannedChange
        {
            Action = ChangeAction.Import,
            Cause = isDrift ? ChangeCause.Drift : ChangeCause.Spec,
            Stage = ChangeStage.Imports,
            Type = Type,
            Role = certificate.Thumbprint,
            Name = certificate.Thumbprint,
            Id = record?.Id,
            Differences = differences,
            UserKey = ImportedCertificate.UserKeyOf(input.UserId),
            Step = new ChangeStep.ImportCertificate(certificate.Thumbprint),
        };
        if (isDrift)
        {
            drift.AddRange(record is null
                ? [new DriftEntry { Object = $"{Type} {certificate.Thumbprint}", Id = id, Path = "", Expected = "present", Observed = "absent" }]
                : differences.Select(d => new DriftEntry
                {
                    Object = $"{Type} {certificate.Thumbprint}", Id = id, Path = d.Path, Expected = d.Expected, Observed = d.Observed,
                }));
            if (input.Drift.Mode == DriftMode.Detect)
            {
                held.Add(new HeldChange(change, Reasons.DriftDetected));
                return;
            }
        }

        changes.Add(change);
    }

    private static List<FieldDifference> Differences(ImportPlanningInput input, SourceCertificate certificate, ImportedCertificate record)
    {
        var observed = new Dictionary<string, string?>
        {
            ["/intendedPurpose"] = record.IntendedPurpose,
            ["/userPrincipalName"] = record.UserPrincipalName,
            ["/startDateTime"] = Time(record.StartDateTime),
            ["/expirationDateTime"] = Time(record.ExpirationDateTime),
            ["/providerName"] = record.ProviderName,
            ["/keyName"] = record.KeyName,
            ["/paddingScheme"] = record.PaddingScheme,
        };
        var differences = Fields(input.Request, certificate)
            .Where(f => !string.Equals(f.Value, observed[f.Path], StringComparison.OrdinalIgnoreCase) && !FieldComparison.IsIgnored(f.Path, input.Drift.Ignore))
            .Select(f => new FieldDifference(f.Path, f.Value, observed[f.Path]))
            .ToList();

        // The service never tells which key a password was encrypted to; status remembers it, and after a rotation it must be done again.
        if (input.KeyFingerprints.TryGetValue(certificate.Thumbprint, out var fingerprint) && fingerprint != input.Request.KeyFingerprint)
        {
            differences.Add(new FieldDifference("/encryptedPfxPassword", $"encrypted to key {input.Request.KeyFingerprint[..16]}", $"encrypted to key {fingerprint[..Math.Min(16, fingerprint.Length)]}"));
        }

        return differences;
    }

    private static IEnumerable<(string Path, string Value)> Fields(ImportRequest request, SourceCertificate certificate) =>
    [
        ("/intendedPurpose", request.IntendedPurpose),
        ("/userPrincipalName", request.UserPrincipalName),
        ("/startDateTime", Time(certificate.NotBefore)),
        ("/expirationDateTime", Time(certificate.NotAfter)),
        ("/providerName", request.ProviderName),
        ("/keyName", request.KeyName),
        ("/paddingScheme", request.PaddingScheme),
    ];

    // Whole seconds in UTC: certificates know no finer, and the service's offsets and fractions mean nothing.
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
