using k8s;
using k8s.Models;
using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>The certificate history of one user, or of many, in Intune.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "certificateimports")]
[ResourceNames("certificateimports", "ci")]
[SelectableField(".spec.tenantRef.name")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Drift", ".status.conditions[?(@.type==\"Drifted\")].status")]
[PrinterColumn("Certificates", ".status.counts.imported", "integer")]
[PrinterColumn("Age", ".metadata.creationTimestamp", "date")]
[PrinterColumn("User", ".spec.userPrincipalName", Priority = 1)]
[PrinterColumn("Users", ".status.users.total", "integer", Priority = 1)]
[PrinterColumn("Message", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
public sealed class CertificateImport : IKubernetesObject<V1ObjectMeta>, ISpec<CertificateImportSpec>, IStatus<CertificateImportStatus?>
{
    /// <summary>The kind as manifests write it.</summary>
    public const string KubeKind = "CertificateImport";

    /// <summary>The version of the API that the manifest is written for.</summary>
    public string ApiVersion { get; set; } = ApiGroup.ApiVersion;

    /// <summary>The kind of resource.</summary>
    public string Kind { get; set; } = KubeKind;

    /// <summary>Name, namespace, labels and annotations.</summary>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>Whose certificates, and from where.</summary>
    [Mandatory]
    public CertificateImportSpec Spec { get; set; } = new();

    /// <summary>What the tenant holds.</summary>
    public CertificateImportStatus? Status { get; set; }
}

/// <summary>Whose certificates, and from where.</summary>
[CelRule("has(self.userPrincipalName) != has(self.users)", "write either userPrincipalName (one user) or users (many users from an escrow)")]
[CelRule("has(self.users) || has(self.sourceSelector) || (has(self.sources) && self.sources.size() > 0)",
    "without a source there is nothing to import: write sources or sourceSelector")]
[CelRule("!has(self.users) || (!has(self.sources) && !has(self.sourceSelector))",
    "sources and sourceSelector belong to one user; with users the Secrets are found by users.fromSecrets")]
public sealed class CertificateImportSpec
{
    /// <summary>The Tenant into which certificates are imported.</summary>
    [Mandatory]
    public TenantReference TenantRef { get; set; } = new();

    /// <summary>The user.</summary>
    [Length(113, Min = 3), Matches("^[^@\\s]+@[^@\\s]+$", "alice@contoso.com")]
    public string? UserPrincipalName { get; set; }

    /// <summary>Many users at once, from an escrow's Secrets.</summary>
    public BulkUsers? Users { get; set; }

    /// <summary>SmimeEncryption or SmimeSigning.</summary>
    [Mandatory]
    public ImportPurpose? Purpose { get; set; }

    /// <summary>The certificates, each in a Secret of the same namespace.</summary>
    [MapList("name"), Items(256)]
    public List<CertificateSourceSpec>? Sources { get; set; }

    /// <summary>Every Secret of the namespace with these labels is a source: its tls.crt and tls.key, or else each key that ends in .p12 or .pfx (but for truststore.p12), with the password under NAME.password or password.</summary>
    public LabelSelector? SourceSelector { get; set; }

    /// <summary>Keep (the default): what was imported stays when a source is renewed or goes. Prune: it goes too.</summary>
    public HistoryPolicy History { get; set; } = HistoryPolicy.Keep;

    /// <summary>Whether the certificate must name this user: Enforce (the default), Warn or "Off": in quotes, for YAML takes a bare Off for false.</summary>
    public IdentityCheck IdentityCheck { get; set; } = IdentityCheck.Enforce;

    /// <summary>How the PKCS#12 files are encoded that are uploaded. A change holds for what is uploaded from then on.</summary>
    public EncodingSpec Encoding { get; set; } = new();

    /// <summary>How drift is dealt with.</summary>
    public DriftSpec Drift { get; set; } = new();

    /// <summary>Orphan (the default): losing an encryption key makes old mail unreadable. Delete: imports go with the resource.</summary>
    public DeletionPolicy DeletionPolicy { get; set; } = DeletionPolicy.Orphan;

    /// <summary>Look at nothing and change nothing until this is false again.</summary>
    public bool Suspend { get; set; }
}

/// <summary>What an imported certificate is for (Graph userPfxIntendedPurpose).</summary>
public enum ImportPurpose
{
    /// <summary>S/MIME encryption.</summary>
    SmimeEncryption,

    /// <summary>S/MIME signing.</summary>
    SmimeSigning,
}

/// <summary>What happens to imports whose source changes or goes.</summary>
public enum HistoryPolicy
{
    /// <summary>They stay.</summary>
    Keep,

    /// <summary>They are removed.</summary>
    Prune,
}

/// <summary>Whether the certificate must name the user.</summary>
public enum IdentityCheck
{
    /// <summary>A certificate that does not name the user is refused.</summary>
    Enforce,

    /// <summary>It is imported, and reported.</summary>
    Warn,

    /// <summary>Nobody looks.</summary>
    Off,
}

/// <summary>Many users at once.</summary>
public sealed class BulkUsers
{
    /// <summary>The escrow's Secrets; the annotation smime-operator.io/user-principal-name names the user of each.</summary>
    [Mandatory]
    public BulkSecrets FromSecrets { get; set; } = new();
}

/// <summary>The escrow's Secrets.</summary>
public sealed class BulkSecrets
{
    /// <summary>Which Secrets of the namespace belong to the escrow.</summary>
    [Mandatory]
    public LabelSelector Selector { get; set; } = new();

    /// <summary>The annotation that names the user: a principal name, or the object id where a name would not do.</summary>
    [Length(317, Min = 1)]
    public string UserAnnotation { get; set; } = Annotations.UserPrincipalName;
}
