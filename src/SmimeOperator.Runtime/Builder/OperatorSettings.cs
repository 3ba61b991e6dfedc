using System.ComponentModel.DataAnnotations;

namespace SmimeOperator.Runtime;

/// <summary>Whether one of several replicas works, or each of them.</summary>
public enum LeaderElectionType
{
    /// <summary>There is one replica only.</summary>
    None,

    /// <summary>One replica works, the others stand by.</summary>
    Single,
}

/// <summary>How the runtime behaves.</summary>
public sealed class OperatorSettings
{
    /// <summary>The operator's name: of its meter, its lease, and as reporter of events.</summary>
    [Required, StringLength(63), RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    public string Name { get; set; } = "operator";

    /// <summary>The name that managedFields shows for what the operator writes.</summary>
    /// <value>The default is the operator's name.</value>
    [StringLength(128)]
    public string? FieldManager { get; set; }

    /// <summary>The namespaces to look at. Empty, the default: all.</summary>
    public IList<string> Namespaces { get; set; } = [];

    /// <summary>Whether replicas elect a leader.</summary>
    public LeaderElectionType LeaderElectionType { get; set; } = LeaderElectionType.None;

    /// <summary>Only entities with these labels; what is known by its metadata alone is not concerned. Default: all.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>The namespace of the lease.</summary>
    /// <value>The default is the namespace that the client is configured for.</value>
    public string? LeaderElectionNamespace { get; set; }

    /// <summary>The name of the lease: those that compete for the same work name the same one.</summary>
    /// <value>The default is the operator's name.</value>
    [StringLength(63), RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    public string? LeaderElectionName { get; set; }

    /// <summary>This replica's name in the lease.</summary>
    /// <value>The default is the host name and a random part.</value>
    public string? LeaderElectionIdentity { get; set; }

    /// <summary>How long others wait for a leader that does not renew. Default 15 s.</summary>
    public TimeSpan LeaderElectionLeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader that cannot renew goes on. Default 10 s.</summary>
    public TimeSpan LeaderElectionRenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two tries to acquire or renew. Default 2 s.</summary>
    public TimeSpan LeaderElectionRetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many entities of a kind are worked on at a time.</summary>
    /// <value>The default is twice the number of processors.</value>
    [Range(1, 1000)]
    public int ParallelReconciliation { get; set; } = Environment.ProcessorCount * 2;

    /// <summary>The first delay after a failure. Default 1 s.</summary>
    public TimeSpan RetryFirstDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay after failures. Default 5 min.</summary>
    public TimeSpan RetryCeiling { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often an entity is looked at without any reason, spread by a tenth. Default 10 h.</summary>
    public TimeSpan ResyncInterval { get; set; } = TimeSpan.FromHours(10);

    /// <summary>Annotations whose change asks for a pass.</summary>
    public IList<string> TriggerAnnotations { get; set; } = ["reconcile.fluxcd.io/requestedAt"];

    /// <summary>How long workers may stand still, or a pass may take, before the process counts as stuck. Default 15 min.</summary>
    public TimeSpan LivenessLimit { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether metrics are recorded.</summary>
    public bool EnableMetrics { get; set; } = true;

    /// <summary>This replica's name, whatever it comes from.</summary>
    internal string EffectiveIdentity => LeaderElectionIdentity ??= $"{Environment.MachineName}_{Guid.NewGuid():N}";

    /// <summary>The name for managedFields, whatever it comes from.</summary>
    internal string EffectiveFieldManager => string.IsNullOrEmpty(FieldManager) ? Name : FieldManager;
}
