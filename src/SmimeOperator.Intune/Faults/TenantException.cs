namespace SmimeOperator.Intune;

/// <summary>What kind of fault a request met; decides whether waiting helps.</summary>
public enum FaultKind
{
    /// <summary>429: the service asks to slow down. Waiting helps.</summary>
    Throttled,

    /// <summary>5xx, network, DNS, time-out on a read. Waiting helps.</summary>
    Unavailable,

    /// <summary>A write's answer was lost: it may or may not have taken effect. Look it up before repeating it.</summary>
    OutcomeUnknown,

    /// <summary>The credentials were refused. A person must act.</summary>
    CredentialsInvalid,

    /// <summary>The token belongs to another tenant. A person must act.</summary>
    WrongTenant,

    /// <summary>403: a permission is missing. A person must act.</summary>
    PermissionMissing,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>409.</summary>
    Conflict,

    /// <summary>Any other 4xx: the service does not take the request as it is.</summary>
    Rejected,

    /// <summary>The answer could not be understood: no JSON, truncated, a nextLink loop. Waiting may help.</summary>
    Malformed,
}

/// <summary>A request to the tenant that failed, in words a person can act on. Never carries a body, token or secret.</summary>
public sealed class TenantException : Exception
{
    /// <summary>A fault.</summary>
    public TenantException(FaultKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>What kind of fault it is.</summary>
    public FaultKind Kind { get; }

    /// <summary>The HTTP status, where there was an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The service's own error code.</summary>
    public string? Code { get; init; }

    /// <summary>What we sent as client-request-id.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The service's request id, for its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the service asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The permissions, one of which would do, where the service says so.</summary>
    public IReadOnlyList<string> RequiredPermissions { get; init; } = [];

    /// <summary>Whether the same request may succeed later without anybody doing anything.</summary>
    public bool IsTransient => Kind is FaultKind.Throttled or FaultKind.Unavailable or FaultKind.OutcomeUnknown or FaultKind.Malformed;
}
