namespace SmimeOperator.Intune;

/// <summary>
/// Lets nothing through before it is known which tenant answers. With a token its claims say so; without one (a simulator) the
/// tenant itself is asked, once. A wrong tenant shuts the gate for good.
/// </summary>
internal sealed class TenantGate(TenantConnection connection, AccessTokens tokens, Func<CancellationToken, Task<string>> askTenant) : IDisposable
{
    private readonly SemaphoreSlim _asking = new(1, 1);
    private volatile bool _open;
    private volatile TenantException? _wrong;

    /// <summary>The fault for a tenant that is not the pinned one.</summary>
    public static TenantException Wrong(string pinned, string actual) => new(
        FaultKind.WrongTenant,
        $"The credentials belong to tenant {GraphError.Presentable(actual)}, but {pinned} is pinned. Nothing was read or changed; correct tenantId or the credentials.");

    /// <summary>Passes if the pinned tenant answers.</summary>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        if (_wrong is { } wrong)
        {
            throw Again(wrong);
        }

        if (tokens.HasCredential)
        {
            await CheckTokenAsync(cancellationToken);
        }
        else if (!_open)
        {
            await AskAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    private static TenantException Again(TenantException wrong) => new(wrong.Kind, wrong.Message);

    private async ValueTask CheckTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tokens.GetAsync(cancellationToken);
        }
        catch (TenantException e) when (e.Kind == FaultKind.WrongTenant)
        {
            _wrong = e;
            throw;
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_open)
            {
                return;
            }

            var actual = _wrong is null ? await askTenant(cancellationToken) : "";
            if (_wrong is null && !string.Equals(actual, connection.TenantId, StringComparison.OrdinalIgnoreCase))
            {
                _wrong = Wrong(connection.TenantId, actual);
            }

            if (_wrong is { } wrong)
            {
                throw Again(wrong);
            }

            _open = true;
        }
        finally
        {
            _asking.Release();
        }
    }
}
