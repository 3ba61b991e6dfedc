using System.ComponentModel.DataAnnotations;

namespace SmimeOperator.Hosting;

/// <summary>The settings of the operator process: section Operator of a settings file, environment SMIME_OPERATOR__*, or flags --Operator:*.</summary>
internal sealed class OperatorOptions
{
    public const string Section = "Operator";

    /// <summary>The namespaces to look at, separated by commas. Default: all.</summary>
    public string Namespaces { get; set; } = "";

    /// <summary>Identifies the cluster in the marks on what the operator makes. Default: the uid of the namespace kube-system.</summary>
    [RegularExpression(@"^[^\s\]]*$", ErrorMessage = "ClusterId must not hold spaces or ']'")]
    public string ClusterId { get; set; } = "";

    /// <summary>Elect a leader among replicas. Default: no.</summary>
    public bool LeaderElection { get; set; }

    /// <summary>Namespace of the lease. Default: the operator's own.</summary>
    public string? LeaderElectionNamespace { get; set; }

    /// <summary>How many resources of a kind are worked on at a time. Default 16: most of a pass is waiting for the service.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = 16;

    /// <summary>Address of probes and metrics. Default http://0.0.0.0:8080.</summary>
    public string Listen { get; set; } = "http://0.0.0.0:8080";

    /// <summary>Log as JSON lines. Default: yes.</summary>
    public bool JsonLogs { get; set; } = true;

    /// <summary>The namespaces as a list.</summary>
    public IReadOnlyList<string> NamespaceList =>
        Namespaces.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
