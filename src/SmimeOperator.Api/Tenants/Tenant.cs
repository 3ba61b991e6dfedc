using k8s;
using k8s.Models;
using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>The connection to one Microsoft Intune tenant, its guard rails and its health.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "tenants")]
[ResourceNames("tenants", "smt")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Drift", ".status.conditions[?(@.type==\"Drifted\")].status")]
[PrinterColumn("Mode", ".spec.mode")]
[PrinterColumn("Age", ".metadata.creationTimestamp", "date")]
[PrinterColumn("Tenant-ID", ".spec.tenantId", Priority = 1)]
[PrinterColumn("Message", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
public sealed class Tenant : IKubernetesObject<V1ObjectMeta>, ISpec<TenantSpec>, IStatus<TenantStatus?>
{
    /// <summary>The kind as manifests write it.</summary>
    public const string KubeKind = "Tenant";

    /// <summary>The version of the API that the manifest is written for.</summary>
    public string ApiVersion { get; set; } = ApiGroup.ApiVersion;

    /// <summary>The kind of resource.</summary>
    public string Kind { get; set; } = KubeKind;

    /// <summary>Name, namespace, labels and annotations.</summary>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>How the tenant is reached and what may be done to it.</summary>
    [Mandatory]
    public TenantSpec Spec { get; set; } = new();

    /// <summary>What was found.</summary>
    public TenantStatus? Status { get; set; }
}

/// <summary>How the tenant is reached and what may be done to it.</summary>
[CelRule("self.credentials.type != 'None' || has(self.endpoint)",
    "credentials.type None is for a simulator: write endpoint too, or choose WorkloadIdentity, ClientSecret or ClientCertificate")]
[CelRule("!has(self.endpoint) || self.endpoint.startsWith('https://') || self.credentials.type == 'None'",
    "a plain http endpoint is only allowed with credentials.type None; use https")]
public sealed class TenantSpec
{
    /// <summary>The Entra tenant id. Pinned: a token of another tenant is refused.</summary>
    [Mandatory, GuidText]
    [CelRule("self == oldSelf", "tenantId cannot be changed: create another Tenant instead")]
    public string TenantId { get; set; } = "";

    /// <summary>The national cloud: Global (the default), USGov, USGovDoD or China.</summary>
    public Cloud Cloud { get; set; } = Cloud.Global;

    /// <summary>Overrides the Graph root of the cloud, such as http://127.0.0.1:5080 for a simulator; without version.</summary>
    [Matches("^https?://[^/?#]+/?$", "https://graph.microsoft.com"), Length(253)]
    public string? Endpoint { get; set; }

    /// <summary>How the operator proves who it is.</summary>
    [Mandatory]
    public TenantCredentials Credentials { get; set; } = new();

    /// <summary>The certificate connector's public key. Needed for imports only.</summary>
    public ConnectorKeySpec? ConnectorKey { get; set; }

    /// <summary>The oldest certificate connector that will do, four numbers.</summary>
    [Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$", "6.2406.0.1001")]
    public string MinimumConnectorVersion { get; set; } = "6.1911.11.0";

    /// <summary>Who else may refer to this Tenant; without it only its own namespace.</summary>
    public AllowedNamespaces? AllowedNamespaces { get; set; }

    /// <summary>Enforce (the default), or ReadOnly: plan and report, change nothing.</summary>
    public TenantMode Mode { get; set; } = TenantMode.Enforce;

    /// <summary>How often the tenant is read whole for drift, spread by ten percent either way. Default 10m.</summary>
    [DurationText, Length(32)]
    [CelRule("duration(self) >= duration('1s')", "interval must be at least 1s")]
    public string Interval { get; set; } = "10m";

    /// <summary>How much may be deleted or unassigned before a person is asked.</summary>
    public GuardSpec Guard { get; set; } = new();

    /// <summary>The share of the service's rate limits that the operator uses.</summary>
    public BudgetSpec Budget { get; set; } = new();

    /// <summary>Where the service keeps what Microsoft does not document. Without it nothing is guessed.</summary>
    public UndocumentedSpec? Undocumented { get; set; }
}

/// <summary>The national clouds of Microsoft Graph.</summary>
public enum Cloud
{
    /// <summary>graph.microsoft.com, also for GCC.</summary>
    Global,

    /// <summary>graph.microsoft.us, for GCC High.</summary>
    USGov,

    /// <summary>dod-graph.microsoft.us.</summary>
    USGovDoD,

    /// <summary>microsoftgraph.chinacloudapi.cn, run by 21Vianet.</summary>
    China,
}

/// <summary>Whether the operator may change the tenant.</summary>
public enum TenantMode
{
    /// <summary>The tenant is kept as the resources say.</summary>
    Enforce,

    /// <summary>A freeze: plan and report, change nothing.</summary>
    ReadOnly,
}

/// <summary>How the operator proves who it is.</summary>
[CelRule("self.type == 'None' || has(self.clientId)", "clientId is needed: the application (client) id of the app registration")]
[CelRule("(self.type == 'ClientSecret') == has(self.clientSecretRef)", "clientSecretRef belongs to type ClientSecret, and is needed there")]
[CelRule("(self.type == 'ClientCertificate') == has(self.clientCertificateRef)",
    "clientCertificateRef belongs to type ClientCertificate, and is needed there")]
public sealed class TenantCredentials
{
    /// <summary>WorkloadIdentity, ClientSecret, ClientCertificate; None only for a simulator.</summary>
    [Mandatory]
    public CredentialType? Type { get; set; }

    /// <summary>The application (client) id of the app registration.</summary>
    [GuidText]
    public string? ClientId { get; set; }

    /// <summary>The client secret.</summary>
    public SecretKeyReference? ClientSecretRef { get; set; }

    /// <summary>The client certificate: a Secret of type kubernetes.io/tls.</summary>
    public LocalReference? ClientCertificateRef { get; set; }
}

/// <summary>The ways to prove who the operator is.</summary>
public enum CredentialType
{
    /// <summary>A federated service account token; no secret anywhere.</summary>
    WorkloadIdentity,

    /// <summary>A client secret.</summary>
    ClientSecret,

    /// <summary>A client certificate.</summary>
    ClientCertificate,

    /// <summary>No token: only for a simulator.</summary>
    None,
}

/// <summary>The certificate connector's public key, as the connector's servers know it.</summary>
public sealed class ConnectorKeySpec
{
    /// <summary>Name of the key storage provider on the connector's servers.</summary>
    [Length(256, Min = 1)]
    public string ProviderName { get; set; } = "Microsoft Software Key Storage Provider";

    /// <summary>Name of the key in that provider.</summary>
    [Mandatory, Length(256, Min = 1)]
    public string KeyName { get; set; } = "";

    /// <summary>How passwords are encrypted to the key.</summary>
    public KeyPadding PaddingScheme { get; set; } = KeyPadding.OaepSha512;

    /// <summary>Where the public key is: an RSAPUBLICBLOB file or a PEM SubjectPublicKeyInfo.</summary>
    [Mandatory]
    public DataReference PublicKeyRef { get; set; } = new();
}

/// <summary>The OAEP hashes that the service still takes (Graph userPfxPaddingScheme).</summary>
public enum KeyPadding
{
    /// <summary>OAEP with SHA-256.</summary>
    OaepSha256,

    /// <summary>OAEP with SHA-384.</summary>
    OaepSha384,

    /// <summary>OAEP with SHA-512.</summary>
    OaepSha512,
}

/// <summary>Namespaces whose resources may refer to the Tenant, beside its own: those named, and those whose labels match.</summary>
public sealed class AllowedNamespaces
{
    /// <summary>Namespaces by name.</summary>
    [SetList, Items(256), Length(63, Min = 1)]
    public List<string>? Names { get; set; }

    /// <summary>Namespaces by label; an empty selector allows all.</summary>
    public LabelSelector? Selector { get; set; }
}

/// <summary>How much may be deleted or unassigned before a person is asked.</summary>
public sealed class GuardSpec
{
    /// <summary>The most deletions and unassignments in a window.</summary>
    [Between(0, 100_000)]
    public int MaxDeletions { get; set; } = 20;

    /// <summary>The most deletions and unassignments in a window, in percent of what is managed; the larger of both limits counts.</summary>
    [Between(0, 100)]
    public int MaxDeletionPercent { get; set; } = 10;

    /// <summary>The length of the window.</summary>
    [DurationText, Length(32)]
    [CelRule("duration(self) >= duration('1s')", "window must be at least 1s")]
    public string Window { get; set; } = "1h";
}

/// <summary>The share of the service's rate limits that the operator uses; the defaults are the published limits.</summary>
public sealed class BudgetSpec
{
    /// <summary>Writes in twenty seconds.</summary>
    [Between(1, 10_000)]
    public int WritesPer20s { get; set; } = 100;

    /// <summary>Requests of any kind in twenty seconds.</summary>
    [Between(1, 100_000)]
    public int RequestsPer20s { get; set; } = 1000;
}

/// <summary>What was found in the tenant.</summary>
public sealed class TenantStatus : ResourceStatus
{
    /// <summary>The certificate connectors.</summary>
    [Items(128)]
    public List<ConnectorStatus>? Connectors { get; set; }

    /// <summary>Permissions the token carries and the operator uses.</summary>
    [Items(64)]
    public List<string>? GrantedPermissions { get; set; }

    /// <summary>Permissions that are needed and missing.</summary>
    [Items(64)]
    public List<string>? MissingPermissions { get; set; }

    /// <summary>SHA-256 fingerprint of the connector's public key.</summary>
    public string? ConnectorKeyFingerprint { get; set; }

    /// <summary>How many objects of each kind the tenant holds.</summary>
    public ObjectCounts? Counts { get; set; }

    /// <summary>Deletions and unassignments within the guard's window: what the guard counts, so that a restart forgets none.</summary>
    [Items(128)]
    public List<RemovalCount>? RecentRemovals { get; set; }

    /// <summary>The same status with other removals; the lists of both are shared.</summary>
    public TenantStatus WithRemovals(IReadOnlyList<RemovalCount> removals)
    {
        var copy = (TenantStatus)MemberwiseClone();
        copy.RecentRemovals = removals.Count == 0 ? null : [.. removals];
        return copy;
    }
}

/// <summary>Deletions and unassignments that were made at about one time.</summary>
public sealed class RemovalCount
{
    /// <summary>When, rounded down to a hundredth of the window.</summary>
    public DateTime? At { get; set; }

    /// <summary>How many.</summary>
    public int Count { get; set; }
}

/// <summary>A certificate connector as the tenant reports it.</summary>
public sealed class ConnectorStatus
{
    /// <summary>The connector's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The server it runs on.</summary>
    public string? MachineName { get; set; }

    /// <summary>Its version, if the tenant tells it.</summary>
    public string? Version { get; set; }

    /// <summary>active, inactive or none.</summary>
    public string? State { get; set; }

    /// <summary>Whether it is active and new enough.</summary>
    public bool Healthy { get; set; }
}

/// <summary>How many objects the tenant holds, and how many of them carry no mark of an operator.</summary>
public sealed class ObjectCounts
{
    /// <summary>App configuration policies for Outlook on iOS.</summary>
    public int AppConfigurations { get; set; }

    /// <summary>Trusted root, certificate and mail profiles.</summary>
    public int Profiles { get; set; }

    /// <summary>Imported certificates.</summary>
    public int ImportedCertificates { get; set; }

    /// <summary>Policies and profiles of these kinds that no resource here owns.</summary>
    public int Unmanaged { get; set; }
}
