using System.Collections.Concurrent;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// One at a time for whoever writes a tenant's apps, which all policies share: two policies that miss one would both make it, and two
/// Assignments that write its whole set at once would lose what one of them adds.
/// </summary>
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
