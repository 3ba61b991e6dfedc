using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;

namespace SmimeOperator.Intune;

/// <summary>The token of one connection: fetched once for all, held against the pinned tenant before anything is sent with it.</summary>
internal sealed partial class AccessTokens(TenantConnection connection, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Doubtful = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile Held? _held;

    /// <summary>Whether requests carry a token at all.</summary>
    public bool HasCredential => connection.Credential is not null;

    /// <summary>A token that is good for a while, and what it says.</summary>
    public async ValueTask<(string Token, TokenClaims Claims)> GetAsync(CancellationToken cancellationToken)
    {
        if (_held is { } held && held.Challenge is null && held.ExpiresOn - Early > time.GetUtcNow())
        {
            return (held.Token, held.Claims);
        }

        await _fetching.WaitAsync(cancellationToken);
        try
        {
            held = _held;
            if (held is null || held.Challenge is not null || held.ExpiresOn - Early <= time.GetUtcNow())
            {
                _held = held = await FetchAsync(held, cancellationToken);
            }

            return (held.Token, held.Claims);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>The service refused a token: the next one is fetched anew, past every cache on the way.</summary>
    /// <param name="token">The token that was refused; nothing happens if it has been replaced meanwhile.</param>
    /// <param name="challenge">The claims that the service asks for, if it says so.</param>
    public void Refused(string token, string? challenge)
    {
        var held = _held;
        if (held is not null && held.Token == token)
        {
            // What makes credential libraries leave their cache is a claims challenge; "not before now" is the
            // one that services send themselves when they revoke a token.
            var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var wanted = challenge ?? """{"access_token":{"nbf":{"essential":true,"value":""" + '"' + now + "\"}}}";
            _ = Interlocked.CompareExchange(ref _held, held with { Challenge = wanted }, held);
        }
    }

    /// <summary>
    /// A permission was missing. Permissions are written into tokens, so that one granted meanwhile is not in this token;
    /// if it is not quite new, the next request fetches another.
    /// </summary>
    public void Doubted(string token)
    {
        if (_held is { } held && time.GetElapsedTime(held.FetchedAt) > Doubtful)
        {
            Refused(token, null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fetching.Dispose();

    private async Task<Held> FetchAsync(Held? before, CancellationToken cancellationToken)
    {
        AccessToken token;
        try
        {
            var wanted = new TokenRequestContext([connection.Scope], claims: before?.Challenge, tenantId: connection.TenantId);
            token = await connection.Credential!.GetTokenAsync(wanted, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A token that still holds is better than none while the token service is away.
            if (before is { Challenge: null } && before.ExpiresOn > time.GetUtcNow())
            {
                return before;
            }

            throw NoToken(e);
        }

        var claims = TokenClaims.Read(token.Token);
        if (claims?.TenantId is not { } tenant)
        {
            throw new TenantException(FaultKind.CredentialsInvalid, "The token does not say which tenant it is for, so it is not used: check the credentials.");
        }

        return string.Equals(tenant, connection.TenantId, StringComparison.OrdinalIgnoreCase)
            ? new Held(token.Token, token.ExpiresOn, claims, time.GetTimestamp(), null)
            : throw TenantGate.Wrong(connection.TenantId, tenant);
    }

    // The texts of credential libraries may quote what they sent; only the directory's error number is passed on.
    private static TenantException NoToken(Exception cause)
    {
        var number = DirectoryErrorPattern().Match(cause.ToString());
        var detail = number.Success ? $" ({number.Value})" : "";
        return IsPassing(cause) && !number.Success
            ? new TenantException(FaultKind.Unavailable, "No token: the token service could not be reached; it is tried again later.")
            : new TenantException(FaultKind.CredentialsInvalid, $"No token{detail}: the credentials were refused or are not there. Check client id, secret or federation.");
    }

    private static bool IsPassing(Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException!)
        {
            if (e is HttpRequestException or IOException or TimeoutException or OperationCanceledException
                or RequestFailedException { Status: 0 or 429 or >= 500 })
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"AADSTS\d{3,8}", RegexOptions.None, 1000)]
    private static partial Regex DirectoryErrorPattern();

    private sealed record Held(string Token, DateTimeOffset ExpiresOn, TokenClaims Claims, long FetchedAt, string? Challenge);
}
