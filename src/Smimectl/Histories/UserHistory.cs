using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Where a certificate is.</summary>
internal enum HistoryPlace
{
    /// <summary>In the tenant, and a source in git holds it.</summary>
    Both,

    /// <summary>In the tenant, and no source in git holds it: it cannot be imported again from here.</summary>
    TenantOnly,

    /// <summary>A source in git holds it, and it is not in the tenant.</summary>
    GitOnly,

    /// <summary>Imported once, gone from the tenant, and no source is left.</summary>
    Lost,

    /// <summary>A source in git holds it, and the tenant's certificates could not be read.</summary>
    Unknown,
}

/// <summary>How a certificate stands in time.</summary>
internal enum HistoryValidity
{
    Valid,

    /// <summary>Valid, and ends within thirty days.</summary>
    Expiring,

    Expired,

    NotYetValid,
}

/// <summary>Which connector key a record's password is encrypted to.</summary>
internal enum HistoryKey
{
    /// <summary>Not in the tenant.</summary>
    None,

    /// <summary>The key that the Tenant names today.</summary>
    Today,

    /// <summary>Another key: devices may not get the certificate any more.</summary>
    Other,

    /// <summary>Its name is that of today's key. The service does not show the key itself, and nobody here remembers it.</summary>
    SameName,

    /// <summary>The Tenant names no key to compare with.</summary>
    Unknown,
}

/// <summary>A source in git that holds a certificate.</summary>
/// <param name="Import">The CertificateImport, as namespace/name.</param>
/// <param name="Source">The source's name.</param>
/// <param name="State">How it stands after a dry run.</param>
/// <param name="Message">What is the matter with it.</param>
internal sealed record HistorySource(string Import, string Source, CertificateState State, string? Message);

/// <summary>One certificate of a user and purpose.</summary>
internal sealed record HistoryCertificate
{
    /// <summary>SHA-1, lower case.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>smimeEncryption, smimeSigning or what else the service says.</summary>
    public required string Purpose { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The distinguished name, where a source holds the certificate: a record in the tenant does not tell it.</summary>
    public string? Subject { get; init; }

    public string? Serial { get; init; }

    /// <summary>The record in the tenant.</summary>
    public ImportedCertificate? Record { get; init; }

    public IReadOnlyList<HistorySource> Sources { get; init; } = [];

    public required HistoryPlace Place { get; init; }

    public required HistoryValidity Validity { get; init; }

    public required HistoryKey Key { get; init; }

    public bool IsInTenant => Place is HistoryPlace.Both or HistoryPlace.TenantOnly;
}

/// <summary>Something that was noticed.</summary>
/// <param name="IsProblem">Whether a person should act; otherwise it is good to know.</param>
/// <param name="Kind">A word for programs, such as gap.</param>
/// <param name="Message">In words.</param>
internal sealed record HistoryFinding(bool IsProblem, string Kind, string Message);

/// <summary>A CertificateImport of the user, and how it would stand.</summary>
internal sealed record HistoryImport(string Name, string File, ImportPurpose? Purpose, bool IsEscrow, PlanState State, string Reason, string Message);

/// <summary>Everything that is known of a user's certificates.</summary>
internal sealed record UserHistory
{
    public required HistoryUser User { get; init; }

    /// <summary>The Tenant, as namespace/name.</summary>
    public required string Tenant { get; init; }

    public required DateTimeOffset ReadAt { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>What could not be read, in words; what is said is incomplete then.</summary>
    public required IReadOnlyList<string> Unread { get; init; }

    /// <summary>By purpose, then by the start of validity: the order in which they were issued, not that of their import.</summary>
    public required IReadOnlyList<HistoryCertificate> Certificates { get; init; }

    public required IReadOnlyList<HistoryImport> Imports { get; init; }

    /// <summary>The profiles that deliver imported certificates.</summary>
    public required IReadOnlyList<UserRoute> Routes { get; init; }

    /// <summary>The policies that switch S/MIME on in Outlook.</summary>
    public required IReadOnlyList<UserPolicy> Policies { get; init; }

    public required IReadOnlyList<HistoryFinding> Findings { get; init; }
}
