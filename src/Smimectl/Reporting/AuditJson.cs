using System.Text.Json;

namespace Smimectl;

/// <summary>A report for programs; certificates one by one stand in the CSV.</summary>
internal static class AuditJson
{
    private static readonly JsonSerializerOptions Pretty = new(KindModel.Json) { WriteIndented = true };

    public static void Write(AuditReport report, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            report.Tenant,
            report.TenantId,
            report.Mode,
            ReadAt = HistoryWords.Second(report.ReadAt),
            Complete = report.Unread.Count == 0,
            report.Unread,
            report.Notes,
            Certificates = report.KnowsCertificates ? report.Certificates.Count : (int?)null,
            report.Expiry,
            Users = report.KnowsCertificates ? report.Users : null,
            Intended = new
            {
                Everybody = report.Intended.IsEverybody,
                DirectoryUsers = report.Intended.Number,
                Users = report.Intended.IsEverybody ? (int?)null : report.Intended.Users.Count,
                Complete = report.Intended.IsComplete,
                report.Intended.Notes,
            },
            report.Policies,
            report.Imports,
            report.Differences,
            Unmanaged = report.KnowsProfiles ? report.Unmanaged : null,
            Deliveries = report.Routes,
            Connectors = report.Connectors.Select(c => new { c.Connector.Name, c.Connector.MachineName, c.Connector.Version, c.Connector.State, c.Connector.LastConnection, Healthy = c.IsHealthy }),
            report.Checks,
            report.GrantedPermissions,
            report.MissingPermissions,
        },
        Pretty));
}
