using System.Text.Json;
using System.Text.RegularExpressions;

namespace SmimeOperator.Intune;

/// <summary>What an error answer says, unwrapped. Intune puts JSON documents as text into its message, sometimes twice. Pure.</summary>
/// <param name="Code">The error code; free text.</param>
/// <param name="Message">The text for people, shortened and without anything that looks like a payload; empty where there is none.</param>
/// <param name="ActivityId">What the service's support asks for.</param>
/// <param name="RequestId">The service's request id.</param>
/// <param name="Permissions">The permissions, one of which would do.</param>
internal sealed partial record GraphError(string? Code, string Message, string? ActivityId, string? RequestId, IReadOnlyList<string> Permissions)
{
    private const int DeepestNesting = 4;
    private const int LongestMessage = 400;

    /// <summary>An answer that says nothing.</summary>
    public static GraphError None { get; } = new(null, "", null, null, []);

    /// <summary>Whether a text says that Intune's own rights (or Graph's) are missing, whatever the status.</summary>
    public bool SaysForbidden =>
        Permissions.Count > 0
        || string.Equals(Code, "Forbidden", StringComparison.OrdinalIgnoreCase)
        || string.Equals(Code, "Authorization_RequestDenied", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an error body of any shape; never throws.</summary>
    public static GraphError Parse(string? body)
    {
        if (string.IsNullOrWhiteSpace(body) || !TryObject(body, out var root))
        {
            return None;
        }

        var error = Member(root, "error") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        var code = Text(error, "code");
        var requestId = Member(error, "innerError") is { ValueKind: JsonValueKind.Object } details ? Text(details, "request-id") : null;
        var message = Text(error, "message") ?? "";
        for (var depth = 0; depth < DeepestNesting && TryObject(message, out var nested); depth++)
        {
            code = Text(nested, "ErrorCode") ?? code;
            message = Text(nested, "Message") ?? "";
        }

        var activity = ActivityPattern().Match(message) is { Success: true } match ? match.Groups["id"].Value : null;
        var cut = message.IndexOf(" - Operation ID", StringComparison.OrdinalIgnoreCase);
        message = cut < 0 ? message : message[..cut];
        return new GraphError(code, Presentable(message), activity, requestId, PermissionsIn(message));
    }

    /// <summary>A text that may be shown: one line, not endless, and nothing in it that could be an echo of what was sent.</summary>
    public static string Presentable(string text)
    {
        var line = PayloadPattern().Replace(SpacePattern().Replace(text, " ").Trim(), "[…]");
        return line.Length <= LongestMessage ? line : string.Concat(line.AsSpan(0, LongestMessage), "…");
    }

    private static string[] PermissionsIn(string message)
    {
        var match = ScopesPattern().Match(message);
        return match.Success
            ? [.. match.Groups["names"].Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(p => p.TrimEnd('.', ';')).Where(p => PermissionPattern().IsMatch(p)).Distinct(StringComparer.OrdinalIgnoreCase)]
            : [];
    }

    private static bool TryObject(string text, out JsonElement root)
    {
        root = default;
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    private static JsonElement? Member(JsonElement element, string name)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }

    [GeneratedRegex(@"Activity ID:\s*(?<id>[0-9a-fA-F-]{8,36})", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ActivityPattern();

    [GeneratedRegex(@"one of the following scopes:\s*(?<names>[^\r\n""]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ScopesPattern();

    [GeneratedRegex(@"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PermissionPattern();

    [GeneratedRegex(@"[A-Za-z0-9+/=_]{41,}", RegexOptions.None, 1000)]
    private static partial Regex PayloadPattern();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex SpacePattern();
}
