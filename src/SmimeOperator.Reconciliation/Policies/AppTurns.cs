using System.Collections.Concurrent;

namespace SmimeOperator.Reconciliation;

/// <summary>One at a time for policies that miss the same app: two that look at once would both make it.</summary>
internal sealed class AppTurns
{
    private readonly ConcurrentDictionary<ResourceName, SemaphoreSlim> _turns = new();

    /// <summary>Waits for the turn in a tenant; dispose to pass it on.</summary>
    public async Task<IDisposable> TakeAsync(ResourceName tenant, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(tenant, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
