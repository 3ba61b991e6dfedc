using Microsoft.Extensions.Logging;

namespace SmimeOperator.Intune;

/// <summary>What the tenant engine logs. No body, token or secret ever gets here; ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Debug, "{Operation}: {Status} in {Milliseconds} ms (client-request-id {ClientRequestId})")]
    public static partial void Requested(ILogger logger, string operation, string status, long milliseconds, string clientRequestId);

    [LoggerMessage(2002, LogLevel.Warning, "{Operation}: the service asks to slow down; {Kind} pause for {Seconds} s (client-request-id {ClientRequestId})")]
    public static partial void Throttled(ILogger logger, string operation, string kind, double seconds, string clientRequestId);

    [LoggerMessage(2003, LogLevel.Information, "{Operation}: {Reason}; try {Attempt} in {Milliseconds} ms (client-request-id {ClientRequestId})")]
    public static partial void TryingAgain(ILogger logger, string operation, string reason, int attempt, long milliseconds, string clientRequestId);

    [LoggerMessage(2004, LogLevel.Information, "{Operation}: token refused, a new one is fetched (client-request-id {ClientRequestId})")]
    public static partial void TokenRefused(ILogger logger, string operation, string clientRequestId);

    [LoggerMessage(2005, LogLevel.Warning, "Part {Part} of tenant {TenantId} could not be read ({Kind}): {Reason}")]
    public static partial void PartFailed(ILogger logger, SnapshotPart part, string tenantId, FaultKind kind, string reason);

    [LoggerMessage(2006, LogLevel.Debug, "Tenant {TenantId} read in {Milliseconds} ms: {Objects} objects, {Certificates} imported certificates, {Faults} parts failed")]
    public static partial void SnapshotRead(ILogger logger, string tenantId, long milliseconds, int objects, int certificates, int faults);

    [LoggerMessage(2007, LogLevel.Information, "Import {Id}: the answer was lost, looking it up")]
    public static partial void LookingUpImport(ILogger logger, string id);
}
