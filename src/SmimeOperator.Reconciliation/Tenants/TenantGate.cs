using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The tenant as one reconciliation may use it.</summary>
/// <param name="Resource">The Tenant; null when it is gone and only the last connection is left.</param>
/// <param name="Connection">The way to the service.</param>
/// <param name="Snapshot">What the tenant held when the reconciliation began.</param>
internal sealed record TenantSession(Tenant? Resource, IIntuneTenant Connection, TenantSnapshot Snapshot)
{
    /// <summary>Whether nothing may be changed.</summary>
    public bool ReadOnly => Resource?.Spec.Mode == TenantMode.ReadOnly;

    /// <summary>How often the tenant is read whole.</summary>
    public TimeSpan Interval => IntervalOf(Resource);

    /// <summary>The interval of a Tenant; the default's where it is gone.</summary>
    public static TimeSpan IntervalOf(Tenant? tenant) => GoDuration.Parse((tenant?.Spec ?? new TenantSpec()).Interval);

    /// <summary>Ends the reconciliation where a part of the tenant could not be read: a failed read never means absent.</summary>
    public TenantSession Require(params ReadOnlySpan<SnapshotPart> parts)
    {
        foreach (var part in parts)
        {
            if (Snapshot.Faults.TryGetValue(part, out var fault))
            {
                throw new VerdictException(fault.IsTransient
                    ? Verdict.Waiting(Reasons.TenantReadIncomplete, $"{part} could not be read, so nothing is changed: {fault.Message}", fault.RetryAfter)
                    : Verdict.Of(fault));
            }
        }

        return this;
    }
}

/// <summary>Lets a resource through to its tenant: finds the Tenant, checks that the namespace may refer to it, connects, takes the snapshot.</summary>
internal sealed class TenantGate(TenantPool pool)
{
    /// <summary>The session for a resource.</summary>
    /// <exception cref="VerdictException">The resource may not, or cannot yet, work on the tenant.</exception>
    public async Task<TenantSession> OpenAsync(TenantReference reference, string @namespace, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var name = ResourceReferences.TenantOf(reference, @namespace);
        var tenant = catalog.FindTenant(name) ?? throw VerdictException.Waiting(Reasons.ReferenceNotFound, $"spec.tenantRef: there is no Tenant {name}");
        if (!TenantAdmission.IsAllowed(tenant, @namespace, catalog.NamespaceLabels))
        {
            throw VerdictException.Stalled(Reasons.NamespaceNotAllowed,
                $"spec.tenantRef: Tenant {name} does not allow namespace {@namespace}; its owner can add it to spec.allowedNamespaces");
        }

        var connection = await pool.ConnectAsync(tenant, catalog, cancellationToken);
        return await SessionAsync(tenant, connection.Tenant, cancellationToken);
    }

    /// <summary>The session for clearing up: the last connection that worked serves where Tenant or credential are gone already. Null where there is none.</summary>
    public async Task<TenantSession?> OpenForCleanupAsync(
        TenantReference reference, string @namespace, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var name = ResourceReferences.TenantOf(reference, @namespace);
        var tenant = catalog.FindTenant(name);
        if (tenant is not null)
        {
            try
            {
                return await OpenAsync(reference, @namespace, catalog, cancellationToken);
            }
            catch (VerdictException missing) when (missing.Verdict.Reason == Reasons.ReferenceNotFound)
            {
                // The credential's Secret went first, as it does when a namespace is torn down.
            }
        }

        if (pool.LastKnown(name) is not { } last)
        {
            return null;
        }

        try
        {
            // A token in memory is asked for nothing; one that has to be renewed is refused once its credential was revoked.
            await last.Tenant.VerifyAccessAsync(cancellationToken);
        }
        catch (TenantException fault) when (fault.Kind == FaultKind.CredentialsInvalid)
        {
            return null;
        }

        return await SessionAsync(tenant, last.Tenant, cancellationToken);
    }

    private static async Task<TenantSession> SessionAsync(Tenant? tenant, IIntuneTenant connection, CancellationToken cancellationToken)
    {
        // The sweep reads the tenant anew each interval; half an interval of grace keeps a late sweep from causing a second read.
        return new TenantSession(tenant, connection, await connection.GetSnapshotAsync(TenantSession.IntervalOf(tenant) * 1.5, cancellationToken));
    }
}
