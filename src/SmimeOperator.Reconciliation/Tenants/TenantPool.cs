using System.Collections.Concurrent;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>A tenant that can be read.</summary>
/// <param name="Connection">The way to the service; the pool owns it.</param>
/// <param name="Access">What the token says about us.</param>
public sealed record OpenTenant(IIntuneTenant Connection, TenantAccess Access);

/// <summary>A Tenant that cannot be opened as its spec stands: a Secret is missing or is not what it should be. In words a person can act on, without the Secret's content.</summary>
public sealed class TenantNotUsableException(string reason, string message) : Exception(message)
{
    /// <summary>One of <see cref="Reasons"/>.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// The connections, one for each tenant and app registration, shared by every resource so that they share one request budget and one
/// snapshot. A changed credential makes a new connection; the last one that worked is kept for clearing up after its Tenant is gone.
/// </summary>
public sealed class TenantPool(IIntuneTenantFactory factory) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Connection> _connections = new();
    private readonly ConcurrentDictionary<ResourceName, Connection> _byTenant = new();

    /// <summary>The connection of a Tenant, verified against its pinned tenant id.</summary>
    internal async Task<Connection> ConnectAsync(Tenant tenant, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var name = NameOf(tenant);
        var key = KeyOf(tenant, catalog);
        if (!_connections.TryGetValue(key, out var connection))
        {
            var credential = await CredentialFactory.CreateAsync(tenant, catalog, cancellationToken);
            var made = new Connection(factory.Connect(new TenantConnection
            {
                TenantId = tenant.Spec.TenantId,
                GraphRoot = TenantEndpoints.GraphRootOf(tenant.Spec),
                Scope = TenantEndpoints.CloudOf(tenant.Spec).Scope,
                Credential = credential,
                WritesPer20s = tenant.Spec.Budget.WritesPer20s,
                RequestsPer20s = tenant.Spec.Budget.RequestsPer20s,
            }));
            connection = _connections.GetOrAdd(key, made);
            if (connection != made)
            {
                await made.DisposeAsync();
            }
        }

        await connection.VerifyAsync(cancellationToken);
        if (_byTenant.TryGetValue(name, out var before) && before != connection)
        {
            await RetireAsync(name, before);
        }

        _byTenant[name] = connection;
        return connection;
    }

    /// <summary>Opens a Tenant for somebody who only looks at it: an inventory, a report.</summary>
    /// <exception cref="TenantNotUsableException">The Tenant's credential cannot be made.</exception>
    /// <exception cref="TenantException">The service cannot be reached, or refuses the credential.</exception>
    public async Task<OpenTenant> OpenAsync(Tenant tenant, IResourceCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync(tenant, catalog, cancellationToken);
            return new OpenTenant(connection.Tenant, connection.Access!);
        }
        catch (VerdictException unusable)
        {
            throw new TenantNotUsableException(unusable.Verdict.Reason, unusable.Message);
        }
    }

    /// <summary>The last connection of a Tenant that worked, for clearing up when the Tenant or its credential is gone already.</summary>
    internal Connection? LastKnown(ResourceName tenant) => _byTenant.GetValueOrDefault(tenant);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }

        _connections.Clear();
        _byTenant.Clear();
    }

    // Two Tenants may name the same tenant and app: the connection goes when the last of them has left it.
    private async Task RetireAsync(ResourceName name, Connection before)
    {
        if (_byTenant.Any(t => t.Key != name && t.Value == before))
        {
            return;
        }

        foreach (var key in _connections.Where(c => c.Value == before).Select(c => c.Key).ToList())
        {
            _connections.TryRemove(key, out _);
        }

        await before.DisposeAsync();
    }

    private static string KeyOf(Tenant tenant, IResourceCatalog catalog)
    {
        var credentials = tenant.Spec.Credentials;
        var secret = credentials.ClientSecretRef?.Name ?? credentials.ClientCertificateRef?.Name;
        var version = secret is null
            ? ""
            : catalog.FindData(DataKind.Secret, new ResourceName(tenant.Metadata.NamespaceProperty, secret))?.Version ?? "";
        return string.Join('|', tenant.Spec.TenantId, tenant.Spec.Cloud, tenant.Spec.Endpoint, credentials.Type, credentials.ClientId, secret, version,
            tenant.Spec.Budget.WritesPer20s, tenant.Spec.Budget.RequestsPer20s);
    }

    private static ResourceName NameOf(Tenant tenant) => new(tenant.Metadata.NamespaceProperty, tenant.Metadata.Name);

    /// <summary>A connection, and what its token says.</summary>
    internal sealed class Connection(IIntuneTenant tenant) : IAsyncDisposable
    {
        private readonly SemaphoreSlim _verifying = new(1, 1);

        public IIntuneTenant Tenant { get; } = tenant;

        public TenantAccess? Access { get; private set; }

        public async Task VerifyAsync(CancellationToken cancellationToken)
        {
            if (Access is not null)
            {
                return;
            }

            await _verifying.WaitAsync(cancellationToken);
            try
            {
                Access ??= await Tenant.VerifyAccessAsync(cancellationToken);
            }
            finally
            {
                _verifying.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _verifying.Dispose();
            await Tenant.DisposeAsync();
        }
    }
}
