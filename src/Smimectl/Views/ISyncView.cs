namespace Smimectl;

/// <summary>Shows a sync to people or programs.</summary>
internal interface ISyncView
{
    /// <summary>Shows it until it is cancelled.</summary>
    Task ShowAsync(SyncBoard board, CancellationToken cancellationToken);

    /// <summary>The last word, when the sync has ended.</summary>
    void Finish(BoardView view, bool isSuccess);
}

/// <summary>What a command adds to a view.</summary>
internal sealed record ViewNotes
{
    /// <summary>Writes as the one who commands knows them; by default the changes that reconcilers told of.</summary>
    public Func<BoardView, int> Writes { get; init; } = view => view.TenantChanges;

    /// <summary>Lines for people, shown when everything is there for the first time.</summary>
    public Func<BoardView, IReadOnlyList<string>> Hints { get; init; } = _ => [];

    private string? _converged;

    /// <summary>The sentence of the first convergence, made once: its numbers are those of that moment.</summary>
    public string? Converged(BoardView view) =>
        _converged ??= view.ConvergedAfter is { } after ? TenantSummary.Converged(view, after, Writes(view)) : null;
}
