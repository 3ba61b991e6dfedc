namespace SmimeOperator.TenantSimulator;

/// <summary>The request limits that Microsoft publishes; every value may be changed.</summary>
public sealed record PublishedLimits
{
    /// <summary>Nothing is ever throttled.</summary>
    public static PublishedLimits Off { get; } = new() { Enabled = false };

    /// <summary>Whether the limits are held.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The window of the Intune limits.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Writes of one app to one Intune service in a window.</summary>
    public int WritesPerApp { get; init; } = 100;

    /// <summary>Requests of any kind of one app to one Intune service in a window.</summary>
    public int RequestsPerApp { get; init; } = 1000;

    /// <summary>Writes of all apps to one Intune service in a window.</summary>
    public int WritesPerTenant { get; init; } = 200;

    /// <summary>Requests of any kind of all apps to one Intune service in a window.</summary>
    public int RequestsPerTenant { get; init; } = 2000;

    /// <summary>Resource units of one app towards the directory in ten seconds.</summary>
    public int DirectoryUnits { get; init; } = 8000;

    /// <summary>Whether requests that were answered 429 count as well, as the service says they do.</summary>
    public bool CountThrottled { get; init; } = true;

    /// <summary>How a 429 tells when to come back.</summary>
    public RetryAfterStyle RetryAfter { get; init; }
}

/// <summary>How a 429 tells when to come back.</summary>
public enum RetryAfterStyle
{
    /// <summary>Retry-After in seconds.</summary>
    Seconds,

    /// <summary>No header at all.</summary>
    Omitted,

    /// <summary>Retry-After: 0.</summary>
    Zero,

    /// <summary>Retry-After as an HTTP date.</summary>
    HttpDate,

    /// <summary>x-ms-retry-after-ms only.</summary>
    Milliseconds,
}
