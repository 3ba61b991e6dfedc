using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SmimeOperator.TenantSimulator.Requests;

namespace SmimeOperator.TenantSimulator.Administration;

/// <summary>The tenant from inside, over HTTP: for people with curl, and for tests in other processes.</summary>
internal sealed class AdminEndpoint(SimulatedTenant tenant)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    private static readonly JsonSerializerOptions Counts = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task HandleAsync(HttpContext context, string path)
    {
        var body = await RequestReader.ReadBodyAsync(context.Request, context.RequestAborted);
        int status;
        byte[] answer;
        try
        {
            (status, answer) = Handle(context.Request, path.Split('/', StringSplitOptions.RemoveEmptyEntries), body.Span);
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or FormatException or InvalidOperationException)
        {
            (status, answer) = (400, ToBytes(new JsonObject { ["error"] = exception.Message }));
        }

        context.Response.StatusCode = status;
        if (answer.Length > 0)
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }
    }

    private (int Status, byte[] Answer) Handle(HttpRequest request, string[] segments, ReadOnlySpan<byte> body)
    {
        switch (request.Method, segments)
        {
            case ("GET", ["objects"]):
                var all = SimulatedTenant.Collections.Select(c => KeyValuePair.Create(c, (JsonNode?)ListOf(c)));
                return (200, ToBytes(new JsonObject(all)));
            case ("GET", ["objects", var collection]):
                return (200, ToBytes(ListOf(collection)));
            case ("GET", ["objects", var collection, var id]):
                return tenant.Find(collection, id) is { } item ? (200, ToBytes(item)) : (404, []);
            case ("POST", ["objects", var collection]):
                return (201, ToBytes(new JsonObject { ["id"] = tenant.Add(collection, Parse(body)) }));
            case ("PATCH", ["objects", var collection, var id]):
                return tenant.Change(collection, id, Parse(body)) ? (200, ToBytes(tenant.Find(collection, id)!)) : (404, []);
            case ("PUT", ["objects", var collection, var id, var summary]):
                return (tenant.Report(collection, id, summary, Parse(body)) ? 204 : 404, []);
            case ("DELETE", ["objects", var collection, var id]):
                return (tenant.Delete(collection, id) ? 204 : 404, []);
            case ("POST", ["users" or "groups" or "filters" or "connectors" or "apps"]):
                return (201, ToBytes(new JsonObject { ["id"] = AddNamed(segments[0], Parse(body)) }));
            case ("PUT", ["groups", var group, "members", var member]):
                tenant.AddMembers(group, [member]);
                return (204, []);
            case ("DELETE", ["groups", var group, "members", var member]):
                tenant.RemoveMember(group, member);
                return (204, []);
            case (_, ["faults"]):
                return HandleFaults(request.Method, body);
            case (_, ["limits"]):
                return HandleLimits(request.Method, body);
            case ("GET", ["log"]):
                return (200, ListLog(request));
            case ("DELETE", ["log"]):
                tenant.Log.Clear();
                return (204, []);
            case ("GET", ["counts"]):
                return (200, JsonSerializer.SerializeToUtf8Bytes(new { tenant.Log.Total, Paths = tenant.Log.Counts }, Counts));
            default:
                var error = $"{request.Method} /admin/{string.Join('/', segments)} does not exist.";
                return (404, ToBytes(new JsonObject { ["error"] = error }));
        }
    }

    private (int Status, byte[] Answer) HandleFaults(string method, ReadOnlySpan<byte> body)
    {
        switch (method)
        {
            case "GET":
                return (200, JsonSerializer.SerializeToUtf8Bytes(tenant.Faults, Json));
            case "PUT":
                tenant.ClearFaults();
                AddFaults(body);
                return (200, JsonSerializer.SerializeToUtf8Bytes(tenant.Faults, Json));
            case "POST":
                AddFaults(body);
                return (200, JsonSerializer.SerializeToUtf8Bytes(tenant.Faults, Json));
            case "DELETE":
                tenant.ClearFaults();
                return (204, []);
            default:
                return (405, []);
        }
    }

    private void AddFaults(ReadOnlySpan<byte> body)
    {
        var rules = body.TrimStart(" \r\n\t"u8).StartsWith("["u8)
            ? JsonSerializer.Deserialize<List<FaultRule>>(body, Json)!
            : [JsonSerializer.Deserialize<FaultRule>(body, Json)!];
        rules.ForEach(tenant.AddFault);
    }

    private (int Status, byte[] Answer) HandleLimits(string method, ReadOnlySpan<byte> body)
    {
        if (method == "PUT")
        {
            tenant.Limits = JsonSerializer.Deserialize<PublishedLimits>(body, Json)!;
        }

        return (200, JsonSerializer.SerializeToUtf8Bytes(tenant.Limits, Counts));
    }

    private byte[] ListLog(HttpRequest request)
    {
        var entries = tenant.Log.Entries.AsEnumerable();
        if (request.Query.TryGetValue("violations", out _))
        {
            entries = entries.Where(e => e.Violations.Count > 0);
        }

        if (int.TryParse(request.Query["last"], System.Globalization.CultureInfo.InvariantCulture, out var last))
        {
            entries = entries.TakeLast(last);
        }

        return JsonSerializer.SerializeToUtf8Bytes(entries, Counts);
    }

    private string AddNamed(string kind, JsonObject body)
    {
        string Need(string name) => (string?)body[name] ?? throw new FormatException($"'{name}' is missing.");
        var id = (string?)body["id"];
        return kind switch
        {
            "users" => tenant.AddUser(
                Need("userPrincipalName"),
                (string?)body["mail"],
                (string?)body["displayName"],
                id,
                (body["proxyAddresses"] as JsonArray)?.Select(p => (string)p!)),
            "groups" => tenant.AddGroup(Need("displayName"), id, (body["members"] as JsonArray)?.Select(m => (string)m!)),
            "filters" => tenant.AddFilter(Need("displayName"), (string?)body["rule"] ?? "(device.deviceOwnership -eq \"Corporate\")", id, (string?)body["platform"] ?? "iOS"),
            "apps" => tenant.AddStoreApp(Need("displayName"), (string?)body["bundleId"] ?? "com.microsoft.Office.Outlook", id),
            _ => tenant.AddConnector(
                Need("machineName"),
                (string?)body["version"] ?? "6.2406.0.1001",
                (string?)body["state"] ?? "active",
                (DateTimeOffset?)body["lastConnection"]),
        };
    }

    private JsonArray ListOf(string collection) => [.. tenant.List(collection)];

    private static JsonObject Parse(ReadOnlySpan<byte> body) =>
        JsonNode.Parse(body) as JsonObject ?? throw new FormatException("A JSON object is expected.");

    private static byte[] ToBytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Counts);
}
