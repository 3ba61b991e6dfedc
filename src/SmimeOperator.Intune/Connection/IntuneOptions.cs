namespace SmimeOperator.Intune;

/// <summary>Settings of the tenant engine. The defaults are right for the service; tests and simulators shorten the waits.</summary>
public sealed class IntuneOptions
{
    /// <summary>What requests carry as User-Agent.</summary>
    /// <value>Default: smime-operator.</value>
    public string UserAgent { get; set; } = "smime-operator";

    /// <summary>How long a list may lag behind our own writes.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan ConsistencyGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The least wait after a 429, also when the service says 0 or nothing.</summary>
    /// <value>Default: 3 seconds.</value>
    public TimeSpan ThrottleFloor { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest wait after a 429 that names none.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan ThrottleCeiling { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one request waits for the service's throttling in all, before it fails as throttled.</summary>
    /// <value>Default: 2 minutes.</value>
    public TimeSpan ThrottlePatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a request is tried that meets outages.</summary>
    /// <value>Default: 5.</value>
    public int Tries { get; set; } = 5;

    /// <summary>The first wait after an outage; it doubles, with jitter.</summary>
    /// <value>Default: half a second.</value>
    public TimeSpan OutageDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an answer may take.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the answer to a write is still waited for when the process ends; short against the time that a lost lease leaves.</summary>
    /// <value>Default: 3 seconds.</value>
    public TimeSpan WriteGrace { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How soon a part of the snapshot is read again that could not be read for a passing reason.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan FaultyPartRetry { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long look-ups in the directory are collected into one request.</summary>
    /// <value>Default: 20 milliseconds.</value>
    public TimeSpan DirectoryWindow { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a user or group that was found is remembered.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan DirectoryMemory { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it is remembered that a user or group does not exist.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan DirectoryAbsenceMemory { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>From how many users on the directory is read whole.</summary>
    /// <value>Default: 60.</value>
    public int DirectoryListFrom { get; set; } = 60;

    /// <summary>How many users are read at most when the directory is read whole.</summary>
    /// <value>Default: 50,000.</value>
    public int DirectoryListMaximum { get; set; } = 50_000;

    /// <summary>How many members are read at most of groups that are larger than a page (999); of the groups that would be too much the members are counted only.</summary>
    /// <value>Default: 20,000.</value>
    public int MemberMaximum { get; set; } = 20_000;

    /// <summary>Whether writes are answered here and never sent, so that what would be done can be shown.</summary>
    /// <value>Default: false.</value>
    public bool DryRun { get; set; }
}
