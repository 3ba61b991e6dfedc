using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tokens;

/// <summary>Makes and reads access tokens. They are not signed: the simulator protects nothing.</summary>
internal sealed class BearerTokens(SimulatorOptions options)
{
    private readonly ConcurrentDictionary<string, Claims> _read = new(StringComparer.Ordinal);

    public string Issue(string appId, IEnumerable<string>? roles, TimeSpan lifetime)
    {
        var now = options.TimeProvider.GetUtcNow();
        var payload = new JsonObject
        {
            ["aud"] = "https://graph.microsoft.com",
            ["iss"] = $"https://sts.windows.net/{options.TenantId}/",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["appid"] = appId,
            ["idtyp"] = "app",
            ["tid"] = options.TenantId,
            ["ver"] = "1.0",
        };
        if (roles is not null)
        {
            payload["roles"] = new JsonArray([.. roles.Select(r => JsonValue.Create(r))]);
        }

        return $"{Encode("""{"typ":"JWT","alg":"none"}""")}.{Encode(payload.ToJsonString())}.";
    }

    /// <summary>Reads an Authorization header.</summary>
    /// <param name="authorization">The header's value.</param>
    /// <param name="caller">Who sends it.</param>
    /// <returns>Why the token is refused, or null.</returns>
    public string? Read(string? authorization, out Caller caller)
    {
        caller = Caller.Anonymous;
        if (string.IsNullOrEmpty(authorization) || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return options.RequireToken ? "Access token is empty." : null;
        }

        var token = authorization["Bearer ".Length..].Trim();
        if (!_read.TryGetValue(token, out var claims))
        {
            claims = Parse(token);
            if (_read.Count > 1000)
            {
                _read.Clear();
            }

            _read[token] = claims;
        }

        if (claims.Caller is null)
        {
            return options.RequireToken ? "IDX14100: JWT is not well formed, there are no dots (.)." : null;
        }

        if (claims.Expires <= options.TimeProvider.GetUtcNow().ToUnixTimeSeconds())
        {
            return "Lifetime validation failed, the token is expired.";
        }

        if (claims.TenantId is not null && !string.Equals(claims.TenantId, options.TenantId, StringComparison.OrdinalIgnoreCase))
        {
            return $"The token was issued for tenant {claims.TenantId}, this is {options.TenantId}.";
        }

        caller = claims.Caller;
        return null;
    }

    private static Claims Parse(string token)
    {
        try
        {
            var parts = token.Split('.');
            if (parts.Length < 2)
            {
                return new Claims(null, null, 0);
            }

            if (JsonNode.Parse(Decode(parts[1])) is not JsonObject payload)
            {
                return new Claims(null, null, 0);
            }

            var roles = (payload["roles"] as JsonArray)?.Select(r => r?.ToString() ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
            var appId = payload["appid"]?.GetValue<string>() ?? payload["azp"]?.GetValue<string>() ?? "unknown";
            return new Claims(
                new Caller(appId, roles),
                payload["tid"]?.GetValue<string>(),
                payload["exp"]?.GetValue<long>() ?? long.MaxValue);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return new Claims(null, null, 0);
        }
    }

    private static string Encode(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Decode(string text)
    {
        var base64 = text.Replace('-', '+').Replace('_', '/');
        return Encoding.UTF8.GetString(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')));
    }

    private sealed record Claims(Caller? Caller, string? TenantId, long Expires);
}
