using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>One reconciliation of one Tenant: its status in the making.</summary>
internal sealed class TenantRun(Tenant tenant, BlastRadiusGuard blast, TimeProvider time)
    : ReconcileRun<TenantStatus>(tenant.Metadata, Tenant.KubeKind, tenant.Status, time)
{
    private (bool Valid, string Reason, string Message)? _credentials;
    private (IReadOnlyList<string> Granted, IReadOnlyList<string> Missing, string Message)? _permissions;
    private List<ConnectorStatus>? _connectors = tenant.Status?.Connectors;
    private ObjectCounts? _counts = tenant.Status?.Counts;
    private TenantSnapshot? _snapshot;

    /// <summary>Fingerprint of the connector key.</summary>
    public string? Fingerprint { get; set; } = tenant.Status?.ConnectorKeyFingerprint;

    /// <summary>Whether a person asked for a read.</summary>
    public bool IsAsked => tenant.Metadata.Annotations?.ContainsKey(Annotations.ReconcileRequestedAt) == true;

    public void Credentials(bool valid, string reason, string message) => _credentials = (valid, reason, message);

    public void Permissions(IReadOnlyList<string> granted, IReadOnlyList<string> missing, string message) => _permissions = (granted, missing, message);

    /// <summary>Takes note of what the tenant holds.</summary>
    public void Observe(TenantSnapshot snapshot, string clusterId)
    {
        _snapshot = snapshot;
        _connectors = snapshot.Connectors.Count == 0
            ? null
            : [.. snapshot.Connectors.OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Id, StringComparer.Ordinal).Select(c => new ConnectorStatus
            {
                Name = c.Name,
                MachineName = c.MachineName,
                Version = string.IsNullOrEmpty(c.Version) ? null : c.Version,
                State = c.State,
                Healthy = ConnectorHealth.IsHealthy(c, tenant.Spec.MinimumConnectorVersion),
            })];
        var policies = snapshot.All(TenantCollection.AppConfigurations).Where(o => ObjectShapes.Of(o.Type) is not null).ToList();
        var profiles = snapshot.All(TenantCollection.DeviceConfigurations).Where(o => ObjectShapes.Of(o.Type) is not null).ToList();
        _counts = new ObjectCounts
        {
            AppConfigurations = policies.Count,
            Profiles = profiles.Count,
            ImportedCertificates = snapshot.CertificateCount,
            Unmanaged = policies.Concat(profiles).Count(o => Marks.Of(o)?.ClusterId != clusterId),
        };
    }

    public Outcome<TenantStatus> Done(Verdict verdict) => Ended(verdict);

    protected override TenantStatus NewStatus() => new()
    {
        Connectors = _connectors,
        GrantedPermissions = _permissions is { } p ? NullIfEmpty(p.Granted) : tenant.Status?.GrantedPermissions,
        MissingPermissions = _permissions is { } m ? NullIfEmpty(m.Missing) : tenant.Status?.MissingPermissions,
        ConnectorKeyFingerprint = Fingerprint,
        Counts = _counts,
        RecentRemovals = blast.Record(tenant),
    };

    protected override void AddConditions()
    {
        if (_credentials is { } credentials)
        {
            Conditions.Set(ConditionTypes.CredentialsValid, credentials.Valid, credentials.Reason, credentials.Message);
        }
        else
        {
            Conditions.Keep(ConditionTypes.CredentialsValid);
        }

        if (_permissions is { } permissions)
        {
            var met = permissions.Missing.Count == 0;
            Conditions.Set(ConditionTypes.PermissionsGranted, met, met ? Reasons.Met : Reasons.PermissionMissing, permissions.Message);
        }
        else
        {
            Conditions.Keep(ConditionTypes.PermissionsGranted);
        }

        if (_snapshot is null)
        {
            Conditions.Keep(ConditionTypes.ConnectorHealthy);
        }
        else if (_snapshot.Faults.TryGetValue(SnapshotPart.Connectors, out var fault))
        {
            Conditions.Set(ConditionTypes.ConnectorHealthy, null, Reasons.Unknown, $"could not be read: {fault.Message}");
        }
        else
        {
            var (healthy, message) = ConnectorHealth.Judge(_snapshot.Connectors, tenant.Spec.MinimumConnectorVersion);
            Conditions.Set(ConditionTypes.ConnectorHealthy, healthy, healthy ? Reasons.Met : Reasons.NotMet, message);
        }
    }

    private static List<string>? NullIfEmpty(IReadOnlyList<string> list) => list.Count == 0 ? null : [.. list];
}
