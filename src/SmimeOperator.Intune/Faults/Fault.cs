using System.Globalization;
using System.Net;

namespace SmimeOperator.Intune;

/// <summary>Makes faults out of answers: their kind, and words that say what was attempted and what a person can do. Pure.</summary>
internal static class Fault
{
    /// <summary>What kind of fault a status is. Whether a write may have happened decides between unavailable and unknown.</summary>
    public static FaultKind KindOf(HttpStatusCode status, GraphError error, bool mayHaveHappened) => (int)status switch
    {
        401 => error.SaysForbidden ? FaultKind.PermissionMissing : FaultKind.CredentialsInvalid,
        403 => FaultKind.PermissionMissing,
        404 or 410 => FaultKind.NotFound,
        409 => FaultKind.Conflict,
        429 => FaultKind.Throttled,
        408 or >= 500 => mayHaveHappened ? FaultKind.OutcomeUnknown : FaultKind.Unavailable,
        >= 400 => FaultKind.Rejected,
        _ => FaultKind.Malformed,
    };

    /// <summary>The fault for an answer.</summary>
    public static TenantException Of(GraphCall call, HttpStatusCode status, GraphError error, string? requestId, TimeSpan? retryAfter, bool mayHaveHappened)
    {
        var kind = KindOf(status, error, mayHaveHappened);
        var code = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}{(error.Code is null ? "" : " " + GraphError.Presentable(error.Code))}");
        var says = error.Message.Length == 0 ? "" : " The service says: " + Sentence(error.Message);
        var support = error.ActivityId is null ? "" : $" Activity ID for support: {error.ActivityId}.";
        return new TenantException(kind, $"{call.Attempt} failed ({code}). {Advice(kind, error)}{says}{support}")
        {
            StatusCode = (int)status,
            Code = error.Code,
            ClientRequestId = call.ClientRequestId,
            RequestId = requestId ?? error.RequestId,
            RetryAfter = retryAfter,
            RequiredPermissions = error.Permissions,
        };
    }

    /// <summary>The fault for a request that got no answer.</summary>
    public static TenantException NoAnswer(GraphCall call, Exception cause, bool mayHaveHappened)
    {
        var kind = mayHaveHappened ? FaultKind.OutcomeUnknown : FaultKind.Unavailable;
        var why = cause is OperationCanceledException or TimeoutException ? "no answer in time" : "no connection, or it broke";
        return new TenantException(kind, $"{call.Attempt} failed: {why}. {Advice(kind, GraphError.None)}", cause) { ClientRequestId = call.ClientRequestId };
    }

    /// <summary>The fault for an answer that makes no sense.</summary>
    public static TenantException Malformed(GraphCall call, string what, Exception? cause = null) =>
        new(FaultKind.Malformed, $"{call.Attempt} failed: {what} The answer is not used; what was read before stays as it is.", cause)
        {
            ClientRequestId = call.ClientRequestId,
        };

    /// <summary>The fault while the service wants a pause.</summary>
    public static TenantException Paused(GraphCall call, TimeSpan remaining) =>
        new(FaultKind.Throttled, string.Create(
            CultureInfo.InvariantCulture,
            $"{call.Attempt} was not sent: the service asked to wait {Math.Ceiling(remaining.TotalSeconds)} s more."))
        {
            ClientRequestId = call.ClientRequestId,
            RetryAfter = remaining,
        };

    private static string Advice(FaultKind kind, GraphError error) => kind switch
    {
        FaultKind.Throttled => "The service asks to slow down; it is tried again later.",
        FaultKind.Unavailable => "The service or the way to it is disturbed; it is tried again later.",
        FaultKind.OutcomeUnknown => "The answer was lost, so it may or may not have taken effect; it is looked up before it is repeated.",
        FaultKind.CredentialsInvalid => "The service refuses our token: check the app registration and its credentials.",
        FaultKind.PermissionMissing when error.Permissions.Count > 0 =>
            $"The app registration lacks a permission: grant one of {string.Join(", ", error.Permissions)} (application, with admin consent).",
        FaultKind.PermissionMissing => "The app registration lacks a permission: grant it as application permission, with admin consent.",
        FaultKind.NotFound => "It does not exist in the tenant.",
        FaultKind.Conflict => "It exists already, or somebody changes it at the same time.",
        FaultKind.Rejected => "The service does not take the request as it is.",
        _ => "",
    };

    private static string Sentence(string text) => text[^1] is '.' or '!' or '?' or '…' ? text : text + ".";
}
