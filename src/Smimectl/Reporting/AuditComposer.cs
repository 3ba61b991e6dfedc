using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What a report is made of.</summary>
internal sealed record AuditInput
{
    public required Tenant Tenant { get; init; }

    /// <summary>The tenant before the dry run.</summary>
    public required TenantSnapshot Snapshot { get; init; }

    public required string ClusterId { get; init; }

    public required PlanReport Plan { get; init; }

    /// <summary>The resources with the statuses of the dry run.</summary>
    public required IReadOnlyList<ResourceRecord> Records { get; init; }

    /// <summary>Principal names and object ids by which imports in git mean users.</summary>
    public required IReadOnlyCollection<string> StatedUsers { get; init; }

    public required IReadOnlyList<DeliveryRoute> Routes { get; init; }

    public required IntendedUsers Intended { get; init; }

    public required IReadOnlyList<string> Unread { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>Adds up what was read. Pure.</summary>
internal static class AuditComposer
{
    /// <summary>How many months of the expiry timeline are told one by one, the current one included.</summary>
    public const int Months = 24;

    public static AuditReport Compose(AuditInput input)
    {
        var certificates = input.Snapshot.CertificatesByUser.Values.SelectMany(c => c).ToList();
        var status = input.Records.Select(r => r.Status).OfType<TenantStatus>().FirstOrDefault();
        var knowsConnectors = !input.Snapshot.Faults.ContainsKey(SnapshotPart.Connectors);
        var healthy = (status?.Connectors ?? []).Where(c => c.Healthy).Select(c => (c.Name, c.MachineName)).ToHashSet();
        return new AuditReport
        {
            Tenant = $"{input.Tenant.Metadata.NamespaceProperty}/{input.Tenant.Metadata.Name}",
            TenantId = input.Tenant.Spec.TenantId,
            Mode = input.Tenant.Spec.Mode,
            ReadAt = input.Snapshot.ReadAt,
            Now = input.Now,
            Unread = input.Unread,
            KnowsCertificates = !input.Snapshot.Faults.ContainsKey(SnapshotPart.ImportedCertificates),
            KnowsProfiles = !input.Snapshot.Faults.ContainsKey(SnapshotPart.DeviceConfigurations) && !input.Snapshot.Faults.ContainsKey(SnapshotPart.AppConfigurations),
            Notes = input.Notes,
            Certificates = certificates,
            Users = Users(input),
            Intended = input.Intended,
            Expiry = Expiry(certificates, input.Now),
            Policies = [.. Resources(input).Where(r => r.Kind is not (CertificateImport.KubeKind or Tenant.KubeKind))],
            Imports = [.. Resources(input).Where(r => r.Kind == CertificateImport.KubeKind).OrderByDescending(r => r.State)],
            Differences = [.. input.Plan.Resources.SelectMany(Differences)],
            Unmanaged = Unmanaged(input),
            Routes = input.Routes,
            Connectors = knowsConnectors ? [.. input.Snapshot.Connectors.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => (c, healthy.Contains((c.Name, c.MachineName))))] : [],
            Checks = [.. Checks(status)],
            GrantedPermissions = status?.GrantedPermissions ?? [],
            MissingPermissions = status?.MissingPermissions ?? [],
        };
    }

    /// <summary>When certificates end, by month in UTC.</summary>
    public static AuditExpiry Expiry(IReadOnlyCollection<ImportedCertificate> certificates, DateTimeOffset now)
    {
        var first = new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1);
        var counts = new int[Months];
        var (expired, soon, later) = (0, 0, 0);
        foreach (var end in certificates.Select(c => c.ExpirationDateTime))
        {
            var month = ((end.UtcDateTime.Year - first.Year) * 12) + end.UtcDateTime.Month - first.Month;
            if (end <= now)
            {
                expired++;
            }
            else if (month >= Months)
            {
                later++;
            }
            else
            {
                counts[month]++;
            }

            soon += end > now && end - HistoryTimeline.ExpiryWarning <= now ? 1 : 0;
        }

        return new AuditExpiry(expired, soon, [.. counts.Select((count, i) => new AuditMonth(first.AddMonths(i), count))], later);
    }

