using System.Collections.Concurrent;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What would be done for one resource.</summary>
/// <param name="Made">Changes that pass every guard, in the order in which they would be made.</param>
/// <param name="Due">Changes that were planned and not made, because something stops the resource.</param>
/// <param name="Held">Changes that drift settings hold back.</param>
internal sealed record Recording(IReadOnlyList<PlannedChange> Made, IReadOnlyList<PlannedChange> Due, IReadOnlyList<HeldChange> Held)
{
    public static Recording Empty { get; } = new([], [], []);

    /// <summary>All that was planned and is not held back.</summary>
    public IEnumerable<PlannedChange> Planned => Made.Concat(Due);
}

/// <summary>Takes down what a dry run plans and makes.</summary>
internal sealed class PlanRecorder
{
    private readonly ConcurrentDictionary<ResourceKey, Recorder> _recorders = new();

    public IPlanObserver Of(ResourceKey key) => _recorders.GetOrAdd(key, _ => new Recorder());

    /// <summary>The resources that were worked on.</summary>
    public IEnumerable<ResourceKey> Keys => _recorders.Keys;

    public Recording Find(ResourceKey key) => _recorders.TryGetValue(key, out var recorder) ? recorder.Recording : Recording.Empty;

    /// <summary>The tenant that a resource works in; null where it got to no plan.</summary>
    public IIntuneTenant? TenantOf(ResourceKey key) => _recorders.GetValueOrDefault(key)?.Tenant;

    private sealed class Recorder : IPlanObserver
    {
        private readonly Lock _gate = new();
        private readonly List<PlannedChange> _made = [];
        private Plan _last = Plan.Empty;

        public IIntuneTenant? Tenant { get; private set; }

        public Recording Recording
        {
            get
            {
                lock (_gate)
                {
                    return new Recording([.. _made], [.. _last.Changes.Where(c => _made.All(m => !Same(m, c)))], _last.Held);
                }
            }
        }

        public void Planned(IIntuneTenant tenant, Plan plan)
        {
            lock (_gate)
            {
                (Tenant, _last) = (tenant, plan);
            }
        }

        public void Made(PlannedChange change)
        {
            lock (_gate)
            {
                _made.Add(change);
            }
        }

        private static bool Same(PlannedChange one, PlannedChange other) => one.Action == other.Action && one.Type == other.Type && one.Role == other.Role && one.Name == other.Name;
    }
}
