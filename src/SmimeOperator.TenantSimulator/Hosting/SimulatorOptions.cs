namespace SmimeOperator.TenantSimulator;

/// <summary>What a second POST of the same imported certificate does; the service's own answer is not known.</summary>
public enum DuplicateImport
{
    /// <summary>409.</summary>
    Conflict,

    /// <summary>The record is replaced, 201.</summary>
    Upsert,
}

/// <summary>What a PATCH answers: reports from the field and the documentation differ.</summary>
public enum PatchAnswer
{
    /// <summary>204 without a body, as seen in the field.</summary>
    NoContent,

    /// <summary>200 with the entity, as documented.</summary>
    Entity,
}

/// <summary>What a DELETE of a configuration answers; imported certificates always answer 204.</summary>
public enum DeleteAnswer
{
    /// <summary>200 without a body, as seen in the field.</summary>
    Ok,

    /// <summary>204, as documented.</summary>
    NoContent,
}

/// <summary>What becomes of read-only properties in a body.</summary>
public enum ReadOnlyWrites
{
    /// <summary>The request is answered 400.</summary>
    Reject,

    /// <summary>They are put aside; the request log still names them as violations.</summary>
    Ignore,
}

/// <summary>How a simulated tenant behaves.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Serves TLS with a certificate made at the start (<see cref="SimulatorHost.Certificate"/>).</summary>
    public bool UseHttps { get; init; }

    /// <summary>The Entra tenant id.</summary>
    public string TenantId { get; init; } = "11111111-2222-3333-4444-555555555555";

    /// <summary>Objects on one page of a list.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>A file that holds the tenant: read at the start, written on change and at the end.</summary>
    public string? StatePath { get; init; }

    /// <summary>Added to every answer.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The request limits.</summary>
    public PublishedLimits Limits { get; init; } = new();

    /// <summary>Refuses the assign action of app configurations without its type cast, as the service did.</summary>
    public bool StrictAssign { get; init; } = true;

    /// <summary>Refuses thumbprints that are not 40 hexadecimal digits; the service does not.</summary>
    public bool StrictThumbprint { get; init; }

    /// <summary>What becomes of read-only properties in a body.</summary>
    public ReadOnlyWrites ReadOnlyWrites { get; init; }

    /// <summary>What a second POST of the same imported certificate does.</summary>
    public DuplicateImport DuplicateImport { get; init; }

    /// <summary>What a PATCH answers.</summary>
    public PatchAnswer PatchAnswer { get; init; }

    /// <summary>What a DELETE of a configuration answers.</summary>
    public DeleteAnswer DeleteAnswer { get; init; }

    /// <summary>Leaves $expand=assignments unanswered, as some types of the service do.</summary>
    public bool OmitExpandedAssignments { get; init; }

    /// <summary>Shows "no filter" in assignments as the zero GUID instead of null; the service does both.</summary>
    public bool ShowEmptyFilterAsZeroGuid { get; init; }

    /// <summary>How long readers do not find a new object.</summary>
    public TimeSpan VisibilityDelay { get; init; }

    /// <summary>Refuses requests without a token.</summary>
    public bool RequireToken { get; init; }

    /// <summary>The roles in issued tokens; null for tokens without that claim, which may do everything.</summary>
    public IReadOnlyList<string>? TokenRoles { get; init; }

    /// <summary>How long issued tokens live.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Client secrets by client id; when empty, every client is believed.</summary>
    public IReadOnlyDictionary<string, string> ClientSecrets { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The certificate connector's private key, so that tests can open the passwords that clients upload.</summary>
    public string? ConnectorPrivateKeyPem { get; init; }

    /// <summary>Requests that the log keeps.</summary>
    public int LogCapacity { get; init; } = 100_000;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Makes ids, shuffles and probabilities repeatable.</summary>
    public int Seed { get; init; }
}
