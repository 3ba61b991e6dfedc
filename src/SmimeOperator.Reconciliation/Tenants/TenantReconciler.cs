using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Keeps the connection: proves who we are, reads the tenant whole each interval, and reports its health.</summary>
internal sealed class TenantReconciler(TenantPool pool, ConnectorKeys keys, BlastRadiusGuard blast, TimeProvider time, Func<double> random) : IResourceReconciler<Tenant, TenantStatus>
{
    public async Task<Outcome<TenantStatus>> ReconcileAsync(Tenant tenant, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var run = new TenantRun(tenant, blast, time);
        var interval = GoDuration.Parse(tenant.Spec.Interval);
        try
        {
            var connection = await ConnectAsync(tenant, scope, run, cancellationToken);
            CheckPermissions(tenant, connection, run);
            if (tenant.Spec.ConnectorKey is not null)
            {
                run.Fingerprint = (await keys.ReadAsync(tenant, scope.Catalog, cancellationToken)).Fingerprint;
            }

            var change = await SweepAsync(tenant, connection.Tenant, interval, run.IsNewRequest && run.IsAsked, cancellationToken);
            run.Observe(change.Current, scope.Catalog.ClusterId);
            var verdict = !FaultsOf(change.Current).Any()
                ? Verdict.Ready(tenant.Spec.Mode == TenantMode.ReadOnly ? "connected; read-only: nothing is changed" : "connected")
                : FaultOf(change.Current);
            return run.Done(verdict) with { Change = change, RequeueAfter = verdict.RetryAfter ?? UntilNextSweep(tenant, change.Current, interval) };
        }
        catch (VerdictException ended)
        {
            return run.Done(ended.Verdict) with { RequeueAfter = ended.Verdict.Kind == VerdictKind.Stalled ? Jittered(interval) : ended.Verdict.RetryAfter };
        }
        catch (TenantException fault)
        {
            var verdict = Verdict.Of(fault);
            return run.Done(verdict) with { RequeueAfter = verdict.Kind == VerdictKind.Stalled ? Jittered(interval) : verdict.RetryAfter };
        }
    }

    public Task<Outcome<TenantStatus>> FinalizeAsync(Tenant tenant, ReconcileScope scope, CancellationToken cancellationToken)
    {
        var run = new TenantRun(tenant, blast, time);
        var name = new ResourceName(tenant.Metadata.NamespaceProperty, tenant.Metadata.Name);
        var users = scope.Catalog.PoliciesOf(name).Select(p => $"SmimePolicy {p.Metadata.NamespaceProperty}/{p.Metadata.Name}")
            .Concat(scope.Catalog.ImportsOf(name).Select(i => $"CertificateImport {i.Metadata.NamespaceProperty}/{i.Metadata.Name}"))
            .Order(StringComparer.Ordinal).ToList();
        return Task.FromResult(users.Count == 0
            ? run.Released([])
            : run.Done(Verdict.Waiting(Reasons.InUse, $"{users.Count} resources refer to this Tenant: {string.Join(", ", users.Take(5))}; delete them first")));
    }

    private async Task<TenantPool.Connection> ConnectAsync(Tenant tenant, ReconcileScope scope, TenantRun run, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await pool.ConnectAsync(tenant, scope.Catalog, cancellationToken);
            run.Credentials(true, Reasons.Met, $"the token belongs to tenant {connection.Access!.TenantId}");
            return connection;
        }
        catch (TenantException fault) when (!fault.IsTransient)
        {
            run.Credentials(false, Verdict.Of(fault).Reason, fault.Message);
            throw;
        }
        catch (VerdictException ended)
        {
            run.Credentials(false, ended.Verdict.Reason, ended.Verdict.Message);
            throw;
        }
    }

    private static void CheckPermissions(Tenant tenant, TenantPool.Connection connection, TenantRun run)
    {
        if (connection.Access!.Permissions is not { } roles)
        {
            run.Permissions([], [], "credentials.type None has no token to read permissions from");
            return;
        }

        // What is only tried out is never written: whoever tries may be somebody who reads.
        var (granted, missing) = Reconciliation.Permissions.Check(roles, connection.Tenant.IsDryRun ? TenantMode.ReadOnly : tenant.Spec.Mode);
        run.Permissions(granted, missing, missing.Count == 0 ? "all granted" : $"missing: {string.Join(", ", missing)}");
        if (missing.Count > 0)
        {
            throw VerdictException.Stalled(Reasons.PermissionMissing,
                $"the app registration lacks {string.Join(", ", missing)}; grant them as application permissions and give admin consent");
        }
    }

    // A read that took longer than the interval is followed by the next at once.
    private TimeSpan UntilNextSweep(Tenant resource, TenantSnapshot last, TimeSpan interval) =>
        TimeSpan.FromTicks(Math.Max(0, (NextSweep(resource, last, interval) - time.GetUtcNow()).Ticks));

    private static DateTimeOffset NextSweep(Tenant resource, TenantSnapshot last, TimeSpan interval) =>
        SweepSchedule.After(last.ReadAt, resource.Metadata.Uid ?? "", interval);

    private async Task<SnapshotChange> SweepAsync(
        Tenant resource, IIntuneTenant tenant, TimeSpan interval, bool asked, CancellationToken cancellationToken)
    {
        if (asked || tenant.Current is not { } current || time.GetUtcNow() >= NextSweep(resource, current, interval))
        {
            return await tenant.RefreshAsync(cancellationToken);
        }

        return new SnapshotChange(current, new HashSet<string>(), new HashSet<string>(), SharedChanged: false);
    }

    private static Verdict FaultOf(TenantSnapshot snapshot)
    {
        var (part, fault) = FaultsOf(snapshot).OrderBy(f => f.Value.IsTransient).First();
        var verdict = Verdict.Of(fault);
        return verdict with
        {
            Reason = verdict.Kind == VerdictKind.Waiting ? Reasons.TenantReadIncomplete : verdict.Reason,
            Message = $"{part} could not be read: {fault.Message}",
        };
    }

    // Few tenants have an issuer of derived credentials: what keeps it from being read concerns only the policies that name it, and they say so.
    private static IEnumerable<KeyValuePair<SnapshotPart, TenantException>> FaultsOf(TenantSnapshot snapshot) =>
        snapshot.Faults.Where(f => f.Key != SnapshotPart.DerivedCredentials || f.Value.IsTransient);

    // Tenants and clusters that were set up together must not read together for ever.
    private TimeSpan Jittered(TimeSpan interval) => interval * (0.9 + (0.2 * random()));
}
