using System.Globalization;
using System.Text;
using System.Text.Json;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Requests;

namespace SmimeOperator.TenantSimulator.Errors;

/// <summary>Errors in the service's words: the gateway's plain ones, and Intune's JSON document inside a string.</summary>
internal sealed class ErrorBodies(TimeProvider time, Func<Guid> newGuid)
{
    public const string Opaque = "An error has occurred";

    /// <summary>An error of the gateway or of the directory.</summary>
    public GraphAnswer Plain(GraphRequest request, int status, string code, string message)
    {
        var requestId = newGuid().ToString();
        var body = ObjectRenderer.Render(writer =>
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", code);
            writer.WriteString("message", message);
            writer.WriteStartObject("innerError");
            writer.WriteString("date", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            writer.WriteString("request-id", requestId);
            writer.WriteString("client-request-id", request.Header("client-request-id") ?? requestId);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return new GraphAnswer(status, body) { ContentType = "application/json" };
    }

    /// <summary>An error of Intune.</summary>
    public GraphAnswer Intune(GraphRequest request, int status, string code, string message) =>
        Plain(request, status, code, Nest(request, message));

    /// <summary>An error in the manner of the service that the collection belongs to.</summary>
    public GraphAnswer For(CollectionKind? collection, GraphRequest request, int status, string code, string message) =>
        collection is null or { IsDirectory: true } ? Plain(request, status, code, message) : Intune(request, status, code, message);

    public GraphAnswer BadSegment(GraphRequest request, string segment) =>
        Plain(request, 400, "BadRequest", $"Resource not found for the segment '{segment}'.");

    /// <summary>What Intune says to actions that its router does not know. The code has spaces, the template its own words.</summary>
    public GraphAnswer NoRoute(GraphRequest request, string template, string action)
    {
        var path = string.Join('/', request.Segments.Take(request.Segments.Count - 1));
        return Plain(
            request,
            400,
            "No method match route template",
            $"No OData route exists that match template {template} with http verb {request.Method} for request /{path}{action}.");
    }

    public GraphAnswer NotFound(CollectionKind collection, GraphRequest request, string id) => collection.IsDirectory
        ? Plain(
            request,
            404,
            "Request_ResourceNotFound",
            $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.")
        : Intune(
            request,
            404,
            "ResourceNotFound",
            collection.Name == "mobileApps" ? $"App with id '{id}' not found." : $"Resource with id '{id}' was not found.");

    /// <summary>The document that Intune puts into a message, with its line ends and indentation.</summary>
    private string Nest(GraphRequest request, string message)
    {
        var text = $"{message} - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: {newGuid()}"
            + $" - Url: https://fef.msub06.manage.microsoft.com/{Service(request)}?api-version=5021-04-09";
        return new StringBuilder("{\r\n  \"_version\": 3,\r\n  \"Message\": \"")
            .Append(JsonEncodedText.Encode(text, ObjectRenderer.WriterOptions.Encoder).ToString())
            .Append("\",\r\n  \"CustomApiErrorPhrase\": \"\",\r\n  \"RetryAfter\": null,\r\n  \"ErrorSourceService\": \"\",")
            .Append("\r\n  \"HttpHeaders\": \"{}\"\r\n}")
            .ToString();
    }

    private static string Service(GraphRequest request) =>
        (request.Segments.Count > 1 && request.Segments[1] == "userPfxCertificates"
            ? "RACerts/StatelessImportPFXService/00000000-0000-0000-0000-000000000000/"
            : "StatelessSideCarGraphService/")
        + string.Join('/', request.Segments.Take(2));
}
