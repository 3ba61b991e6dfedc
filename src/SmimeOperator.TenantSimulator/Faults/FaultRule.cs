using System.Text.Json.Serialization;

namespace SmimeOperator.TenantSimulator;

/// <summary>When the connection breaks, or falls silent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DropMoment>))]
public enum DropMoment
{
    /// <summary>It does not.</summary>
    Never,

    /// <summary>Before anything has happened in the tenant.</summary>
    BeforeCommit,

    /// <summary>After the change was made, instead of the answer.</summary>
    AfterCommit,
}

/// <summary>A fault: which requests it strikes, and what happens to them.</summary>
public sealed record FaultRule
{
    /// <summary>A regular expression for the method; every method when absent.</summary>
    public string? Method { get; init; }

    /// <summary>A regular expression for path and query (decoded); every path when absent.</summary>
    public string? Path { get; init; }

    /// <summary>Strikes only the n-th match, from 1 on.</summary>
    public int? Nth { get; init; }

    /// <summary>Strikes so many times, then no more.</summary>
    public int? Count { get; init; }

    /// <summary>Strikes a match with this probability, 0 to 1.</summary>
    public double? Probability { get; init; }

    /// <summary>Strikes only requests for this page of a list, from 1 on.</summary>
    public int? Page { get; init; }

    /// <summary>Answers with this status instead of handling the request.</summary>
    public int? Status { get; init; }

    /// <summary>Handles the request all the same, before it is answered with <see cref="Status"/> or a page: as a gateway does that gives up too early.</summary>
    public bool Commit { get; init; }

    /// <summary>Headers to add to the answer.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The body that goes with <see cref="Status"/>; the service's usual error body when absent.</summary>
    public string? Body { get; init; }

    /// <summary>Waits so many milliseconds first.</summary>
    public int DelayMilliseconds { get; init; }

    /// <summary>Breaks the connection.</summary>
    public DropMoment Drop { get; init; }

    /// <summary>Gives no answer, and keeps the connection open until the caller leaves.</summary>
    public DropMoment Silence { get; init; }

    /// <summary>Sends so many bytes of the body, then breaks the connection; with <see cref="Silence"/> after the change, falls silent instead.</summary>
    public int? TruncateAfter { get; init; }

    /// <summary>Sends a body that is no JSON.</summary>
    public bool MalformedJson { get; init; }

    /// <summary>Sends a proxy's HTML page, with <see cref="Status"/> or 200.</summary>
    public bool HtmlPage { get; init; }

    /// <summary>Says that the body is of this type; the body itself is what it is.</summary>
    public string? ContentType { get; init; }

    /// <summary>Leaves out so many objects at the start of a page, as paging by position does when objects before it are deleted meanwhile.</summary>
    public int SkipObjects { get; init; }

    /// <summary>Shows so many objects at the start of a page twice, as paging by position shows objects again when others are added before them meanwhile.</summary>
    public int RepeatObjects { get; init; }

    /// <summary>Gives a nextLink that leads to the same page again.</summary>
    public bool NextLinkLoop { get; init; }

    /// <summary>Answers lists as they were when the rule was set.</summary>
    public bool StaleList { get; init; }

    /// <summary>Makes writes answer success without doing anything.</summary>
    public bool IgnoreWrite { get; init; }
}
