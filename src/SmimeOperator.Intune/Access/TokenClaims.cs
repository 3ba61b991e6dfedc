using System.Buffers.Text;
using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>What a token of our own says about us; read, not verified: the service verifies it. Pure.</summary>
/// <param name="TenantId">Claim tid.</param>
/// <param name="AppId">Claim appid, or azp.</param>
/// <param name="Permissions">Application permissions (roles) and, for a person's token, delegated ones (scp).</param>
internal sealed record TokenClaims(string? TenantId, string? AppId, IReadOnlySet<string> Permissions)
{
    /// <summary>Reads the claims; null when it is no JWT.</summary>
    public static TokenClaims? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length < 2)
        {
            return null;
        }

        try
        {
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            var root = payload.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new TokenClaims(Text(root, "tid"), Text(root, "appid") ?? Text(root, "azp"), PermissionsOf(root))
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static HashSet<string> PermissionsOf(JsonElement root)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (root.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array)
        {
            found.UnionWith(roles.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.String).Select(r => r.GetString()!));
        }

        found.UnionWith((Text(root, "scp") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return found;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
