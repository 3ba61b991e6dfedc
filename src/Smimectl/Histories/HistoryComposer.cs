using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What a history is made of.</summary>
internal sealed record HistoryInput
{
    public required HistoryUser User { get; init; }

    public required Tenant Tenant { get; init; }

    /// <summary>The tenant before the dry run.</summary>
    public required TenantSnapshot Snapshot { get; init; }

    /// <summary>The user's imports and the Tenant with the statuses of the dry run.</summary>
    public required IReadOnlyList<ResourceRecord> Records { get; init; }

    /// <summary>Lines of statuses from before: only they know to which key a record was encrypted.</summary>
    public required IReadOnlyList<ImportedCertificateStatus> Remembered { get; init; }

    /// <summary>The tenant's imports as the folder states them.</summary>
    public required IReadOnlyList<CertificateImport> Stated { get; init; }

    public required IReadOnlyList<ResourcePlan> Plans { get; init; }

    /// <summary>Imports of many users, which were looked at for this one alone.</summary>
    public required IReadOnlySet<ResourceKey> Escrows { get; init; }

    public required UserDeliveries Deliveries { get; init; }

    public required IReadOnlyList<string> Unread { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>Puts together what the tenant and git hold of one user. Pure.</summary>
internal static class HistoryComposer
{
    public static UserHistory Compose(HistoryInput input)
    {
        var certificates = Certificates(input);
        var imports = input.Plans.Where(p => p.Key.Kind == CertificateImport.KubeKind)
            .Select(p => new HistoryImport(
                p.Key.ResourceName.ToString(), p.File, Entity(input, p.Key)?.Spec.Purpose, input.Escrows.Contains(p.Key), p.State, p.Reason, p.Message)).ToList();
        var history = new UserHistory
        {
            User = input.User,
            Tenant = new ResourceName(input.Tenant.Metadata.NamespaceProperty, input.Tenant.Metadata.Name).ToString(),
            ReadAt = input.Snapshot.ReadAt,
            Now = input.Now,
            Unread = input.Unread,
            Certificates = certificates,
            Imports = imports,
            Routes = input.Deliveries.Routes,
            Policies = input.Deliveries.Policies,
            Findings = [],
        };
        return history with { Findings = [.. HistoryFindings.Of(history, input)] };
    }

    /// <summary>The certificates, by purpose, start and end.</summary>
    private static List<HistoryCertificate> Certificates(HistoryInput input)
    {
        var records = input.Snapshot.CertificatesOf(input.User.Id);
        var lines = Lines(input).ToList();
        var today = input.Records.Select(r => r.Status).OfType<TenantStatus>().FirstOrDefault()?.ConnectorKeyFingerprint;
        var all = new List<HistoryCertificate>();
        foreach (var record in records)
        {
            // The service keeps one record of a user and certificate, and it has one purpose.
            var mine = lines.Where(l => Same(l.Line.Thumbprint, record.Thumbprint) && Same(PurposeOf(l.Line), record.IntendedPurpose)).ToList();
            var sources = Sources(mine);
            all.Add(Of(record.Thumbprint.ToLowerInvariant(), record.IntendedPurpose, record.StartDateTime, record.ExpirationDateTime, input.Now) with
            {
                Subject = mine.FirstOrDefault().Line?.Subject,
                Serial = mine.FirstOrDefault().Line?.Serial,
                Record = record,
                Sources = sources,
                Place = sources.Count > 0 ? HistoryPlace.Both : HistoryPlace.TenantOnly,
                Key = KeyOf(record, input, today),
            });
        }

        foreach (var group in lines.Where(l => l.Line is { Thumbprint: not null, NotBefore: not null, NotAfter: not null })
            .GroupBy(l => (Thumbprint: l.Line.Thumbprint!, Purpose: PurposeOf(l.Line))).Where(g => !all.Exists(c => Same(c.Thumbprint, g.Key.Thumbprint) && Same(c.Purpose, g.Key.Purpose))))
        {
            var line = group.First().Line;
            var sources = Sources(group);
            all.Add(Of(group.Key.Thumbprint, group.Key.Purpose, Utc(line.NotBefore!.Value), Utc(line.NotAfter!.Value), input.Now) with
            {
                Subject = line.Subject,
                Serial = line.Serial,
                Sources = sources,
                Place = input.Snapshot.Faults.ContainsKey(SnapshotPart.ImportedCertificates) ? HistoryPlace.Unknown : sources.Count > 0 ? HistoryPlace.GitOnly : HistoryPlace.Lost,
            });
        }

        return [.. all.OrderBy(c => c.Purpose, StringComparer.Ordinal).ThenBy(c => c.NotBefore).ThenBy(c => c.NotAfter).ThenBy(c => c.Thumbprint, StringComparer.Ordinal)];
    }

    /// <summary>Lines of statuses, each with its import.</summary>
    public static IEnumerable<(string Import, ImportedCertificateStatus Line)> Lines(HistoryInput input) =>
        input.Records.SelectMany(r => ((r.Status as CertificateImportStatus)?.Certificates ?? []).Select(l => (r.Key.ResourceName.ToString(), l)));

    // Lines of what was imported once name their source, but no source holds it any more.
    private static List<HistorySource> Sources(IEnumerable<(string Import, ImportedCertificateStatus Line)> lines) =>
        [.. lines.Where(l => l.Line.State is not (CertificateState.SourceGone or CertificateState.Missing)).Select(l => new HistorySource(l.Import, l.Line.Source ?? "", l.Line.State, l.Line.Message))];

    private static HistoryCertificate Of(string thumbprint, string purpose, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now) => new()
    {
        Thumbprint = thumbprint,
        Purpose = purpose,
        NotBefore = from,
        NotAfter = to,
        Place = HistoryPlace.Unknown,
        Validity = to <= now ? HistoryValidity.Expired
            : from > now ? HistoryValidity.NotYetValid
            : to - HistoryTimeline.ExpiryWarning <= now ? HistoryValidity.Expiring : HistoryValidity.Valid,
        Key = HistoryKey.None,
    };

    private static HistoryKey KeyOf(ImportedCertificate record, HistoryInput input, string? today)
    {
        if (input.Tenant.Spec.ConnectorKey is not { } key)
        {
            return HistoryKey.Unknown;
        }

        if (!Same(record.KeyName, key.KeyName) || !Same(record.ProviderName, key.ProviderName))
        {
            return HistoryKey.Other;
        }

        var remembered = input.Remembered.FirstOrDefault(l => Same(l.Thumbprint, record.Thumbprint) && l.KeyFingerprint is not null)?.KeyFingerprint;
        return remembered is null || today is null ? HistoryKey.SameName : remembered == today ? HistoryKey.Today : HistoryKey.Other;
    }

    private static CertificateImport? Entity(HistoryInput input, ResourceKey key) => input.Records.FirstOrDefault(r => r.Key == key)?.Entity as CertificateImport;

    private static string PurposeOf(ImportedCertificateStatus line) => line.Purpose == ImportPurpose.SmimeSigning ? HistoryPurposes.Signing : HistoryPurposes.Encryption;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Purposes in the service's words.</summary>
internal static class HistoryPurposes
{
    public const string Encryption = "smimeEncryption";
    public const string Signing = "smimeSigning";

    public static string Title(string purpose) => purpose switch
    {
        Encryption => "Encryption",
        Signing => "Signing",
        _ => $"Purpose {purpose}",
    };
}
