using SmimeOperator.Runtime.Hosting;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime;

/// <summary>Whether something is well, and if not, why.</summary>
public readonly record struct HealthVerdict(bool IsHealthy, string Description);

/// <summary>How the runtime is, for probes.</summary>
public sealed class OperatorHealth
{
    private readonly IInformer[] _informers;
    private readonly IControllerHost[] _controllers;
    private readonly OperatorSettings _settings;
    private volatile bool _isLeader;

    internal OperatorHealth(IEnumerable<IInformer> informers, IEnumerable<IControllerHost> controllers, OperatorSettings settings)
    {
        _informers = [.. informers];
        _controllers = [.. controllers];
        _settings = settings;
    }

    /// <summary>Whether this replica works; always true without leader election once it works.</summary>
    public bool IsLeader
    {
        get => _isLeader;
        internal set => _isLeader = value;
    }

    /// <summary>What the process should return when it ends: not zero after leadership was lost.</summary>
    public int ExitCode { get; internal set; }

    /// <summary>Ready: every store has been filled once. A standby is as ready as the leader, or no rollout would ever end.</summary>
    public HealthVerdict Readiness()
    {
        var waiting = _informers.Where(static informer => !informer.Synced.IsCompleted).Select(static informer => informer.EntityName).ToList();
        return waiting.Count == 0
            ? new HealthVerdict(IsHealthy: true, IsLeader ? "working" : "standing by")
            : new HealthVerdict(IsHealthy: false, $"not read yet: {string.Join(", ", waiting)}");
    }

    /// <summary>
    /// Alive: watches and workers moved not long ago. An API server that does not answer is no reason to restart: trying again is
    /// a sign of life.
    /// </summary>
    public HealthVerdict Liveness()
    {
        foreach (var informer in _informers)
        {
            if (informer.SinceLastSign > _settings.LivenessLimit)
            {
                return new HealthVerdict(IsHealthy: false, $"the watch of {informer.EntityName} has not moved for {informer.SinceLastSign}");
            }
        }

        foreach (var controller in _controllers)
        {
            var (waiting, running) = controller.Standstill;
            if (waiting > _settings.LivenessLimit)
            {
                return new HealthVerdict(IsHealthy: false, $"{controller.EntityName} waits, but no pass was begun for {waiting}");
            }

            if (running > _settings.LivenessLimit)
            {
                return new HealthVerdict(IsHealthy: false, $"a pass over {controller.EntityName} has been running for {running}");
            }
        }

        return new HealthVerdict(IsHealthy: true, "moving");
    }
}
