using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Connectors from the two collections that speak of them, joined by the server's name. Pure.</summary>
internal static class ConnectorJson
{
    /// <summary>One connector per ndesConnector, completed by details; then what only the details know.</summary>
    public static IReadOnlyList<Connector> Join(IEnumerable<JsonElement> connectors, IEnumerable<JsonElement> details)
    {
        var byMachine = details.ToLookup(d => GraphJson.Text(d, "machineName") ?? "", StringComparer.OrdinalIgnoreCase);
        var joined = new List<Connector>();
        var machines = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var connector in connectors)
        {
            var machine = GraphJson.Text(connector, "machineName");
            machines.Add(machine ?? "");
            var detail = string.IsNullOrEmpty(machine) ? default : byMachine[machine].FirstOrDefault();
            var version = GraphJson.Text(connector, "connectorVersion");
            joined.Add(new Connector(
                GraphJson.IdOf(connector),
                GraphJson.Text(connector, "displayName") ?? GraphJson.Text(detail, "connectorName") ?? machine ?? "",
                machine,
                string.IsNullOrWhiteSpace(version) ? GraphJson.Text(detail, "connectorVersion") : version,
                GraphJson.Text(connector, "state") ?? "none",
                Later(Time(connector, "lastConnectionDateTime"), Time(detail, "lastCheckinDateTime"))));
        }

        joined.AddRange(byMachine.Where(m => m.Key.Length == 0 || !machines.Contains(m.Key)).SelectMany(m => m).Select(d => new Connector(
            GraphJson.IdOf(d),
            GraphJson.Text(d, "connectorName") ?? GraphJson.Text(d, "machineName") ?? "",
            GraphJson.Text(d, "machineName"),
            GraphJson.Text(d, "connectorVersion"),
            "none",
            Time(d, "lastCheckinDateTime"))));
        return [.. joined.OrderBy(c => c.Id, StringComparer.Ordinal)];
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) && time.Year > 1
            ? time
            : null;
}
