using System.Diagnostics.Metrics;
using k8s;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Runtime;

namespace SmimeOperator.Telemetry;

/// <summary>What the resources' status says, counted at each scrape. No label names a person: imports are counted, never listed.</summary>
internal sealed class ResourceMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SmimeOperator.Resources";

    private readonly IEntityStore<Tenant> _tenants;
    private readonly IEntityStore<SmimePolicy> _policies;
    private readonly IEntityStore<CertificateImport> _imports;
    private readonly IEntityStore<Assignment> _assignments;
    private readonly TimeProvider _time;

    public ResourceMetrics(
        IMeterFactory meters, IEntityStore<Tenant> tenants, IEntityStore<SmimePolicy> policies, IEntityStore<CertificateImport> imports,
        IEntityStore<Assignment> assignments, TimeProvider time)
    {
        (_tenants, _policies, _imports, _assignments, _time) = (tenants, policies, imports, assignments, time);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("smime.resources", Resources, "{resource}", "Resources by kind, and by status and reason of their Ready condition.");
        meter.CreateObservableGauge("smime.drift.open", Drift, "{difference}", "Differences from what was last applied that were not put right, by kind.");
        meter.CreateObservableGauge("smime.certificates", Certificates, "{certificate}", "Certificates of imports by state.");
        meter.CreateObservableGauge(
            "smime.certificates.expiry", Expiry, "{certificate}", "The newest imported certificate of each import, by the time that it is still valid.");
        meter.CreateObservableGauge(
            "smime.tenant.permissions.missing", MissingPermissions, "{permission}", "Permissions that the app registration lacks, by Tenant.");
        meter.CreateObservableGauge(
            "smime.tenant.condition", Conditions, "{condition}", "1 where the Tenant's condition is True, 0 where it is False, -1 where it is Unknown.");
    }

    private IEnumerable<Measurement<int>> Resources() =>
        [.. Counted<Tenant, TenantStatus>(_tenants, Tenant.KubeKind), .. Counted<SmimePolicy, SmimePolicyStatus>(_policies, SmimePolicy.KubeKind),
            .. Counted<CertificateImport, CertificateImportStatus>(_imports, CertificateImport.KubeKind),
            .. Counted<Assignment, AssignmentStatus>(_assignments, Assignment.KubeKind)];

    private static IEnumerable<Measurement<int>> Counted<TEntity, TStatus>(IEntityStore<TEntity> store, string kind)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>, IStatus<TStatus?>
        where TStatus : ResourceStatus =>
        store.List().Select(e => e.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready))
            .GroupBy(c => (Ready: c?.Status ?? "Unknown", Reason: c?.Reason ?? ""))
            .Select(g => new Measurement<int>(g.Count(), new("kind", kind), new("ready", g.Key.Ready), new("reason", g.Key.Reason)));

    private IEnumerable<Measurement<int>> Drift() =>
    [
        new(_policies.List().Sum(p => Open(p.Status)), new KeyValuePair<string, object?>("kind", SmimePolicy.KubeKind)),
        new(_imports.List().Sum(i => Open(i.Status)), new KeyValuePair<string, object?>("kind", CertificateImport.KubeKind)),
        new(_assignments.List().Sum(a => Open(a.Status)), new KeyValuePair<string, object?>("kind", Assignment.KubeKind)),
    ];

    private static int Open(ResourceStatus? status) => status?.Drift?.Count(d => !d.Corrected) ?? 0;

    private IEnumerable<Measurement<int>> Certificates()
    {
        var counts = _imports.List().SelectMany(i => i.Status?.Certificates ?? []).CountBy(c => c.State).ToDictionary();
        return Enum.GetValues<CertificateState>().Select(s => new Measurement<int>(counts.GetValueOrDefault(s), new KeyValuePair<string, object?>("state", s.ToString())));
    }

    private IEnumerable<Measurement<int>> Expiry()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var counts = _imports.List()
            .Select(i => (i.Status?.Certificates ?? []).Where(c => c.State is CertificateState.Imported or CertificateState.SourceGone).Max(c => c.NotAfter))
            .Where(end => end is not null)
            .CountBy(end => ExpiryWindow.Of(end!.Value - now)).ToDictionary();
        return ExpiryWindow.All.Select(w => new Measurement<int>(counts.GetValueOrDefault(w), new KeyValuePair<string, object?>("within", w)));
    }

    private IEnumerable<Measurement<int>> MissingPermissions() =>
        _tenants.List().Select(t => new Measurement<int>(t.Status?.MissingPermissions?.Count ?? 0, Tags(t)));

    private IEnumerable<Measurement<int>> Conditions() =>
        from tenant in _tenants.List()
        from condition in tenant.Status?.Conditions ?? []
        where condition.Type is ConditionTypes.CredentialsValid or ConditionTypes.PermissionsGranted or ConditionTypes.ConnectorHealthy
        select new Measurement<int>(
            condition.Status switch { "True" => 1, "False" => 0, _ => -1 }, [.. Tags(tenant), new("type", condition.Type)]);

    private static KeyValuePair<string, object?>[] Tags(Tenant tenant) =>
        [new("tenant_namespace", tenant.Metadata.NamespaceProperty), new("tenant", tenant.Metadata.Name)];
}

/// <summary>How long a certificate is still valid, in a few words that do not overlap.</summary>
internal static class ExpiryWindow
{
    /// <summary>All windows, the most urgent first.</summary>
    public static IReadOnlyList<string> All { get; } = ["expired", "7d", "30d", "90d", "later"];

    /// <summary>The window of a rest of validity.</summary>
    public static string Of(TimeSpan left) => left.TotalDays switch
    {
        <= 0 => "expired",
        <= 7 => "7d",
        <= 30 => "30d",
        <= 90 => "90d",
        _ => "later",
    };
}
