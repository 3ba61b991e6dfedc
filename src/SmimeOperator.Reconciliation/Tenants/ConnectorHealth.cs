using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Judges the certificate connectors (intune.md §7): versions are four numbers, never text; all connectors must hold the key, one active one delivers.</summary>
public static class ConnectorHealth
{
    /// <summary>Judges all of them together: one that delivers is enough.</summary>
    /// <param name="connectors">The tenant's connectors.</param>
    /// <param name="minimumVersion">The oldest version that will do, four numbers.</param>
    public static (bool Healthy, string Message) Judge(IReadOnlyList<Connector> connectors, string minimumVersion)
    {
        ArgumentNullException.ThrowIfNull(connectors);
        if (connectors.Count == 0)
        {
            return (false, "there is none in the tenant; install the Certificate Connector for Microsoft Intune");
        }

        if (connectors.FirstOrDefault(c => IsHealthy(c, minimumVersion)) is { } healthy)
        {
            var active = connectors.Count(IsActive);
            return (true, $"{healthy.Name} is active{(string.IsNullOrEmpty(healthy.Version) ? ", version unknown" : $", version {healthy.Version}")}" +
                (active > 1 ? $"; {active} connectors are active, and each must hold the same key" : ""));
        }

        return (false, connectors.Any(IsActive)
            ? $"every active connector is older than {minimumVersion}: {string.Join(", ", connectors.Where(IsActive).Select(c => $"{c.Name} {c.Version}"))}"
            : $"none is active: {string.Join(", ", connectors.Select(c => $"{c.Name} is {c.State}"))}");
    }

    /// <summary>Whether a connector is active and new enough; a version that the tenant does not tell is not held against it.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="minimumVersion">The oldest version that will do, four numbers.</param>
    public static bool IsHealthy(Connector connector, string minimumVersion) =>
        IsActive(connector)
        && (!Version.TryParse(connector.Version, out var version) || version >= Version.Parse(minimumVersion));

    /// <summary>Whether the tenant says that a connector is active.</summary>
    /// <param name="connector">The connector.</param>
    public static bool IsActive(Connector connector) => string.Equals(connector?.State, "active", StringComparison.OrdinalIgnoreCase);
}
