using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tokens;

/// <summary>As much of a token authority as the client credentials flow needs.</summary>
internal sealed class TokenEndpoint(SimulatorOptions options, BearerTokens tokens)
{
    /// <summary>Answers the authority's paths.</summary>
    /// <returns>False when the path is none of them.</returns>
    public async Task<bool> TryHandleAsync(HttpContext context, string[] segments)
    {
        var origin = $"{context.Request.Scheme}://{context.Request.Host}";
        var answer = segments switch
        {
            [var tenant, "oauth2", "v2.0", "token"] when context.Request.Method == "POST" => await IssueAsync(context, tenant),
            [var tenant, .., ".well-known", "openid-configuration"] => (200, Configuration(origin, tenant)),
            [_, "discovery", "instance"] => (200, Instances(origin, context.Request.Host.Value ?? "")),
            [_, "discovery", "v2.0", "keys"] => (200, new JsonObject { ["keys"] = new JsonArray() }),
            _ => (0, []),
        };
        if (answer.Item1 == 0)
        {
            return false;
        }

        context.Response.StatusCode = answer.Item1;
        await context.Response.WriteAsJsonAsync(answer.Item2, context.RequestAborted);
        return true;
    }

    private static JsonObject Configuration(string origin, string tenant) => new()
    {
        ["token_endpoint"] = $"{origin}/{tenant}/oauth2/v2.0/token",
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt"),
        ["jwks_uri"] = $"{origin}/{tenant}/discovery/v2.0/keys",
        ["issuer"] = $"{origin}/{tenant}/v2.0",
        ["authorization_endpoint"] = $"{origin}/{tenant}/oauth2/v2.0/authorize",
        ["device_authorization_endpoint"] = $"{origin}/{tenant}/oauth2/v2.0/devicecode",
        ["response_types_supported"] = new JsonArray("code", "id_token"),
        ["subject_types_supported"] = new JsonArray("pairwise"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
    };

    private JsonObject Instances(string origin, string host) => new()
    {
        ["tenant_discovery_endpoint"] = $"{origin}/{options.TenantId}/v2.0/.well-known/openid-configuration",
        ["api-version"] = "1.1",
        ["metadata"] = new JsonArray(new JsonObject
        {
            ["preferred_network"] = host,
            ["preferred_cache"] = host,
            ["aliases"] = new JsonArray(host),
        }),
    };

    private async Task<(int Status, JsonObject Body)> IssueAsync(HttpContext context, string tenant)
    {
        if (!context.Request.HasFormContentType)
        {
            return Error("invalid_request", "AADSTS900144: The request body must be a form.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var client = form["client_id"].ToString();
        if (!string.Equals(tenant, options.TenantId, StringComparison.OrdinalIgnoreCase))
        {
            return Error("invalid_request", $"AADSTS90002: Tenant '{tenant}' not found.");
        }

        if (form["grant_type"] != "client_credentials")
        {
            return Error("unsupported_grant_type", $"AADSTS70003: The app requested an unsupported grant type '{form["grant_type"]}'.");
        }

        if (client.Length == 0 || !form["scope"].ToString().EndsWith("/.default", StringComparison.Ordinal))
        {
            return Error(
                "invalid_scope",
                "AADSTS1002012: The provided value for scope is not valid. Client credential flows must have a scope value with /.default.");
        }

        var secret = form["client_secret"].ToString();
        var known = options.ClientSecrets.Count == 0 || (options.ClientSecrets.TryGetValue(client, out var right) && secret == right);
        var proven = form.ContainsKey("client_assertion") || (secret.Length > 0 && known);
        if (!proven)
        {
            return (401, Problem("invalid_client", $"AADSTS7000215: Invalid client secret provided for app '{client}'."));
        }

        var seconds = (int)options.TokenLifetime.TotalSeconds;
        return (200, new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = seconds,
            ["ext_expires_in"] = seconds,
            ["access_token"] = tokens.Issue(client, options.TokenRoles, options.TokenLifetime),
        });
    }

    private (int Status, JsonObject Body) Error(string error, string description) => (400, Problem(error, description));

    private JsonObject Problem(string error, string description) => new()
    {
        ["error"] = error,
        ["error_description"] = description,
        ["timestamp"] = options.TimeProvider.GetUtcNow().ToString("u", System.Globalization.CultureInfo.InvariantCulture),
    };
}
