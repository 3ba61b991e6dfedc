using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Reads status summaries: two for an object, twenty in one request.</summary>
internal sealed class DeliveryReader(GraphBatch batch, GraphRequests requests)
{
    /// <summary>The key of an object: its path.</summary>
    public static string KeyOf(TenantCollection collection, string id) => $"{SnapshotReader.PathOf(collection)}/{Uri.EscapeDataString(id)}";

    /// <summary>The summaries of objects by their keys; an object that is gone is not in the answer.</summary>
    public async Task<IReadOnlyDictionary<string, TenantDelivery>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var paths = keys.ToList();
        var addresses = paths.SelectMany<string, string>(p => p.StartsWith(SnapshotReader.PathOf(TenantCollection.AppConfigurations), StringComparison.OrdinalIgnoreCase)
            ? [p + "/deviceStatusSummary", p + "/userStatusSummary"]
            : [p + "/deviceStatusOverview", p + "/userStatusOverview"]).ToList();
        var answers = await batch.ReadAsync(
            "list-delivery", "Reading what has reached devices", requests.Beta, addresses, cancellationToken, mayBeAbsent: true);
        return paths.Select((path, i) => (path, Delivery: new TenantDelivery(Read(answers[2 * i]), Read(answers[(2 * i) + 1]))))
            .Where(d => d.Delivery is not { Devices: null, Users: null })
            .ToDictionary(d => d.path, d => d.Delivery, StringComparer.OrdinalIgnoreCase);
    }

    private static DeliveryNumbers? Read(JsonElement summary) => summary.ValueKind != JsonValueKind.Object
        ? null
        : new DeliveryNumbers(
            Count(summary, "successCount"), Count(summary, "pendingCount"), Count(summary, "failedCount"), Count(summary, "errorCount"), Count(summary, "conflictCount"));

    private static int Count(JsonElement summary, string name) =>
        summary.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) ? count : 0;
}
