using System.Net;
using System.Text.Json;
using CsCheck;

namespace SmimeOperator.Intune.Tests.Faults;

public sealed class GraphErrorTests
{
    private const string Import = """
        {"error":{"code":"BadRequest",
         "message":"{\r\n  \"_version\": 3,\r\n  \"Message\": \"An error has occurred - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: 6b1d1d1c-3c3c-4b2b-9a9a-123456789abc - Url: https://fef.msub06.manage.microsoft.com/RACerts/StatelessImportPFXService/acc/deviceManagement/userPfxCertificates?api-version=5021-04-09\",\r\n  \"CustomApiErrorPhrase\": \"\",\r\n  \"RetryAfter\": null,\r\n  \"ErrorSourceService\": \"\",\r\n  \"HttpHeaders\": \"{}\"\r\n}",
         "innerError":{"date":"2022-02-21T13:39:53","request-id":"rid-1","client-request-id":"cid-1"}}}
        """;

    [Fact]
    public void Intunes_document_in_a_text_is_unwrapped_and_cut()
    {
        var error = GraphError.Parse(Import);
        error.Code.ShouldBe("BadRequest");
        error.Message.ShouldBe("An error has occurred");
        error.ActivityId.ShouldBe("6b1d1d1c-3c3c-4b2b-9a9a-123456789abc");
        error.RequestId.ShouldBe("rid-1");
    }

    [Fact]
    public void A_doubly_nested_refusal_with_401_is_a_missing_permission_and_not_a_bad_token()
    {
        var inner = JsonSerializer.Serialize(new { Message = "Application is not authorized to perform this operation. Application must have one of the following scopes: DeviceManagementConfiguration.Read.All, DeviceManagementConfiguration.ReadWrite.All - Operation ID (for customer support): 0 - Activity ID: 12345678-0000-0000-0000-000000000000 - Url: x" });
        var outer = JsonSerializer.Serialize(new { ErrorCode = "Forbidden", Message = inner });
        var error = GraphError.Parse(JsonSerializer.Serialize(new { error = new { code = "UnknownError", message = outer, innererror = new Dictionary<string, string>(StringComparer.Ordinal) { ["request-id"] = "r" } } }));
        error.Code.ShouldBe("Forbidden");
        error.RequestId.ShouldBe("r");
        error.Permissions.ShouldBe(["DeviceManagementConfiguration.Read.All", "DeviceManagementConfiguration.ReadWrite.All"]);
        Fault.KindOf(HttpStatusCode.Unauthorized, error, false).ShouldBe(FaultKind.PermissionMissing);
    }

    [Theory]
    [InlineData("""{"error":{"code":"BadRequest","message":"Resource not found for the segment 'mobileAppConfigurations'."}}""", "BadRequest", "Resource not found for the segment 'mobileAppConfigurations'.")]
    [InlineData("""{"error":{"code":"No method match route template","message":"No OData route exists that match template ~/singleton."}}""", "No method match route template", "No OData route exists that match template ~/singleton.")]
    [InlineData("""{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed."}}""", "InvalidAuthenticationToken", "Lifetime validation failed.")]
    [InlineData("""{"error":{"code":"TooManyRequests","innerError":{"code":"429"},"message":"Please retry again later."}}""", "TooManyRequests", "Please retry again later.")]
    [InlineData("""{"error":{"code":"ResourceNotFound","message":"{\"Message\":\"App with id 'x' not found.\"}"}}""", "ResourceNotFound", "App with id 'x' not found.")]
    [InlineData("<html><body>Bad gateway</body></html>", null, "")]
    [InlineData("", null, "")]
    [InlineData(null, null, "")]
    [InlineData("{\"error\":", null, "")]
    [InlineData("[1]", null, "")]
    public void Plain_html_and_empty_answers_are_read_as_far_as_they_go(string? body, string? code, string message)
    {
        var error = GraphError.Parse(body);
        error.Code.ShouldBe(code);
        error.Message.ShouldBe(message);
    }

    [Fact]
    public void What_looks_like_an_echo_of_the_payload_is_not_shown()
    {
        var payload = Convert.ToBase64String(new byte[90]);
        var error = GraphError.Parse(JsonSerializer.Serialize(new { error = new { code = "BadRequest", message = $"Cannot convert '{payload}' to Edm.Binary" } }));
        error.Message.ShouldBe("Cannot convert '[…]' to Edm.Binary");
    }

    [Fact]
    public void No_text_whatsoever_breaks_the_parser() => Gen.String.Sample(text => GraphError.Parse(text) is not null);

    [Fact]
    public void A_missing_permission_is_named_in_words_that_say_what_to_do()
    {
        var error = GraphError.Parse(JsonSerializer.Serialize(new { error = new { code = "Forbidden", message = "Application must have one of the following scopes: A.Read.All, A.ReadWrite.All" } }));
        var fault = Fault.Of(GraphCall.Read("list-x", "Reading the apps"), HttpStatusCode.Forbidden, error, "rid", null, false);
        fault.Kind.ShouldBe(FaultKind.PermissionMissing);
        fault.RequiredPermissions.ShouldBe(["A.Read.All", "A.ReadWrite.All"]);
        fault.Message.ShouldStartWith("Reading the apps failed (HTTP 403 Forbidden). The app registration lacks a permission: grant one of A.Read.All, A.ReadWrite.All");
        fault.RequestId.ShouldBe("rid");
    }

    [Theory]
    [InlineData(400, false, FaultKind.Rejected)]
    [InlineData(401, false, FaultKind.CredentialsInvalid)]
    [InlineData(403, false, FaultKind.PermissionMissing)]
    [InlineData(404, false, FaultKind.NotFound)]
    [InlineData(409, false, FaultKind.Conflict)]
    [InlineData(429, false, FaultKind.Throttled)]
    [InlineData(500, false, FaultKind.Unavailable)]
    [InlineData(503, false, FaultKind.Unavailable)]
    [InlineData(504, true, FaultKind.OutcomeUnknown)]
    [InlineData(302, false, FaultKind.Malformed)]
    public void Every_status_has_its_kind(int status, bool mayHaveHappened, FaultKind kind) =>
        Fault.KindOf((HttpStatusCode)status, GraphError.None, mayHaveHappened).ShouldBe(kind);
}
