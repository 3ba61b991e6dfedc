using System.Text.Json;

namespace SmimeOperator.Testing;

/// <summary>One request of a service account, as the API server saw it.</summary>
/// <param name="User">Who asked: system:serviceaccount:namespace:name.</param>
/// <param name="Group">API group; empty for the core group and for what is no resource.</param>
/// <param name="Resource">Plural of the resource, with its subresource; the path of what is no resource.</param>
/// <param name="Verb">Verb of the request as RBAC names it.</param>
/// <param name="Namespace">Namespace of the request; null for cluster-wide ones.</param>
/// <param name="Status">HTTP status of the answer.</param>
public sealed record AuditedRequest(string User, string Group, string Resource, string Verb, string? Namespace, int Status);

/// <summary>The API server's audit log of what service accounts asked. Every request stands there before it is answered.</summary>
public sealed class AuditLog
{
    internal const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - {level: Metadata, userGroups: ["system:serviceaccounts"]}
        - {level: None}

        """;

    private readonly string _path;

    internal AuditLog(string path) => _path = path;

    /// <summary>All requests so far, oldest first. A watch is there twice: when it begins and when it ends.</summary>
    public IReadOnlyList<AuditedRequest> Read()
    {
        if (!File.Exists(_path))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        // The last line may be half written.
        var whole = reader.ReadToEnd() is var text && text.LastIndexOf('\n') is var end and >= 0 ? text[..end] : "";
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static AuditedRequest Parse(string line)
    {
        using var entry = JsonDocument.Parse(line);
        var root = entry.RootElement;
        var verb = root.GetProperty("verb").GetString()!;
        var user = root.GetProperty("user").GetProperty("username").GetString()!;
        var status = root.TryGetProperty("responseStatus", out var answer) && answer.TryGetProperty("code", out var code) ? code.GetInt32() : 0;
        if (!root.TryGetProperty("objectRef", out var target))
        {
            return new AuditedRequest(user, "", root.GetProperty("requestURI").GetString()!, verb, Namespace: null, status);
        }

        var subresource = Text(target, "subresource");
        var resource = Text(target, "resource") + (subresource is null ? "" : "/" + subresource);
        return new AuditedRequest(user, Text(target, "apiGroup") ?? "", resource, verb, Text(target, "namespace"), status);
    }

    private static string? Text(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? value.GetString() : null;
}
