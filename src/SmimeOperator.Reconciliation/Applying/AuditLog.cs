using Microsoft.Extensions.Logging;

namespace SmimeOperator.Reconciliation;

/// <summary>What was done to an object of the tenant.</summary>
internal enum AuditVerb
{
    Create,
    Update,
    Bind,
    Assign,
    Import,
    Delete,
}

/// <summary>
/// The audit trail: one line for each write that the tenant accepted, in a category of its own so that it can be kept longer than the rest.
/// Objects and resources are named by id and name, never by what they hold.
/// </summary>
internal sealed partial class AuditLog(ILoggerFactory loggers)
{
    /// <summary>The logger category.</summary>
    public const string Category = "SmimeOperator.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Notes a write.</summary>
    public void Wrote(AuditVerb verb, string owner, PlannedChange change, string id, string? requestId) =>
        LogWrite(verb, change.Type, id, owner, change.Cause, requestId);

    [LoggerMessage(3001, LogLevel.Information, "{Verb} {Kind} {Id} for {Resource}, cause {Cause}, client-request-id {RequestId}")]
    private partial void LogWrite(AuditVerb verb, string kind, string id, string resource, ChangeCause cause, string? requestId);
}
