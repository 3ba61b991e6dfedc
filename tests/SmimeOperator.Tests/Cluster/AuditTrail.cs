using System.Text.Json;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Tests;

/// <summary>One line of the audit trail, as a log collector sees it.</summary>
internal sealed record AuditLine(string Verb, string Kind, string Id, string Resource, string RequestId);

/// <summary>What the operator says it did, and what the tenant says who did it.</summary>
internal static class AuditTrail
{
    public static IReadOnlyList<AuditLine> Read(string log) =>
    [
        .. File.ReadLines(log).Where(l => l.StartsWith('{') && l.EndsWith('}')).Select(l => JsonDocument.Parse(l).RootElement)
            .Where(l => l.GetProperty("Category").GetString() == "SmimeOperator.Audit")
            .Select(l => l.GetProperty("State"))
            .Select(s => new AuditLine(Text(s, "Verb"), Text(s, "Kind"), Text(s, "Id"), Text(s, "Resource"), Text(s, "RequestId"))),
    ];

    /// <summary>The replica that sent a request.</summary>
    public static string ReplicaOf(RequestLogEntry entry) => entry.UserAgent![(entry.UserAgent!.IndexOf('(', StringComparison.Ordinal) + 1)..^1];

    /// <summary>Requests that changed the tenant, oldest first.</summary>
    public static IReadOnlyList<RequestLogEntry> Writes(SimulatedTenant tenant) =>
        [.. tenant.Log.Entries.Where(e => e.IsWrite && e.Status is >= 200 and < 300)];

    private static string Text(JsonElement state, string name) => state.GetProperty(name).GetString() ?? "";
}
