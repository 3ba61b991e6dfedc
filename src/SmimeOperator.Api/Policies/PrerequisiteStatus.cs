using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>One thing that S/MIME needs beside the policy itself.</summary>
public sealed class PrerequisiteStatus
{
    /// <summary>The point, such as certificate-connector.</summary>
    [Mandatory]
    public string Name { get; set; } = "";

    /// <summary>Met, NotMet, or Unknown where it could not be looked at.</summary>
    [Mandatory]
    public PrerequisiteState? State { get; set; }

    /// <summary>What was found, and what to do about it.</summary>
    public string Message { get; set; } = "";
}

/// <summary>How a prerequisite stands.</summary>
public enum PrerequisiteState
{
    /// <summary>It is there.</summary>
    Met,

    /// <summary>It is missing; the message says what.</summary>
    NotMet,

    /// <summary>It could not be looked at.</summary>
    Unknown,
}