    private static List<AuditUser> Users(AuditInput input)
    {
        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, records) in input.Snapshot.CertificatesByUser)
        {
            foreach (var record in records)
            {
                byName.TryAdd(record.UserPrincipalName, key);
            }
        }

        foreach (var (key, name) in input.Intended.Users)
        {
            byName.TryAdd(name ?? key, key);
        }

        var stated = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var missing = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var users = new List<AuditUser>();
        foreach (var name in input.StatedUsers)
        {
            var key = Guid.TryParse(name, out var id) ? id.ToString("N") : byName.GetValueOrDefault(name);
            if (key is null || !input.Snapshot.CertificatesByUser.ContainsKey(key))
            {
                users.Add(new AuditUser(name, true, 0, null, AuditCover.Missing) { IsIntended = input.Intended.Has(key) });
                missing.Add(key ?? name);
            }
            else
            {
                stated.Add(key);
            }
        }

        users.AddRange(input.Snapshot.CertificatesByUser.Where(u => u.Value.Count > 0).Select(u => User(u.Value, stated.Contains(u.Key), input.Now) with { IsIntended = input.Intended.Has(u.Key) }));
        if (!input.Snapshot.Faults.ContainsKey(SnapshotPart.ImportedCertificates))
        {
            users.AddRange(input.Intended.Users.Where(u => !missing.Contains(u.Key) && !input.Snapshot.CertificatesByUser.ContainsKey(u.Key))
                .Select(u => new AuditUser(u.Value ?? HistoryUser.IdOf(u.Key), false, 0, null, AuditCover.Missing) { IsIntended = true }));
        }

        return [.. users.OrderBy(u => u.Cover).ThenBy(u => u.NewestEnd).ThenBy(u => u.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static AuditUser User(IReadOnlyList<ImportedCertificate> records, bool isStated, DateTimeOffset now)
    {
        var encryption = records.Where(r => string.Equals(r.IntendedPurpose, HistoryPurposes.Encryption, StringComparison.OrdinalIgnoreCase)).ToList();
        var valid = encryption.Where(r => r.StartDateTime <= now && r.ExpirationDateTime > now).ToList();
        var end = HistoryTimeline.Of(encryption.Select(r => (r.StartDateTime, r.ExpirationDateTime))).End;
        var cover = encryption.Count == 0 ? AuditCover.Missing
            : valid.Count == 0 ? AuditCover.NotValid
            : end - HistoryTimeline.ExpiryWarning <= now ? AuditCover.Expiring : AuditCover.Covered;
        return new AuditUser(records.MaxBy(r => r.ExpirationDateTime)!.UserPrincipalName, isStated, records.Count, end, cover);
    }

    private static IEnumerable<AuditResource> Resources(AuditInput input)
    {
        var statuses = input.Records.ToDictionary(r => r.Key, r => r.Status);
        return input.Plan.Resources.Select(p =>
        {
            var counts = (statuses.GetValueOrDefault(p.Key) as CertificateImportStatus)?.Counts;
            return new AuditResource(p.Key.Kind, p.Key.ResourceName.ToString(), p.File, p.State, p.Reason, p.Message,
                p.Recording.Made.Count + p.Recording.Due.Count + p.Recording.Held.Count, counts?.Desired, counts is null ? null : counts.Imported - p.Recording.Made.Count(c => c is { Action: ChangeAction.Import, Id: null }), counts?.Failed);
        });
    }

    private static IEnumerable<AuditDifference> Differences(ResourcePlan plan) =>
        plan.Recording.Made.Select(c => Difference(plan, c, ""))
            .Concat(plan.Recording.Due.Select(c => Difference(plan, c, ", held up")))
            .Concat(plan.Recording.Held.Select(h => Difference(plan, h.Change, $", left alone ({h.Reason})")));

    private static AuditDifference Difference(ResourcePlan plan, PlannedChange change, string mark) => new(
        plan.Key.ToString(),
        $"{PlanWords.Verb(change.Action)} {PlanWords.Object(change)}",
        change.Cause switch
        {
            ChangeCause.Drift => "changed in the tenant",
            ChangeCause.Deletion => "removed from git",
            _ => "stated in git, not in the tenant",
        } + mark,
        [.. change.Differences.Select(PlanWords.Difference)],
        change.Disruption);

    private static List<AuditUnmanaged> Unmanaged(AuditInput input) =>
    [
        .. input.Snapshot.All(TenantCollection.AppConfigurations).Concat(input.Snapshot.All(TenantCollection.DeviceConfigurations))
            .Where(o => ManagedTypes.Contains(o.Type))
            .Select(o => (o.Type, Mark: OwnershipMark.Find(o.MarkedText)))
            .Where(o => o.Mark?.ClusterId != input.ClusterId)
            .GroupBy(o => o.Type, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new AuditUnmanaged(g.Key, g.Count(), g.Count(o => o.Mark is not null))),
    ];

    private static IEnumerable<AuditCheck> Checks(TenantStatus? status)
    {
        foreach (var (type, name) in ((string, string)[])
            [(ConditionTypes.CredentialsValid, "Credentials"), (ConditionTypes.PermissionsGranted, "Permissions"), (ConditionTypes.ConnectorHealthy, "Certificate connector")])
        {
            var condition = status?.Conditions?.Find(c => c.Type == type);
            yield return new AuditCheck(name, condition?.Status switch { "True" => true, "False" => false, _ => null }, condition?.Message ?? "not looked at");
        }
    }
}
