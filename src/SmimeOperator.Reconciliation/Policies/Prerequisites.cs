using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What S/MIME needs beside the policy itself, one line a point.</summary>
internal static class Prerequisites
{
    public static (bool Met, string Message) Of(SmimePolicySpec spec, TenantSession session)
    {
        var points = Connector(spec, session).Concat(Notifications(spec, session)).ToList();
        return points.Count == 0
            ? (true, "nothing is needed beside the policy")
            : (points.All(p => p.Met), string.Join("; ", points.OrderBy(p => p.Met).Select(p => p.Message)));
    }

    private static IEnumerable<(bool Met, string Message)> Connector(SmimePolicySpec spec, TenantSession session)
    {
        if (spec.Encryption?.Source != EncryptionSource.ImportedPkcs && spec.Signing?.Source is not (SigningSource.ImportedPkcs or SigningSource.Pkcs))
        {
            return [];
        }

        if (session.Resource is not { } tenant)
        {
            return [(false, "certificate connector: the Tenant is gone")];
        }

        if (session.Snapshot.Faults.TryGetValue(SnapshotPart.Connectors, out var fault))
        {
            return [(false, $"certificate connector: could not be read ({fault.Message})")];
        }

        var (healthy, message) = ConnectorHealth.Judge(session.Snapshot.Connectors, tenant.Spec.MinimumConnectorVersion);
        return [(healthy, "certificate connector: " + message)];
    }

    // The choice is kept and checked; whether anybody acts on it, people must be able to see.
    private static IEnumerable<(bool Met, string Message)> Notifications(SmimePolicySpec spec, TenantSession session)
    {
        if (spec.EndUserNotifications is not { Count: > 0 } chosen)
        {
            yield break;
        }

        var usesDerived = DerivedCredentials.AreUsedBy(spec);
        if (usesDerived && DerivedCredentials.Locate(spec, session.Snapshot.DerivedCredentials) is { } issuer)
        {
            var asked = string.Join(", ", chosen.Order());
            var there = string.Join(", ", issuer.NotificationType.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(n => Enum.TryParse<EndUserNotification>(n, ignoreCase: true, out var known) ? known.ToString() : n)
                .Order(StringComparer.Ordinal));
            yield return there == asked
                ? (true, $"derived credentials: issuer '{issuer.DisplayName}' notifies by {there}")
                : (false, $"derived credentials: issuer '{issuer.DisplayName}' notifies by {there}, spec.endUserNotifications says {asked}; the operator never changes the issuer, so change it in Intune or write the same");
        }

        var needsSetting = (spec.Signing is not null && !DerivedCredentials.ForSigning(spec)) || (spec.Encryption is not null && !DerivedCredentials.ForEncryption(spec)) || !usesDerived;
        if (needsSetting && !UndocumentedSettings.WritesNotifications(spec, session.Resource?.Spec.Undocumented))
        {
            yield return (false, $"spec.endUserNotifications: not written, for where the service keeps {string.Join(" and ", chosen)} is not documented; name the setting in the Tenant's spec.undocumented.endUserNotifications, or choose it in the portal");
        }
    }
}
