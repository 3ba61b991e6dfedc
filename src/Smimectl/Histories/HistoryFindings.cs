using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What is to be noticed about a history. Pure.</summary>
internal static class HistoryFindings
{
    private const int MostOthers = 3;

    /// <summary>The findings, problems first. Of what could not be read nothing is said.</summary>
    public static IEnumerable<HistoryFinding> Of(UserHistory history, HistoryInput input)
    {
        var canTellTenant = !input.Snapshot.Faults.ContainsKey(SnapshotPart.ImportedCertificates);
        var findings = new List<HistoryFinding>();
        if (canTellTenant)
        {
            findings.AddRange(Coverage(history));
            findings.AddRange(OfPlaces(history, input));
            findings.AddRange(OfShared(history, input.Snapshot));
        }

        if (!input.Snapshot.Faults.ContainsKey(SnapshotPart.DeviceConfigurations))
        {
            findings.AddRange(DeliveryFindings.Of(history, knowsPolicies: !input.Snapshot.Faults.ContainsKey(SnapshotPart.AppConfigurations)));
        }

        findings.AddRange(OfSources(history, input));
        findings.AddRange(history.User.Remarks.Select(r => new HistoryFinding(false, "account", r)));
        return findings.Distinct().OrderByDescending(f => f.IsProblem);
    }

    // What decides whether mail can be read is encryption: a time without a certificate is one in which nobody could encrypt to this user.
    private static IEnumerable<HistoryFinding> Coverage(UserHistory history)
    {
        var encryption = history.Certificates.Where(c => c.Purpose == HistoryPurposes.Encryption).ToList();
        var present = encryption.Where(c => c.IsInTenant).ToList();
        if (present.Count == 0)
        {
            yield return new HistoryFinding(true, "none", "the tenant holds no encryption certificate of this user: no device can get one to read encrypted mail with");
            yield break;
        }

        var timeline = HistoryTimeline.Of(present.Select(c => (c.NotBefore, c.NotAfter)));
        foreach (var (from, to) in timeline.Gaps)
        {
            var fills = encryption.FirstOrDefault(c => !c.IsInTenant && c.NotBefore < to && c.NotAfter > from);
            yield return new HistoryFinding(true, "gap", $"no encryption certificate in the tenant was valid from {Day(from)} to {Day(to)}"
                + (fills is null ? "" : $"; {fills.Thumbprint}, which is not in the tenant, covers at least a part of it"));
        }

        var end = timeline.End!.Value;
        if (end <= history.Now)
        {
            yield return new HistoryFinding(true, "expired", $"every encryption certificate in the tenant has expired, the last one on {Day(end)}: old mail stays readable, new mail cannot be encrypted to this user");
        }
        else if (present.TrueForAll(c => c.NotBefore > history.Now))
        {
            yield return new HistoryFinding(true, "not-yet-valid", $"no encryption certificate in the tenant is valid yet; the first is from {Day(present[0].NotBefore)} on");
        }
        else if (timeline.IsExpiring(history.Now))
        {
            yield return new HistoryFinding(true, "expiring", $"the newest encryption certificate ends on {Day(end)}");
        }

        if (timeline.Overlaps > 0)
        {
            yield return new HistoryFinding(false, "overlap", $"{Times(timeline.Overlaps)} an encryption certificate began before those before it had ended: usual for renewals");
        }
    }

    private static IEnumerable<HistoryFinding> OfPlaces(UserHistory history, HistoryInput input)
    {
        foreach (var certificate in history.Certificates)
        {
            if (certificate.Key == HistoryKey.Other)
            {
                yield return new HistoryFinding(true, "other-key", $"{certificate.Thumbprint} is encrypted to another connector key than today's ({certificate.Record?.KeyName}): devices may not get it any more"
                    + (certificate.Sources.Count > 0 ? "; its source is in git, so the next sync sends it anew" : ", and no source is left to encrypt it anew"));
            }

            if (certificate.Place == HistoryPlace.TenantOnly)
            {
                yield return new HistoryFinding(false, "only-tenant", $"{certificate.Thumbprint} stands in the tenant only: devices get it, and it cannot be imported again from this folder");
            }
            else if (certificate.Place == HistoryPlace.Lost)
            {
                yield return new HistoryFinding(true, "lost", $"{certificate.Thumbprint} was imported once, is gone from the tenant, and no source is left: mail encrypted to it cannot be read on new devices");
            }
            else if (certificate is { Place: HistoryPlace.GitOnly } && certificate.Sources.All(s => s.State is CertificateState.Pending or CertificateState.Imported))
            {
                var suspended = certificate.Sources.Any(s => IsSuspended(input, s.Import));
                yield return new HistoryFinding(true, "only-git", $"{certificate.Thumbprint} stands in git only ({Names(certificate)}): no device gets it before a sync imports it"
                    + (suspended ? "; the import is suspended" : ""));
            }
        }

        foreach (var twin in history.Certificates.GroupBy(c => c.Thumbprint).Where(g => g.Skip(1).Any()))
        {
            yield return new HistoryFinding(true, "two-purposes", $"{twin.Key} is meant for {string.Join(" and ", twin.Select(t => t.Purpose))}: the service keeps one record of a user and certificate, so only one of them can be there");
        }
    }

