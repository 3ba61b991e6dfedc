using Microsoft.Kiota.Abstractions;

namespace SmimeOperator.Intune;

/// <summary>What may be done when an answer is lost.</summary>
internal enum Repeatable
{
    /// <summary>Repeating changes nothing: reads, PATCH, DELETE, assign.</summary>
    Always,

    /// <summary>Only if the request has surely had no effect: POST that makes something.</summary>
    IfUntouched,
}

/// <summary>One request as we mean it; travels with it through the handlers.</summary>
internal sealed class GraphCall : IRequestOption
{
    /// <summary>A stable word for metrics and logs, such as list-mobileApps.</summary>
    public required string Operation { get; init; }

    /// <summary>What is attempted on what, as the start of a sentence: "Reading the apps".</summary>
    public required string Attempt { get; init; }

    /// <summary>How urgent it is.</summary>
    public required RequestLane Lane { get; init; }

    /// <summary>Whether it counts as a write.</summary>
    public bool Write { get; init; }

    /// <summary>How many requests it counts for: the parts of a batch count one by one.</summary>
    public int Places { get; init; } = 1;

    /// <summary>Whether it may be repeated after a lost answer.</summary>
    public Repeatable Repeatable { get; init; }

    /// <summary>What we send as client-request-id, the same for every try.</summary>
    public string ClientRequestId { get; } = Guid.NewGuid().ToString();

    /// <summary>Whether the request was handed to the network in this try; set by the pipeline.</summary>
    public bool Sent { get; set; }

    /// <summary>Cancelled when the caller leaves: what still waits in line is not sent any more. Set by the sender.</summary>
    public CancellationToken Leaving { get; set; }

    /// <summary>A read.</summary>
    public static GraphCall Read(string operation, string attempt, int places = 1) =>
        new() { Operation = operation, Attempt = attempt, Lane = RequestLane.Refresh, Places = places };

    /// <summary>A write that may be repeated.</summary>
    public static GraphCall Change(string operation, string attempt, RequestLane lane) =>
        new() { Operation = operation, Attempt = attempt, Lane = lane, Write = true };

    /// <summary>A write that makes something, and must not make it twice.</summary>
    public static GraphCall Make(string operation, string attempt, RequestLane lane) =>
        new() { Operation = operation, Attempt = attempt, Lane = lane, Write = true, Repeatable = Repeatable.IfUntouched };
}
