using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What S/MIME needs beside the policy itself, one line a point.</summary>
internal static class Prerequisites
{
    public static (bool Met, string Message) Of(SmimePolicySpec spec, TenantSession session)
    {
        var needsConnector = spec.Encryption?.Source == EncryptionSource.ImportedPkcs || spec.Signing?.Source is SigningSource.ImportedPkcs or SigningSource.Pkcs;
        if (!needsConnector)
        {
            return (true, "nothing is needed beside the policy");
        }

        if (session.Resource is not { } tenant)
        {
            return (false, "certificate connector: the Tenant is gone");
        }

        if (session.Snapshot.Faults.TryGetValue(SnapshotPart.Connectors, out var fault))
        {
            return (false, $"certificate connector: could not be read ({fault.Message})");
        }

        var (healthy, message) = ConnectorHealth.Judge(session.Snapshot.Connectors, tenant.Spec.MinimumConnectorVersion);
        return (healthy, "certificate connector: " + message);
    }
}
