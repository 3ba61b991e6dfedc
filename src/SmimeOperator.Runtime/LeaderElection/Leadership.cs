using SmimeOperator.Runtime.LeaderElection;

namespace SmimeOperator.Runtime;

/// <summary>Whether this replica may act. Asked before every write, to the cluster or to anything else.</summary>
public sealed class Leadership
{
    private readonly OperatorSettings _settings;
    private readonly LeaderElector _elector;

    internal Leadership(OperatorSettings settings, LeaderElector elector) => (_settings, _elector) = (settings, elector);

    /// <summary>This replica's name in the lease.</summary>
    public string Identity => _settings.EffectiveIdentity;

    /// <summary>Whether the lease is ours by time at this moment; always true without leader election.</summary>
    public bool IsHeld => _settings.LeaderElectionType == LeaderElectionType.None || _elector.IsHeld;

    /// <summary>Does nothing while the lease is ours.</summary>
    /// <exception cref="LeadershipLostException">It no longer is.</exception>
    internal void Demand()
    {
        if (!IsHeld)
        {
            throw new LeadershipLostException();
        }
    }
}

/// <summary>A write was refused because the lease is no longer ours.</summary>
internal sealed class LeadershipLostException() : InvalidOperationException("The lease is no longer this replica's; nothing is written.");
