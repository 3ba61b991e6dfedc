using System.Collections.Concurrent;

namespace SmimeOperator.Runtime.Tests;

public enum Call
{
    Reconcile,
    Deleted,
    Finalize,
}

public sealed record Seen(Call Call, Widget Widget, ReconciliationContext Context);

/// <summary>What the controller and the finalizer of a test were called with, and what they are to do.</summary>
public sealed class WidgetProbe
{
    public Signals<Seen> Calls { get; } = new();

    public Func<Widget, CancellationToken, Task<ReconciliationResult<Widget>>> OnReconcile { get; set; } =
        static (widget, _) => Task.FromResult(ReconciliationResult<Widget>.Success(widget));

    public Func<Widget, CancellationToken, Task<ReconciliationResult<Widget>>> OnFinalize { get; set; } =
        static (widget, _) => Task.FromResult(ReconciliationResult<Widget>.Success(widget));

    public ConcurrentDictionary<string, int> Running { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Seen> Of(string name) => [.. Calls.All.Where(seen => seen.Widget.Metadata.Name == name)];
}

public sealed class WidgetController(WidgetProbe probe, ReconciliationContext context) : IEntityController<Widget>
{
    public Task<ReconciliationResult<Widget>> ReconcileAsync(Widget entity, CancellationToken cancellationToken)
    {
        probe.Calls.Add(new Seen(Call.Reconcile, entity, context));
        return probe.OnReconcile(entity, cancellationToken);
    }

    public Task<ReconciliationResult<Widget>> DeletedAsync(Widget entity, CancellationToken cancellationToken)
    {
        probe.Calls.Add(new Seen(Call.Deleted, entity, context));
        return Task.FromResult(ReconciliationResult<Widget>.Success(entity));
    }
}

public sealed class WidgetFinalizer(WidgetProbe probe, ReconciliationContext context) : IEntityFinalizer<Widget>
{
    public Task<ReconciliationResult<Widget>> FinalizeAsync(Widget entity, CancellationToken cancellationToken)
    {
        probe.Calls.Add(new Seen(Call.Finalize, entity, context));
        return probe.OnFinalize(entity, cancellationToken);
    }
}