    // A record does not tell its key. The same certificate under two users is one private key in two people's hands.
    private static IEnumerable<HistoryFinding> OfShared(UserHistory history, TenantSnapshot snapshot)
    {
        var mine = history.Certificates.Where(c => c.IsInTenant).Select(c => c.Thumbprint).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var key = ImportedCertificate.UserKeyOf(history.User.Id);
        return snapshot.CertificatesByUser.Where(u => u.Key != key).SelectMany(u => u.Value).Where(r => mine.Contains(r.Thumbprint))
            .GroupBy(r => r.Thumbprint.ToLowerInvariant())
            .Select(g => new HistoryFinding(true, "shared", $"{g.Key} was imported for {string.Join(", ", g.Select(r => r.UserPrincipalName).Order(StringComparer.Ordinal).Take(MostOthers))}"
                + $"{(g.Count() > MostOthers ? $" and {g.Count() - MostOthers} more" : "")} too: one private key in several hands"));
    }

    private static IEnumerable<HistoryFinding> OfSources(UserHistory history, HistoryInput input)
    {
        foreach (var (import, line) in HistoryComposer.Lines(input).Where(l => l.Line.State is CertificateState.Invalid or CertificateState.Refused))
        {
            yield return new HistoryFinding(true, line.State == CertificateState.Refused ? "refused" : "unreadable",
                $"{import}: {(line.Thumbprint is null ? "" : line.Thumbprint + ": ")}{line.Message}");
        }

        foreach (var secret in input.Plans.SelectMany(p => p.Secrets).Where(s => s.IsEncrypted).Distinct())
        {
            yield return new HistoryFinding(true, "unreadable", PlanWords.Secret(secret));
        }

        // What one source lacks is said above; what stops the import as a whole is said here.
        var told = HistoryComposer.Lines(input).Where(l => l.Line.State is CertificateState.Invalid or CertificateState.Refused).Select(l => l.Import).ToHashSet(StringComparer.Ordinal);
        foreach (var import in history.Imports.Where(i => i.State is (PlanState.Stalled or PlanState.Waiting) && !told.Contains(i.Name)))
        {
            yield return new HistoryFinding(true, "import", $"{import.Name} would {(import.State == PlanState.Stalled ? "stop" : "wait")} ({import.Reason}): {import.Message}");
        }

        foreach (var warning in HistoryComposer.Lines(input).Where(l => l.Line is { State: CertificateState.Imported or CertificateState.Pending, Message: not null }))
        {
            yield return new HistoryFinding(false, "warning", $"{warning.Import}: source {warning.Line.Source}: {warning.Line.Message}");
        }

        var duplicates = input.Records.Where(r => r.Status is CertificateImportStatus { Counts.Duplicates: > 0 });
        foreach (var record in duplicates)
        {
            foreach (var note in ((CertificateImportStatus)record.Status!).History?.Notes?.Where(n => n.Contains("same certificate", StringComparison.Ordinal)) ?? [])
            {
                yield return new HistoryFinding(false, "duplicate", $"{record.Key.ResourceName}: {note}");
            }
        }

        foreach (var certificate in history.Certificates.Where(c => c.Sources.Select(s => s.Import).Distinct(StringComparer.Ordinal).Skip(1).Any()))
        {
            yield return new HistoryFinding(false, "duplicate", $"{certificate.Thumbprint} is held by {Names(certificate)}: it is one record in the tenant");
        }
    }

    private static bool IsSuspended(HistoryInput input, string import) =>
        input.Stated.FirstOrDefault(i => new ResourceName(i.Metadata.NamespaceProperty, i.Metadata.Name).ToString() == import)?.Spec.Suspend == true;

    private static string Names(HistoryCertificate certificate) => string.Join(", ", certificate.Sources.Select(s => $"{s.Import}: {s.Source}"));

    private static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
