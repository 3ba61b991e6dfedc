using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Something that happened to a resource.</summary>
internal sealed record BoardEvent(DateTimeOffset At, ResourceKey Key, ResourceEvent Event)
{
    /// <summary>Whether it tells of a change that was made in the tenant.</summary>
    public bool IsTenantChange => !Event.IsWarning
        && Event.Reason is Reasons.Created or Reasons.Updated or Reasons.Deleted or Reasons.Assigned or Reasons.Imported;
}

/// <summary>What a view shows at one moment.</summary>
internal sealed record BoardView(
    IReadOnlyList<ResourceRecord> Records,
    IReadOnlyList<ManifestProblem> Problems,
    IReadOnlyList<string> Skipped,
    IReadOnlyList<BoardEvent> Events,
    int TenantChanges,
    bool IsIdle,
    bool IsSettled,
    TimeSpan? ConvergedAfter)
{
    public bool IsReady => Records.All(ReadyState.IsReady);
}

/// <summary>How far a resource is, by its status.</summary>
internal static class ReadyState
{
    public static string Text(ResourceRecord record) => Condition(record, ConditionTypes.Ready)?.Status ?? "Unknown";

    /// <summary>Whether it is as the spec of today says.</summary>
    public static bool IsReady(ResourceRecord record) =>
        !record.IsDeleting && record.Status?.ObservedGeneration == record.Entity.Metadata.Generation && Text(record) == "True";

    /// <summary>Whether nothing more happens without a person: ready, stalled, or held by a read-only Tenant.</summary>
    public static bool IsFinal(ResourceRecord record) => IsReady(record)
        || Condition(record, ConditionTypes.Stalled)?.Status == "True" || Condition(record, ConditionTypes.Ready)?.Reason == Reasons.ReadOnly;

    public static k8s.Models.V1Condition? Condition(ResourceRecord record, string type) => record.Status?.Conditions?.FirstOrDefault(c => c.Type == type);
}

/// <summary>What is known of the sync, for views and for whoever waits for it. Says when it changes.</summary>
internal sealed class SyncBoard
{
    private const int KeptEvents = 200;

    private readonly Lock _gate = new();
    private readonly LinkedList<BoardEvent> _events = [];
    private readonly List<Action<BoardEvent>> _listeners = [];
    private BoardView _view = new([], [], [], [], 0, false, false, null);
    private TaskCompletionSource _changed = NewSignal();

    public BoardView View
    {
        get
        {
            lock (_gate)
            {
                return _view with { Events = [.. _events] };
            }
        }
    }

    /// <summary>Tells of every event from now on, on the thread where it happens.</summary>
    public void Listen(Action<BoardEvent> listener)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
        }
    }

    /// <summary>Done when the board has changed after this was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Waits until the board looks as wanted.</summary>
    public async Task<BoardView> WaitAsync(Func<BoardView, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Changed;
            var view = View;
            if (wanted(view))
            {
                return view;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Report(IEnumerable<BoardEvent> events)
    {
        var news = events.ToList();
        List<Action<BoardEvent>> listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
            foreach (var item in news)
            {
                _events.AddLast(item);
                if (_events.Count > KeptEvents)
                {
                    _events.RemoveFirst();
                }
            }

            _view = _view with { TenantChanges = _view.TenantChanges + news.Count(e => e.IsTenantChange) };
        }

        news.ForEach(e => listeners.ForEach(l => l(e)));
        Signal();
    }

    public void Update(Func<BoardView, BoardView> change)
    {
        lock (_gate)
        {
            _view = change(_view);
        }

        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            (before, _changed) = (_changed, NewSignal());
        }

        before.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
