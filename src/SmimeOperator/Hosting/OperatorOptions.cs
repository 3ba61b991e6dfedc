using System.ComponentModel.DataAnnotations;

namespace SmimeOperator.Hosting;

/// <summary>The settings of the operator process: section Operator of a settings file, environment SMIME_OPERATOR__*, or flags --Operator:*.</summary>
internal sealed class OperatorOptions
{
    public const string Section = "Operator";

    /// <summary>How the operator calls itself towards others.</summary>
    public const string ServiceName = "smime-operator";

    /// <summary>The version, as the build says it.</summary>
    public static string Version { get; } = typeof(OperatorOptions).Assembly.GetName().Version!.ToString(3);

    /// <summary>The namespaces to look at, separated by commas. Default: all.</summary>
    public string Namespaces { get; set; } = "";

    /// <summary>Only resources with these labels, such as shard=a. Default: all. Whatever refers to each other must be in one shard.</summary>
    public string LabelSelector { get; set; } = "";

    /// <summary>Identifies the cluster in the marks on what the operator makes. Default: the uid of the namespace kube-system.</summary>
    [RegularExpression(@"^[^\s\]]*$", ErrorMessage = "ClusterId must not hold spaces or ']'")]
    public string ClusterId { get; set; } = "";

    /// <summary>Elect a leader among replicas. Default: no.</summary>
    public bool LeaderElection { get; set; }

    /// <summary>Namespace of the lease. Default: the operator's own.</summary>
    public string? LeaderElectionNamespace { get; set; }

    /// <summary>Name of the lease: replicas that share work share it, each shard has its own. Default: smime-operator.</summary>
    public string? LeaderElectionName { get; set; }

    /// <summary>How long others wait for a leader that does not renew, at least 1 s. Default 15 s.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader that cannot renew goes on; shorter than the lease. Default 10 s.</summary>
    public TimeSpan LeaseRenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two tries to acquire or renew. Default 2 s.</summary>
    public TimeSpan LeaseRetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>This replica's name, in the lease and in the User-Agent of requests. Default: the host's name and a random part.</summary>
    [RegularExpression("^[-._A-Za-z0-9]{1,128}$", ErrorMessage = "Replica may hold letters, digits, '-', '.' and '_' only, at most 128")]
    public string Replica { get; set; } = $"{Environment.MachineName}_{Guid.NewGuid():N}";

    /// <summary>How many resources of a kind are worked on at a time. Default 16: most of a pass is waiting for the service.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = 16;

    /// <summary>Address of probes and metrics. Default http://0.0.0.0:8080.</summary>
    public string Listen { get; set; } = "http://0.0.0.0:8080";

    /// <summary>Log as JSON lines. Default: yes.</summary>
    public bool JsonLogs { get; set; } = true;

    /// <summary>Where metrics and traces are sent by OTLP over gRPC, such as http://collector:4317. Default: nowhere.</summary>
    [Url(ErrorMessage = "OtlpEndpoint must be an address such as http://collector:4317")]
    public string? OtlpEndpoint { get; set; }

    /// <summary>The share of reconciliations that are traced, 0 to 1. Default 1; without OtlpEndpoint nothing is.</summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 1;

    /// <summary>The namespaces as a list.</summary>
    public IReadOnlyList<string> NamespaceList =>
        Namespaces.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
